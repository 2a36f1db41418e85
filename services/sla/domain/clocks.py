"""A clock runs from one milestone of a case to another and knows whether its limit was kept (SL-1, SL-4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from libs.common.procedure.document import Ladder
from libs.common.procedure.duration import Span
from services.sla.domain.calendar import WorkingCalendar
from services.sla.domain.deadlines import Deadline, span_after


class State(StrEnum):
    RUNNING = "running"
    WARNED = "warned"
    PAUSED = "paused"
    BREACHED = "breached"
    MET = "met"
    MET_LATE = "met_late"
    STOPPED = "stopped"


_COUNTING = frozenset({State.RUNNING, State.WARNED})
_OPEN = _COUNTING | {State.PAUSED, State.BREACHED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """`warn_at` is None when the limit gives no warning; `part_id` unless it is a department's own (DI-5).

    `provisional`: its end was counted before the public holidays were announced (SL-2).

    `paused_at` is None but while it waits; the last three are None until the clock ends so.
    """

    clock_id: UUID
    limit_id: str
    milestone_from: str
    milestone_to: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime | None = None
    provisional: bool = False
    part_id: UUID | None = None
    round: int = 1
    state: State = State.RUNNING
    paused_at: datetime | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    stop_reason: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN

    @property
    def in_time(self) -> bool | None:
        """Whether the limit was kept; the limit's own instant still is in time. None until it was met."""
        return None if self.met_at is None else self.met_at <= self.due_at

    @property
    def elapsed_seconds(self) -> int | None:
        """Wall-clock seconds from start to milestone, zero when it came first. None until it was met."""
        if self.met_at is None:
            return None
        return max(0, int((self.met_at - self.started_at).total_seconds()))


class AlarmKind(StrEnum):
    WARN = "warn"
    BREACH = "breach"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Alarm:
    """`level` is 0 but for escalations, whose first level is 1; only they have a `to_role`."""

    kind: AlarmKind
    level: int
    fire_at: datetime
    to_role: str | None = None


_AFTER = {AlarmKind.WARN: State.WARNED, AlarmKind.BREACH: State.BREACHED}


class Outcome(StrEnum):
    """What became of an alarm whose row was due."""

    FIRED = "fired"
    ENDED = "ended"  # the clock was met or stopped before
    OVERTAKEN = "overtaken"  # a warning that comes no sooner than its breach
    REPEATED = "repeated"
    NOT_DUE = "not_due"  # the limit has moved since the row was written


def alarms_for(deadline: Deadline, ladder: Ladder | None, calendar: WorkingCalendar) -> tuple[Alarm, ...]:
    """Every alarm of a deadline in the order it fires, to be written down when the deadline is set.

    Each level of the ladder waits its own delay from the breach (SL-4). A warning that would come no sooner
    than the breach is left out.
    """
    alarms = [Alarm(AlarmKind.BREACH, 0, deadline.due_at)]
    if deadline.warn_at is not None and deadline.warn_at < deadline.due_at:
        alarms.insert(0, Alarm(AlarmKind.WARN, 0, deadline.warn_at))
    for level, called in enumerate(ladder.levels if ladder else (), start=1):
        fire_at = _after_breach(called.after, deadline.due_at, calendar)
        alarms.append(Alarm(AlarmKind.ESCALATE, level, fire_at, called.to))
    return tuple(sorted(alarms, key=lambda alarm: alarm.fire_at))


def _after_breach(delay: Span, due_at: datetime, calendar: WorkingCalendar) -> datetime:
    # A limit that ended at 24:00 ended on that day, though its instant already is the next day's first.
    last_second = due_at - timedelta(seconds=1)
    return span_after(delay, last_second if delay.unit in ("wd", "d") and delay.amount else due_at, calendar)


def fire(state: State, due_at: datetime, alarm: Alarm, now: datetime) -> Outcome:
    """What becomes of an alarm whose time has come, for a clock in this state and with this end.

    Nothing fires for a clock that ended, whatever the row says.
    """
    if state not in _OPEN:
        return Outcome.ENDED
    if state is State.PAUSED:
        return Outcome.NOT_DUE
    if alarm.kind is AlarmKind.WARN:
        return _outcome_of_warning(state, due_at, alarm, now)
    if now < alarm.fire_at or now < due_at:
        return Outcome.NOT_DUE
    if alarm.kind is AlarmKind.BREACH and state is State.BREACHED:
        return Outcome.REPEATED
    return Outcome.FIRED


def _outcome_of_warning(state: State, due_at: datetime, alarm: Alarm, now: datetime) -> Outcome:
    if state is State.BREACHED or now >= due_at:
        return Outcome.OVERTAKEN
    if now < alarm.fire_at:
        return Outcome.NOT_DUE
    return Outcome.REPEATED if state is State.WARNED else Outcome.FIRED


def state_after(state: State, alarm: Alarm) -> State:
    """The clock's state once the alarm fired: only a warning and a breach change it."""
    return _AFTER.get(alarm.kind, state)


def pause(clock: Clock, since: datetime) -> Clock:
    """The clock while it waits (SL-6). One that has passed its limit by then, or ended, stays as it is."""
    if clock.state not in _COUNTING or since >= clock.due_at:
        return clock
    return replace(clock, state=State.PAUSED, paused_at=since)


def run_towards(clock: Clock, deadline: Deadline, now: datetime) -> Clock:
    """The clock on its way to another end; a warning that was given and would be due again is not repeated."""
    warned = clock.state is State.WARNED or _was_warned_before_its_pause(clock)
    again = deadline.warn_at is None or deadline.warn_at > now
    state = State.WARNED if warned and not again else State.RUNNING
    return replace(
        clock,
        due_at=deadline.due_at,
        warn_at=deadline.warn_at,
        state=state,
        paused_at=None,
        provisional=deadline.provisional,
    )


def _was_warned_before_its_pause(clock: Clock) -> bool:
    return clock.paused_at is not None and clock.warn_at is not None and clock.warn_at < clock.paused_at


def meet(clock: Clock, at: datetime) -> Clock:
    """The clock once its milestone was reached.

    `at` is when it was reached, not when anyone heard of it: a milestone reported after the breach may still
    be in time. A clock that ended stays as it is.
    """
    if not clock.is_open:
        return clock
    return replace(clock, met_at=at, state=State.MET if at <= clock.due_at else State.MET_LATE)


def stop(clock: Clock, at: datetime, reason: str) -> Clock:
    """The clock once its limit no longer applies, say for a case withdrawn. One that ended stays as it is."""
    if not clock.is_open:
        return clock
    return replace(clock, state=State.STOPPED, stopped_at=at, stop_reason=reason)


def binding(clocks: Iterable[Clock]) -> dict[str, Clock]:
    """For each milestone still awaited the open clock due first (SL-1); of two due together, by limit id."""
    awaited: dict[str, Clock] = {}
    for clock in sorted(clocks, key=lambda clock: (clock.due_at, clock.limit_id)):
        if clock.is_open:
            awaited.setdefault(clock.milestone_to, clock)
    return awaited
