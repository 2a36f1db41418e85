"""What the dispatch service says: who does what next, and what was done. The subject is the complaint."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.common.events import Event, event


@event("case.opened.v1")
@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """A complaint became a case of a department, under one version of the Procedure."""

    number: str
    procedure_version: int
    channel: str
    language: str
    category: str
    urgency: str
    major: bool
    vip: bool
    anonymous: bool
    department: str
    received_at: datetime
    registered_at: datetime
    complex: bool = False
    group: bool = False
    joint: tuple[str, ...] = ()  # departments that handle parts of it beside the leading one
    follows: UUID | None = None  # the closed complaint that this one takes up again


@event("case.alerted.v1")
@dataclass(frozen=True, kw_only=True)
class CaseAlerted(Event):
    """People whom the Procedure's rules want to know of the case at once (DI-1)."""

    people: tuple[UUID, ...]  # empty: nobody holds the roles, an incident in itself
    rules: tuple[str, ...]


@event("case.summoned.v1")
@dataclass(frozen=True, kw_only=True)
class CaseSummoned(Event):
    """Somebody must acknowledge the case by then, else the next person of the lane is called (DI-8)."""

    person_id: UUID
    lane: str
    turn: int
    acknowledge_by: datetime


@event("case.summons_answered.v1")
@dataclass(frozen=True, kw_only=True)
class SummonsAnswered(Event):
    """A person of the lane has acknowledged the case."""

    person_id: UUID
    lane: str
    turn: int
    in_time: bool


@event("case.part_changed.v1")
@dataclass(frozen=True, kw_only=True)
class PartChanged(Event):
    """A department's part of a case moved on (DI-5): assigned, accepted, refused, carried_out or dropped."""

    part_id: UUID
    department: str
    lead: bool
    state: str
    at: datetime
    assignee_id: UUID | None
    head_id: UUID | None


@event("case.message_received.v1")
@dataclass(frozen=True, kw_only=True)
class MessageReceived(Event):
    """The complainant added something to the case, also to a closed one, and who has it has not read it yet (IN-10)."""

    message_id: UUID
    channel: str


@event("case.group_led.v1")
@dataclass(frozen=True, kw_only=True)
class GroupLed(Event):
    """A person leads the joint handling group of the case in the coordinator's place (DI-5)."""

    person_id: UUID
    by: UUID | None  # None: the Procedure wants it so


@event("case.assigned.v1")
@dataclass(frozen=True, kw_only=True)
class CaseAssigned(Event):
    """The case has its three responsible people (DI-4); `assignee_id` is None when nobody is on duty."""

    department: str
    assignee_id: UUID | None
    head_id: UUID | None
    coordinator_id: UUID | None
    reason: str


@event("case.refused.v1")
@dataclass(frozen=True, kw_only=True)
class CaseRefused(Event):
    """The assignee gave the case back with a reason; the department's head holds it now."""

    by: UUID
    department: str
    reason: str


@event("case.transferred.v1")
@dataclass(frozen=True, kw_only=True)
class CaseTransferred(Event):
    """The case moved to another department, with a hand-over (DI-6)."""

    from_department: str
    to_department: str
    from_person_id: UUID | None
    to_person_id: UUID | None
    reason: str


@event("case.reclassified.v1")
@dataclass(frozen=True, kw_only=True)
class CaseReclassified(Event):
    """A person corrected the category or urgency (IN-6, SL-7)."""

    old_category: str
    old_urgency: str
    category: str
    urgency: str
    department: str
    by: UUID
    reason: str
    # None: as it was.
    major: bool | None = None
    vip: bool | None = None
    complex: bool | None = None
    group: bool | None = None
    group_said: bool = True  # a person said whether it is one of a group; False: it left it with its category


@event("case.paused.v1")
@dataclass(frozen=True, kw_only=True)
class CasePaused(Event):
    """The case waits for somebody who is not of the house, or only a department's part of it (SL-6, DI-9)."""

    pause_id: UUID
    waits_for: str  # complainant | third_party
    party: str | None  # the third party's name, never a person's
    since: datetime
    by: UUID
    reason: str
    part_id: UUID | None = None  # the part that waits; None: the whole case


