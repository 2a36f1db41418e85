"""Starting, meeting, stopping and moving clocks, each saved and said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.sla import ClockMet, ClockMoved, ClockPaused, ClockStarted, ClockStopped
from libs.common.procedure.document import Limit, Procedure
from libs.common.unit_of_work import Work
from services.sla.domain.calendar import WorkingCalendar
from services.sla.domain.case import Case, Part
from services.sla.domain.clocks import Alarm, AlarmKind, Clock, State, alarms_for, meet, pause, run_towards, stop
from services.sla.domain.deadlines import Deadline
from services.sla.domain.waiting import History, deadline_after, waiting_since
from services.sla.handlers.breaches import OfALimit, judge
from services.sla.store import Store

NOTHING_YET = History()


def start_clock(
    work: Work[Store],
    case: Case,
    procedure: Procedure,
    limit: Limit,
    history: History = NOTHING_YET,
    part: Part | None = None,
) -> None:
    """Count the limit from its first milestone, and write down its alarms.

    A clock whose milestone is reached already is met at once, for the figures; it has no alarms. Nor has one
    that begins while its party is waited for.
    """
    whose = part or case
    history = history.of_part(part.part_id if part else None)
    started_at, met_at = whose.reached[limit.milestone_from], whose.reached.get(limit.milestone_to)
    known = history if met_at is None else history.until(met_at)
    calendar = calendar_of(work, case, limit)
    due = deadline_after(limit, started_at, calendar, known, case.round)
    clock = _new_clock(limit, due, case.round, part)
    _say_started(work, case.complaint_id, clock, due, whose.department)
    if met_at is not None:
        met = meet(clock, met_at)
        _say_met(work, case.complaint_id, met)
        judge(work, case.complaint_id, whose, clock, met)
        clock = met
    elif since := waiting_since(limit, started_at, history.pauses):
        clock = pause(clock, since)
        say_paused(work, case.complaint_id, clock, limit, history)
    if clock.state is State.RUNNING:
        _set_alarms(work, case.complaint_id, clock, alarms_for(due, procedure.ladder(limit.ladder), calendar))
    work.store.clocks.add(case.complaint_id, clock, due)


def _new_clock(limit: Limit, due: Deadline, round: int, part: Part | None) -> Clock:
    return Clock(
        clock_id=uuids.uuid7(),
        limit_id=limit.id,
        milestone_from=limit.milestone_from,
        milestone_to=limit.milestone_to,
        started_at=due.started_at,
        due_at=due.due_at,
        warn_at=due.warn_at,
        provisional=due.provisional,
        part_id=part.part_id if part else None,
        round=round,
    )


def meet_clocks(
    work: Work[Store], case: Case, awaited: Sequence[Clock], at: datetime, part: Part | None = None
) -> None:
    """Their milestone was reached at `at`. Their alarms find that out when they are due."""
    met = [meet(_as_of(work, case, clock, at), at) for clock in awaited]
    work.store.clocks.save_ended(met)
    for before, after in zip(awaited, met, strict=True):
        _say_met(work, case.complaint_id, after)
        judge(work, case.complaint_id, part or case, before, after)


def _as_of(work: Work[Store], case: Case, clock: Clock, at: datetime) -> Clock:
    """A clock that waits at that moment, with the end it would have if the wait were over."""
    if clock.paused_at is None or at <= clock.paused_at:
        return clock
    procedure = work.store.rules.procedure(case.procedure_version)
    limit = procedure.limit(clock.limit_id)
    assert limit is not None  # the version that it was started under
    due = due_of(work, case, clock, limit, work.store.histories.of(case.complaint_id).until(at))
    work.store.clocks.explain(clock.clock_id, due)
    return replace(clock, due_at=due.due_at, paused_at=None)


def stop_clocks(work: Work[Store], case: Case, clocks: Sequence[Clock], at: datetime, reason: str) -> None:
    """Their limits no longer hold."""
    work.store.clocks.save_ended([stop(clock, at, reason) for clock in clocks])
    for clock in clocks:
        work.record(ClockStopped(**about(work, case.complaint_id, clock), stopped_at=at, reason=reason))


def recount(work: Work[Store], case: Case, clock: Clock, limit: Limit, history: History) -> None:
    """An end is counted again: other public holidays or opening hours may be known than when it was (SL-2).

    A limit that has passed stays passed; of one that waits only the reasons are, its end when the wait is over.
    """
    due = due_of(work, case, clock, limit, history)
    if due.due_at != clock.due_at and clock.state in (State.RUNNING, State.WARNED):
        move_clock(work, case, clock, limit, due, "calendar")
    elif clock.state is not State.BREACHED:
        work.store.clocks.explain(clock.clock_id, due)


def move_clock(work: Work[Store], case: Case, clock: Clock, limit: Limit, due: Deadline, reason: str) -> None:
    """The clock runs towards another end, with that end's alarms."""
    moved = run_towards(clock, due, work.now)
    work.store.clocks.move(moved, due)
    work.store.alarms.forget(clock.clock_id)
    ladder = work.store.rules.procedure(case.procedure_version).ladder(limit.ladder)
    _set_alarms(work, case.complaint_id, moved, alarms_for(due, ladder, calendar_of(work, case, limit)))
    say_moved(work, case, clock, moved.due_at, reason)


