"""Which next steps a case page offers, as forms: exactly those the dispatch service allows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

FLAGS = ("major", "vip", "complex", "group")
FOUND = ("report", "finding", "cause", "cause_text", "plan", "plan_text")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "acknowledge": ("note",),
    "accept": ("note",),
    "refuse": ("reason",),
    "milestone": ("milestone", "reached_at", "note", "attachments", *FOUND),
    "revise": ("milestone", "note", "attachments", *FOUND),
    "note": ("note", "attachments"),
    "ask_approval": ("note",),
    "approve": ("note",),
    "return": ("reason",),
    "transfer": ("to_department", "to_person_id", "reason", "handover"),
    "reclassify": ("category", "urgency", *FLAGS, "reason"),
    "assign": ("person_id", "reason"),
    "add_part": ("department", "reason"),
    "lead_group": ("person_id", "reason"),
    "accept_part": ("note",),
    "refuse_part": ("reason",),
    "assign_part": ("person_id", "reason"),
    "carry_out_part": ("note", "attachments"),
    "wait_part": ("party", "reason"),
    "resume_part": ("note",),
    "drop_part": ("reason",),
    "wait": ("party", "reason"),
    "resume": ("note",),
    "extend": ("due_at", "reason", "told"),
    "decide_extension": ("reason",),
    "propose_compensation": ("kind", "amount", "reason"),
    "approve_compensation": ("note",),
    "decline_compensation": ("reason",),
    "pay_compensation": ("amount", "paid_at", "voucher_id"),
    "withdraw_compensation": ("reason",),
    "result": ("text", "prevention", "written", "spoken"),
    "close": ("outcome", "satisfied", "note", "text", "written", "spoken"),
    "reopen": ("reason", "note"),
    "merge": ("into", "reason"),
    "unlink": ("other", "reason"),
}
# What a step is about when there may be several of it: the form carries it, nobody types it.
ABOUT: Mapping[str, tuple[str, ...]] = {
    "wait": ("for",),
    "extend": ("limit_id",),
    "decide_extension": ("extension_id", "decision"),
    **dict.fromkeys(("ask_approval", "approve", "return"), ("approval_id",)),
    **dict.fromkeys(("approve_compensation", "decline_compensation"), ("compensation_id",)),
    **dict.fromkeys(("pay_compensation", "withdraw_compensation"), ("compensation_id",)),
    **dict.fromkeys(("accept_part", "refuse_part", "assign_part", "carry_out_part"), ("part_id",)),
    **dict.fromkeys(("resume_part", "drop_part"), ("part_id",)),
    "wait_part": ("part_id", "for"),
}
ONLY_WHEN_NEEDED: Mapping[str, frozenset[str]] = {
    "reclassify": frozenset(FLAGS),
    **dict.fromkeys(("wait", "wait_part"), frozenset({"party"})),
    "close": frozenset({"text"}),
}
GOES_WITH: Mapping[str, Mapping[str, str]] = {"close": {"written": "text", "spoken": "text"}}
# Asked for behind a fold, unless the step needs it.
FOLDED: Mapping[str, frozenset[str]] = dict.fromkeys(("milestone", "revise"), frozenset(FOUND))
OUTCOMES = ("solved", "partly_solved", "unfounded", "unverifiable", "already_solved", "withdrawn", "unreachable")
ALWAYS_NEEDED: Mapping[str, frozenset[str]] = {
    "refuse": frozenset({"reason"}),
    "milestone": frozenset({"milestone"}),
    "revise": frozenset({"milestone", "note"}),
    "note": frozenset({"note"}),
    "transfer": frozenset({"to_department", "reason", "handover"}),
    "reclassify": frozenset({"reason"}),
    "assign": frozenset({"person_id", "reason"}),
    "result": frozenset({"text"}),
    "close": frozenset({"outcome"}),
}


@dataclass(frozen=True)
class Step:
    """One form. At least one field of `one_of` is needed, if it names any. `milestones`, `outcomes`, `reasons` and
    `kinds` are what it lets choose; `about` names the thing the step is about, such as one limit of several."""

    action: str
    fields: tuple[str, ...]
    required: frozenset[str]
    one_of: tuple[str, ...] = ()
    milestones: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = OUTCOMES
    reasons: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Two forms of one action differ in their milestones, in what they need, or in what they are about."""
        if self.milestones:
            return f"{self.action}-{self.milestones[0]}"
        if self.about:
            return "-".join((self.action, *self.about.values()))
        needed = sorted(self.required & ONLY_WHEN_NEEDED.get(self.action, frozenset()))
        return "-".join((self.action, *needed))

    @property
    def word(self) -> str:
        """What the step is called: a decision by the way it is taken, a wait by whom it waits for."""
        way = self.about.get("decision") or self.about.get("for")
        return f"{self.action}.{way}" if way else self.action

    @property
    def folded(self) -> tuple[str, ...]:
        """The fields that only some who take this step want to fill in."""
        return tuple(name for name in self.fields if name in FOLDED.get(self.action, ()) and name not in self.required)


def offered(case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The steps dispatch allows on the case, and those on the parts of its departments (DI-5)."""
    of_parts = [
        {**step, "part_id": part.get("part_id")}
        for part in case.get("parts") or ()
        for step in part.get("next_steps") or ()
    ]
    return [*(case.get("next_steps") or ()), *of_parts]


def forms(next_steps: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The allowed steps in their given order; milestones that need the same fields share one form.
    A step this page has no form for is left out."""
    steps: dict[Any, Step] = {}
    for allowed in next_steps:
        action = str(allowed.get("action"))
        if action not in FIELDS:
            continue
        required = ALWAYS_NEEDED.get(action, frozenset()) | set(allowed.get("required") or ())
        about = {name: str(allowed[name]) for name in ABOUT.get(action, ()) if allowed.get(name)}
        key = (action, required, *about.values())
        before = steps[key].milestones if key in steps else ()
        here = (str(allowed["milestone"]),) if allowed.get("milestone") else ()
        one_of = tuple(allowed.get("one_of") or ())
        steps[key] = Step(
            action,
            shown(action, required | set(one_of)),
            required,
            one_of,
            before + here,
            outcomes=tuple(allowed.get("outcomes") or OUTCOMES),
            reasons=tuple(allowed.get("reasons") or ()),
            kinds=tuple(allowed.get("kinds") or ()),
            about=about,
        )
    return list(steps.values())


def shown(action: str, wanted: frozenset[str]) -> tuple[str, ...]:
    """The fields of a step's form: without those that are only there when wanted, and what goes with them."""
    hidden = ONLY_WHEN_NEEDED.get(action, frozenset()) - wanted
    goes_with = GOES_WITH.get(action, {})
    return tuple(name for name in FIELDS[action] if name not in hidden and goes_with.get(name) not in hidden)


def missing(values: Mapping[str, Any], step: Step) -> set[str]:
    """The needed fields that were left empty; False is an answer, empty text and an empty list are not."""
    empty = {name for name in (*step.required, *step.one_of) if values.get(name) in (None, "", [])}
    some = any(name not in empty for name in step.one_of)
    return empty - set(step.one_of) if some else empty
