"""A case and its departments' parts as far as time is concerned, and the limits that hold for them (SL-1, SL-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.common.procedure.conditions import Facts
from libs.common.procedure.document import Limit, Procedure
from libs.common.procedure.vocabulary import ASSIGNED

REOPENED = "reopened"
_FROM_CLOSING_ON = frozenset({"closed", "archived"})
_AFTER_CLOSING = frozenset({"surveyed", "archived"})
_OVER = frozenset({"refused", "dropped", "carried_out"})


@dataclass(frozen=True, slots=True)
class Holder:
    """The department that had a case or a part of it, and its people, `until` it was handed on."""

    until: datetime
    department: str
    assignee_id: UUID | None = None
    head_id: UUID | None = None


class Held(Protocol):
    """What is in the hands of a department and its people; None where there is nobody."""

    @property
    def department(self) -> str: ...
    @property
    def assignee_id(self) -> UUID | None: ...
    @property
    def head_id(self) -> UUID | None: ...
    @property
    def held_before(self) -> Sequence[Holder]: ...


def holder_at(held: Held, at: datetime) -> Held | Holder:
    """Who answers for what ended at that moment (SL-4): whoever has it now, unless it was handed on since."""
    return next((earlier for earlier in held.held_before if at < earlier.until), held)


def held_until(held: Held, at: datetime, *hands: str | UUID | None) -> tuple[Holder, ...]:
    """`held_before` once it was handed on at that moment to this department, assignee and head."""
    before = Holder(at, held.department, held.assignee_id, held.head_id)
    if hands == (before.department, before.assignee_id, before.head_id):
        return (*held.held_before,)
    return (*held.held_before, before)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """`reached` maps each milestone so far to when it was reached; `received` and `registered` always are.

    `round` is 1 until the case is reopened (DI-12). `assignee_id` is None while nobody has it. `held_before`: who
    had it earlier, in order.
    """

    complaint_id: UUID
    procedure_version: int
    channel: str
    category: str
    urgency: str
    department: str
    major: bool
    vip: bool
    complex: bool = False
    group: bool = False
    anonymous: bool = False
    round: int = 1
    assignee_id: UUID | None = None
    head_id: UUID | None = None
    held_before: tuple[Holder, ...] = ()
    reached: Mapping[str, datetime]

    @property
    def is_closed(self) -> bool:
        return "closed" in self.reached

    def given_to(self, department: str, assignee_id: UUID | None, head_id: UUID | None, at: datetime) -> "Case":
        """The case in the hands of this department and these people from that moment on."""
        before = held_until(self, at, department, assignee_id, head_id)
        return replace(self, department=department, assignee_id=assignee_id, head_id=head_id, held_before=before)

    def moved_to(self, department: str, at: datetime) -> "Case":
        """The case in the hands of this department; who has it there is not said yet."""
        return self.given_to(department, self.assignee_id, self.head_id, at)

    def after(self, milestone: str, at: datetime) -> "Case":
        """The case once it has reached that milestone."""
        return replace(self, reached={**self.reached, milestone: at})

    def reopened(self, round: int, again: tuple[str, ...], at: datetime) -> "Case":
        """The case at the beginning of another round: open, and `again` not reached yet (DI-12)."""
        undone = {*again, *_FROM_CLOSING_ON}
        kept = {milestone: when for milestone, when in self.reached.items() if milestone not in undone}
        return replace(self, round=round, reached={**kept, REOPENED: at})

    def going_on(self) -> "Case":
        """The case as if it had not been closed."""
        return replace(
            self, reached={milestone: at for milestone, at in self.reached.items() if milestone not in _FROM_CLOSING_ON}
        )

    def facts(self, zone: ZoneInfo) -> Facts:
        """What a limit's condition may ask; `zone` is the tenant's."""
        return Facts(
            channel=self.channel,
            category=self.category,
            urgency=self.urgency,
            department=self.department,
            major=self.major,
            vip=self.vip,
            complex=self.complex,
            group=self.group,
            anonymous=self.anonymous,
            received_at=self.reached["received"].astimezone(zone),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What one department does of a case (DI-5); `reached` knows the part's own milestones."""

    part_id: UUID
    complaint_id: UUID
    department: str
    state: str
    assignee_id: UUID | None = None
    head_id: UUID | None = None
    held_before: tuple[Holder, ...] = ()
    reached: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return self.state in _OVER

    def given_to(self, department: str, assignee_id: UUID | None, head_id: UUID | None, at: datetime) -> "Part":
        """The part in the hands of this department and these people from that moment on."""
        before = held_until(self, at, department, assignee_id, head_id) if self.department else ()
        return replace(self, department=department, assignee_id=assignee_id, head_id=head_id, held_before=before)

    def moved_on(self, state: str, at: datetime) -> "Part":
        """The part in that state. Given to a department after it was over, it begins anew."""
        reached = {} if state == ASSIGNED and self.is_over else self.reached
        return replace(self, state=state, reached={state: at, **reached})


def limits_that_hold(case: Case, procedure: Procedure, zone: ZoneInfo, part: Part | None = None) -> tuple[Limit, ...]:
    """The limits whose condition holds and whose first milestone was reached, kept already or not.

    Those of the case, or of the part (DI-5). Of a closed case only those that go on after closing.
    """
    whose = part or case
    facts = replace(case.facts(zone), department=whose.department)
    return tuple(
        limit
        for limit in procedure.limits
        if limit.per_department == (part is not None)
        and limit.milestone_from in whose.reached
        and (not case.is_closed or goes_on_after_closing(limit.milestone_from, limit.milestone_to))
        and limit.when.matches(facts)
    )


def begins_in_this_round(case: Case, limit: Limit, part: Part | None = None) -> bool:
    """Whether the limit counts from something of the present round: none is owed a second time (DI-12)."""
    since = case.reached.get(REOPENED)
    if since is None or limit.milestone_from == REOPENED:
        return True
    return (part or case).reached[limit.milestone_from] > since


def goes_on_after_closing(milestone_from: str, milestone_to: str) -> bool:
    """Whether a limit between these two makes sense once the case is closed: survey and archive do (SL-8)."""
    return milestone_from in _FROM_CLOSING_ON or milestone_to in _AFTER_CLOSING


def kept_until(closed_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """When a case closed then has been kept so many days, at the same hour in the tenant's zone (PR-3)."""
    return closed_at.astimezone(zone) + timedelta(days=days)