def due_of(work: Work[Store], case: Case, clock: Clock, limit: Limit, history: History) -> Deadline:
    """When a clock that was started ends, with all that moved it since."""
    known = history.of_part(clock.part_id)
    return deadline_after(limit, clock.started_at, calendar_of(work, case, limit), known, clock.round)


def calendar_of(work: Work[Store], case: Case, limit: Limit) -> WorkingCalendar:
    return work.store.rules.calendar(case.procedure_version, limit.calendar)


def about(work: Work[Store], complaint_id: UUID, clock: OfALimit) -> dict[str, Any]:
    """What every event of a clock says first."""
    return {
        "tenant_id": work.tenant_id,
        "subject": complaint_id,
        "occurred_at": work.now,
        "clock_id": clock.clock_id,
        "limit_id": clock.limit_id,
    }


def say_moved(work: Work[Store], case: Case, clock: Clock, due_at: datetime, reason: str) -> None:
    facts = about(work, case.complaint_id, clock)
    work.record(ClockMoved(**facts, old_due_at=clock.due_at, due_at=due_at, reason=reason))


def say_paused(work: Work[Store], complaint_id: UUID, clock: Clock, limit: Limit, history: History) -> None:
    """The clock was paused just now, unless its limit had passed before the wait began."""
    if clock.paused_at is not None:
        going_on = [each for each in history.of_part(clock.part_id).pauses if each.ended_at is None]
        waits_for = next(each.waits_for for each in reversed(going_on) if each.waits_for in limit.pause)
        work.record(ClockPaused(**about(work, complaint_id, clock), since=clock.paused_at, waits_for=waits_for))


def _set_alarms(work: Work[Store], complaint_id: UUID, clock: Clock, alarms: Sequence[Alarm]) -> None:
    """Of a clock that was warned of already, those that come after the warning."""
    for alarm in alarms:
        if alarm.kind is not AlarmKind.WARN or clock.state is not State.WARNED:
            work.store.alarms.add(complaint_id, clock.clock_id, alarm)


def _say_started(work: Work[Store], complaint_id: UUID, clock: Clock, due: Deadline, department: str) -> None:
    work.record(
        ClockStarted(
            **about(work, complaint_id, clock),
            milestone_from=clock.milestone_from,
            milestone_to=clock.milestone_to,
            started_at=clock.started_at,
            due_at=clock.due_at,
            provisional=due.provisional,
            department=department,
            part_id=clock.part_id,
        )
    )


def _say_met(work: Work[Store], complaint_id: UUID, clock: Clock) -> None:
    assert clock.met_at is not None and clock.in_time is not None and clock.elapsed_seconds is not None
    work.record(
        ClockMet(
            **about(work, complaint_id, clock),
            met_at=clock.met_at,
            due_at=clock.due_at,
            in_time=clock.in_time,
            elapsed_seconds=clock.elapsed_seconds,
        )
    )
