"""What the tenant calls its categories, urgencies, departments and own milestones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.portal.domain.answers import Part
from services.portal.domain.languages import named
from services.portal.pages.wording import language, say, t

NO_CLOCKS = Part(state="away")


@dataclass(frozen=True)
class Names:
    """Names by id, in the page's language. An id without a name is shown readably as it is."""

    categories: Mapping[str, str] = field(default_factory=dict)
    urgencies: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)
    own_milestones: Mapping[str, str] = field(default_factory=dict)
    approvals: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None

    def category(self, id: Any) -> str:
        return self.categories.get(str(id)) or say("category", id)

    def urgency(self, id: Any) -> str:
        return self.urgencies.get(str(id)) or say("urgency", id)

    def department(self, id: Any) -> str:
        return self.departments.get(str(id)) or say("department", id)

    def limit(self, id: Any) -> str:
        return self.limits.get(str(id)) or say("limit", id)

    def milestone(self, id: Any) -> str:
        return self.own_milestones.get(str(id)) or say("milestone", id)

    def missing(self, id: str) -> str:
        """What a case still wants before it is closed as solved: a department's part, or a step."""
        kind, _, department = id.partition(":")
        if kind == "part":
            return t("missing.part", department=self.department(department))
        return say("missing", id) if id in ("result", "compensation") else self.milestone(id)

    def approval(self, id: Any) -> str:
        return self.approvals.get(str(id)) or say("approval", id)


def names_of(procedure: Part, clocks: Part = NO_CLOCKS) -> Names:
    """The names a Procedure gives; none while tenants is away. A case's clocks name its limits as they were
    when it began. `currency` is what compensation is paid in; None where there is none."""
    limits = named(
        [{"id": clock.get("limit_id"), "name": clock["name"]} for clock in clocks.items if clock.get("name")],
        language(),
    )
    document = (procedure.value or {}).get("document") if procedure.here else None
    if not isinstance(document, Mapping):
        return Names(limits=limits)
    steps = [
        {"id": step.get("milestone"), "name": step["name"]}
        for step in document.get("steps") or ()
        if isinstance(step, Mapping) and step.get("name")
    ]
    return Names(
        named(document.get("categories"), language()),
        named(document.get("urgencies"), language()),
        named(document.get("departments"), language()),
        named(document.get("limits"), language()) | limits,
        named(steps, language()),
        named(document.get("approvals"), language()),
        (document.get("compensation") or {}).get("currency"),
    )
