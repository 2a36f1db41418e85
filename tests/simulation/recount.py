"""The KPIs counted again from what the services said, without a line of reporting's own code (RE-1).

Written to be read against the definitions in `services/reporting/domain/kpis.py`, not to be fast.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from deploy.databases import Databases
from libs.common.procedure.vocabulary import INTERNAL

ANSWERS = {"accepted", "contacted", "on_site"}
SAID = "SELECT subject, type, body, occurred_at FROM sent WHERE tenant_id = :tenant ORDER BY subject, sequence"


@dataclass
class Complaint:
    """What was said about one complaint. `promised` are the clocks that face the complainant, `missed` is the end of
    each passed limit by its clock."""

    channel: str = ""
    category: str = ""
    department: str = ""
    received_at: datetime | None = None
    registered_at: datetime | None = None
    answered_at: list[datetime] = field(default_factory=list)
    closed_at: datetime | None = None
    satisfied: bool | None = None
    said_at: datetime = datetime.min.replace(tzinfo=UTC)
    promised: set[str] = field(default_factory=set)
    missed: dict[str, datetime] = field(default_factory=dict)

    def say(self, satisfied: bool | None, at: datetime) -> None:
        """What they said last counts, also of an earlier round."""
        if satisfied is not None and at >= self.said_at:
            self.satisfied, self.said_at = satisfied, at

    @property
    def timely(self) -> bool:
        return self.promised.isdisjoint(self.missed)


def told(databases: Databases, tenant_id: UUID) -> dict[str, Complaint]:
    """Every complaint as intake, then dispatch, then sla, then notify told of it."""
    complaints: dict[str, Complaint] = {}
    for service in ("intake", "dispatch", "sla", "notify"):
        for subject, kind, body, at in databases.rows(service, SAID, only=tenant_id):
            complaint = complaints.setdefault(str(subject), Complaint())
            said = json.loads(str(body))
            if kind == "survey.answered.v1":
                complaint.say(said["satisfied"], datetime.fromisoformat(str(at)).replace(tzinfo=UTC))
            else:
                _hear(complaint, str(kind), said)
    return complaints


def _hear(complaint: Complaint, kind: str, said: dict[str, Any]) -> None:
    match kind.removesuffix(".v1"):
        case "complaint.registered":
            complaint.channel, complaint.category = said["channel"], said["category"] or ""
            complaint.received_at, complaint.registered_at = _at(said["received_at"]), _at(said["registered_at"])
        case "case.opened" | "case.reclassified":
            complaint.category, complaint.department = said["category"], said["department"]
        case "case.assigned":
            complaint.department = said["department"]
        case "case.transferred":
            complaint.department = said["to_department"]
        case "case.milestone_reached" if said["milestone"] in ANSWERS:
            complaint.answered_at.append(_at(said["reached_at"]))
        case "case.closed":
            complaint.closed_at = _at(said["closed_at"])
            complaint.say(said["satisfied"], complaint.closed_at)
        case "case.reopened":
            complaint.closed_at = None
        case _:
            _hear_of_a_clock(complaint, kind, said)


def _hear_of_a_clock(complaint: Complaint, kind: str, said: dict[str, Any]) -> None:
    match kind.removesuffix(".v1"):
        case "clock.started" if said.get("part_id") is None and said["milestone_to"] not in INTERNAL:
            complaint.promised.add(said["clock_id"])
        case "clock.breached":
            complaint.missed[said["clock_id"]] = _at(said["due_at"])
        case "clock.moved" if said["reason"] == "extended":
            complaint.missed.pop(said["clock_id"], None)
        case "clock.met" if said["in_time"]:
            complaint.missed.pop(said["clock_id"], None)
        case "clock.met":
            complaint.missed.setdefault(said["clock_id"], _at(said["due_at"]))


def recount(complaints: dict[str, Complaint], first: date, last: date, zone: ZoneInfo) -> dict[str, Any]:
    """The figures of the days from `first` to `last`, by the names that `Kpis` gives them."""

    def within(at: datetime | None) -> bool:
        return at is not None and first <= at.astimezone(zone).date() <= last

    everyone = list(complaints.values())
    registered = [each for each in everyone if within(each.registered_at)]
    closed = [each for each in everyone if within(each.closed_at)]
    surveyed = [each for each in closed if each.satisfied is not None]
    still_open = [each for each in everyone if each.closed_at is None or each.closed_at.astimezone(zone).date() > last]
    return {
        "complaints": len(registered),
        "closed": len(closed),
        "open": sum(each.registered_at.astimezone(zone).date() <= last for each in still_open if each.registered_at),
        "breaches": sum(within(at) for each in everyone for at in each.missed.values()),
        "timely": (sum(each.timely for each in closed), len(closed)),
        "satisfaction": (sum(bool(each.satisfied) for each in surveyed), len(surveyed)),
        "handled": len(closed),
        "answered": sum(within(min(each.answered_at, default=None)) for each in everyone),
        "by_channel": Counter(each.channel for each in registered),
        "by_category": Counter(each.category for each in registered),
        "by_department": Counter(each.department for each in registered),
    }


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
