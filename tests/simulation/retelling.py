"""Which clocks a complaint must have had, told again from what dispatch said, without a line of sla's own code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from deploy.databases import Databases
from libs.common.procedure.conditions import Facts
from libs.common.procedure.document import Limit, Procedure

SAID = "SELECT subject, type, body FROM sent WHERE tenant_id = :tenant ORDER BY subject, sequence"
ENDINGS, AFTER_THE_END = {"closed", "archived"}, {"surveyed", "archived"}
PART_IS_OVER = {"refused", "dropped", "carried_out"}
MARKS = ("major", "vip", "complex", "group")

Owed = tuple[str, str]
"""A limit, and the part whose clock it is; empty for the whole case."""


@dataclass
class Whose:
    """A case, or a department's part of one: what its limits' conditions ask, and what it has reached."""

    facts: Facts
    part_id: str = ""
    state: str = ""
    reached: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Retold:
    """One complaint under its Procedure; `owed` are the clocks that must have been started, each once a round."""

    procedure: Procedure
    zone: ZoneInfo
    case: Whose | None = None
    parts: dict[str, Whose] = field(default_factory=dict)
    again_since: datetime | None = None
    owed: set[Owed] = field(default_factory=set)

    def hear(self, kind: str, said: Mapping[str, Any]) -> None:
        match kind.removesuffix(".v1"):
            case "case.opened":
                self._open(said)
            case "case.transferred":
                self._become(department=said["to_department"])
            case "case.reclassified":
                marks = {name: said[name] for name in MARKS if said[name] is not None}
                named = {name: said[name] for name in ("category", "urgency", "department")}
                self._become(**named, **marks)
            case "case.grouped":
                self._become(group=True, **{name: said[name] for name in ("urgency", "major", "department")})
            case "case.milestone_reached" if said["milestone"] != "reopened":
                self._reach(said["milestone"], said["reached_at"])
            case "case.closed":
                self._reach("closed", said["closed_at"])
            case "case.reopened":
                self._begin_again(said)
            case "case.part_changed":
                self._move_part(said)

    def _open(self, said: Mapping[str, Any]) -> None:
        received = _at(said["received_at"])
        known = {name: said[name] for name in ("channel", "category", "urgency", "department", "anonymous", *MARKS)}
        self.case = Whose(Facts(**known, received_at=received.astimezone(self.zone)))
        self.case.reached = {"received": received, "registered": _at(said["registered_at"])}
        self._owe(self.case, {"received", "registered"})

    def _become(self, **changes: Any) -> None:
        """Other limits hold for what counts from this round on; parts that are over stay as they are."""
        assert self.case is not None
        self.case.facts = replace(self.case.facts, **changes)
        for part in self.parts.values():
            part.facts = replace(self.case.facts, department=part.facts.department)
        at_work = [part for part in self.parts.values() if part.state not in PART_IS_OVER]
        for whose in (self.case, *at_work):
            since = self.again_since
            self._owe(whose, {m for m, at in whose.reached.items() if since is None or m == "reopened" or at > since})

    def _reach(self, milestone: str, at: str) -> None:
        assert self.case is not None
        if milestone not in self.case.reached:
            self.case.reached[milestone] = _at(at)
            self._owe(self.case, {milestone})

    def _begin_again(self, said: Mapping[str, Any]) -> None:
        assert self.case is not None
        for undone in ENDINGS if said["taken_out"] else {*said["again"], *ENDINGS}:
            self.case.reached.pop(undone, None)
        if said["taken_out"]:
            self._become(department=said["department"])
            return
        self.again_since = self.case.reached["reopened"] = _at(said["reopened_at"])
        self.case.facts = replace(self.case.facts, department=said["department"])
        self._owe(self.case, {"reopened"})

    def _move_part(self, said: Mapping[str, Any]) -> None:
        assert self.case is not None
        facts = replace(self.case.facts, department=said["department"])
        part = self.parts.setdefault(said["part_id"], Whose(facts, said["part_id"]))
        if said["state"] == "assigned" and part.state in PART_IS_OVER:
            part.reached = {}
        part.facts, part.state = facts, said["state"]
        if said["state"] not in part.reached:
            part.reached[said["state"]] = _at(said["at"])
            self._owe(part, {said["state"]})

    def _owe(self, whose: Whose, since: set[str]) -> None:
        self.owed |= {
            (limit.id, whose.part_id)
            for limit in self.procedure.limits
            if limit.milestone_from in since
            and limit.per_department == bool(whose.part_id)
            and (not self._closed or _follows_the_end(limit))
            and limit.when.matches(whose.facts)
        }

    @property
    def _closed(self) -> bool:
        return self.case is not None and "closed" in self.case.reached


def retold(databases: Databases, tenant_id: UUID, procedure: Procedure, zone: ZoneInfo) -> dict[str, Retold]:
    """By complaint, as its id stands in events."""
    complaints: dict[str, Retold] = {}
    for subject, kind, body in databases.rows("dispatch", SAID, only=tenant_id):
        complaint = complaints.setdefault(UUID(str(subject)).hex, Retold(procedure, zone))
        complaint.hear(str(kind), json.loads(str(body)))
    return {subject: each for subject, each in complaints.items() if each.case}


def _follows_the_end(limit: Limit) -> bool:
    return limit.milestone_from in ENDINGS or limit.milestone_to in AFTER_THE_END


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
