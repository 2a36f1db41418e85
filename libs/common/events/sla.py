"""What the sla service says: by when, and was it kept. The subject is the complaint."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.common.events import Event, event

RESUMED = "resumed"  # the reason for which a clock that waited moves


@event("clock.started.v1")
@dataclass(frozen=True, kw_only=True)
class ClockStarted(Event):
    """A time limit began to run. `provisional`: the calendar of that year is not published yet."""

    clock_id: UUID
    limit_id: str
    milestone_from: str
    milestone_to: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    department: str
    part_id: UUID | None = None  # the department's part whose clock it is


@event("clock.paused.v1")
@dataclass(frozen=True, kw_only=True)
class ClockPaused(Event):
    """The limit waits for the complainant or a third party (SL-6); it resumes as a clock that moved."""

    clock_id: UUID
    limit_id: str
    since: datetime
    waits_for: str


@event("clock.warned.v1")
@dataclass(frozen=True, kw_only=True)
class ClockWarned(Event):
    """The limit is near (SL-3). `assignee_id` and `head_id` are of the part, where it is a part's limit."""

    clock_id: UUID
    limit_id: str
    due_at: datetime
    department: str
    part_id: UUID | None = None
    assignee_id: UUID | None = None
    head_id: UUID | None = None


@event("clock.breached.v1")
@dataclass(frozen=True, kw_only=True)
class ClockBreached(Event):
    """The limit passed without its milestone (SL-4). `department`, `assignee_id` and `head_id`: who had the case, or
    the part, when it passed.
    """

    clock_id: UUID
    limit_id: str
    due_at: datetime
    department: str
    part_id: UUID | None = None  # as when the clock started
    assignee_id: UUID | None = None
    head_id: UUID | None = None


@event("clock.escalation_due.v1")
@dataclass(frozen=True, kw_only=True)
class EscalationDue(Event):
    """The limit is still not kept and the ladder's level `level` (1 is the first) is to be told."""

    clock_id: UUID
    limit_id: str
    due_at: datetime
    level: int
    to_role: str
    department: str
    part_id: UUID | None = None  # as when the clock started


@event("clock.met.v1")
@dataclass(frozen=True, kw_only=True)
class ClockMet(Event):
    """The milestone was reached; `in_time` says whether before the limit. Elapsed time is wall-clock seconds."""

    clock_id: UUID
    limit_id: str
    met_at: datetime
    due_at: datetime
    in_time: bool
    elapsed_seconds: int


@event("clock.moved.v1")
@dataclass(frozen=True, kw_only=True)
class ClockMoved(Event):
    """The end of a limit changed: resumed, extended, calendar. One that waits goes on only by `resumed`."""

    clock_id: UUID
    limit_id: str
    old_due_at: datetime
    due_at: datetime
    reason: str


@event("clock.stopped.v1")
@dataclass(frozen=True, kw_only=True)
class ClockStopped(Event):
    """The clock no longer applies: the case was closed, withdrawn or reclassified."""

    clock_id: UUID
    limit_id: str
    stopped_at: datetime
    reason: str


@event("retention.ended.v1")
@dataclass(frozen=True, kw_only=True)
class RetentionEnded(Event):
    """The case was kept as long as the Procedure says (SL-8, PR-3)."""

    closed_at: datetime