@event("case.resumed.v1")
@dataclass(frozen=True, kw_only=True)
class CaseResumed(Event):
    """The wait is over; `by` is None when the complainant's own message ended it, or the part itself was over."""

    pause_id: UUID
    waits_for: str
    resumed_at: datetime
    by: UUID | None
    part_id: UUID | None = None


@event("case.extension_granted.v1")
@dataclass(frozen=True, kw_only=True)
class ExtensionGranted(Event):
    """A limit may take longer (SL-5), and the complainant has to be told before the old one ends.

    `told`: they know already, or cannot be told; else the new limit holds from when a notice reached them.
    """

    extension_id: UUID
    limit_id: str
    old_due_at: datetime
    due_at: datetime
    told: bool
    reason: str
    by: UUID


@event("case.linked.v1")
@dataclass(frozen=True, kw_only=True)
class CaseLinked(Event):
    """The case belongs with another: it was merged into it, takes it up again, or was found to repeat it."""

    other_id: UUID
    relation: str  # merged_into | follows | repeats


@event("case.unlinked.v1")
@dataclass(frozen=True, kw_only=True)
class CaseUnlinked(Event):
    """A person said that the case does not belong with the other one: it does not repeat it, or was merged into it
    wrongly (IN-8)."""

    other_id: UUID
    relation: str  # repeats | merged_into
    by: UUID
    reason: str
    follows: UUID | None = None  # an earlier one that it still repeats or takes up; None: none


@event("case.grouped.v1")
@dataclass(frozen=True, kw_only=True)
class CaseGrouped(Event):
    """The case turned out to be one of a group event (IN-8), and the rules for groups were asked."""

    group_id: UUID
    urgency: str
    major: bool
    department: str


@event("case.reopened.v1")
@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """The case begins another round (DI-12): `again` are the milestones that must be reached anew.

    `by` is None when the complainant's answer did it. No first answer is owed a second time.
    """

    round: int  # the first time is 2
    again: tuple[str, ...]
    reason: str  # unsatisfied | new_facts | wrongly_closed
    reopened_at: datetime
    by: UUID | None
    department: str
    taken_out: bool = False  # it was merged wrongly: the matter never ended, and what its end stopped runs on


@event("compensation.changed.v1")
@dataclass(frozen=True, kw_only=True)
class CompensationChanged(Event):
    """Money or goods promised to a complainant moved on (DI-10): proposed, approved, declined, paid or withdrawn."""

    compensation_id: UUID
    kind: str  # settlement | advance
    state: str
    amount: int  # minor units
    currency: str
    department: str
    by: UUID
    paid: int = 0  # minor units, all payments so far


@event("case.milestone_reached.v1")
@dataclass(frozen=True, kw_only=True)
class MilestoneReached(Event):
    """A milestone of the case was reached, for the first time; `by` is None when the platform did it."""

    milestone: str
    reached_at: datetime
    by: UUID | None
    department: str


@event("case.result_given.v1")
@dataclass(frozen=True, kw_only=True)
class ResultGiven(Event):
    """The complainant is owed, or was told, the result. `text` and `prevention` were written for the complainant."""

    text: str
    written: bool
    spoken: bool
    by: UUID
    prevention: str | None = None  # how it will not happen again (DI-11)


@event("case.escalated.v1")
@dataclass(frozen=True, kw_only=True)
class CaseEscalated(Event):
    """A time limit was passed and the next level of the ladder was called in (SL-4)."""

    level: int
    to_role: str
    people: tuple[UUID, ...]  # empty: nobody holds that role, an incident in itself
    limit_id: str
    due_at: datetime


@event("case.closed.v1")
@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """The case ended. `satisfied` is None when the complainant did not say."""

    outcome: str
    satisfied: bool | None
    closed_at: datetime
