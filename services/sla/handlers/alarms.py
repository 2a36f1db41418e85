"""Alarms whose time has come: warned, breached, the next level of the ladder called in (SL-3, SL-4)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from libs.common.events import Event
from libs.common.events.sla import ClockBreached, ClockWarned, EscalationDue
from libs.common.unit_of_work import Work
from services.sla.domain.case import holder_at
from services.sla.domain.clocks import Alarm, AlarmKind, Outcome, State, fire, state_after
from services.sla.handlers.breaches import keep_breach
from services.sla.handlers.clocks import about
from services.sla.store import Store
from services.sla.store.alarms import DueAlarm, Watched

A_MOMENT = timedelta(seconds=1)


@dataclass
class _Settled:
    """What becomes of a batch of alarms and their clocks."""

    fired: list[DueAlarm] = field(default_factory=list)
    dropped: list[DueAlarm] = field(default_factory=list)
    put_off: list[DueAlarm] = field(default_factory=list)
    states: dict[UUID, State] = field(default_factory=dict)


def fire_due(work: Work[Store], limit: int) -> int:
    """Fire the due alarms of up to `limit` of a tenant's clocks in the order they are due; returns how many are
    settled for good.

    Dropped are those of clocks that were met or stopped, and warnings overtaken by their breach.
    """
    settled = _Settled()
    for due in sorted(work.store.alarms.take_due(work.now, limit), key=_turn):
        _settle(due, settled, work)
    _save(settled, work.store, work.now)
    return len(settled.fired) + len(settled.dropped)


def _turn(due: DueAlarm) -> tuple[datetime, int]:
    return due.alarm.fire_at, due.alarm.level


def _settle(due: DueAlarm, settled: _Settled, work: Work[Store]) -> None:
    alarm, clock = due
    state = settled.states.get(clock.clock_id, clock.state)
    if _is_ahead_of_its_breach(state, alarm):
        settled.put_off.append(due)
        return
    match fire(state, clock.due_at, alarm, work.now):
        case Outcome.FIRED:
            settled.fired.append(due)
            if alarm.kind is not AlarmKind.ESCALATE:
                settled.states[clock.clock_id] = state_after(state, alarm)
            if alarm.kind is AlarmKind.BREACH:
                keep_breach(work, clock.complaint_id, clock, clock)
            work.record(_said(alarm, clock, work))
        case Outcome.NOT_DUE:
            settled.put_off.append(due)
        case Outcome.ENDED | Outcome.OVERTAKEN | Outcome.REPEATED:
            settled.dropped.append(due)


def _is_ahead_of_its_breach(state: State, alarm: Alarm) -> bool:
    """The ladder is climbed only after the breach, even should the row of that have been put off."""
    return alarm.kind is AlarmKind.ESCALATE and state in (State.RUNNING, State.WARNED)


def _said(alarm: Alarm, clock: Watched, work: Work[Store]) -> Event:
    facts: dict[str, Any] = about(work, clock.complaint_id, clock)
    whose = holder_at(clock, clock.due_at) if alarm.kind is AlarmKind.BREACH else clock
    facts |= {"due_at": clock.due_at, "department": whose.department, "part_id": clock.part_id}
    if alarm.kind is AlarmKind.ESCALATE:
        return EscalationDue(**facts, level=alarm.level, to_role=alarm.to_role or "")
    facts |= {"assignee_id": whose.assignee_id, "head_id": whose.head_id}
    return ClockWarned(**facts) if alarm.kind is AlarmKind.WARN else ClockBreached(**facts)


def _save(settled: _Settled, store: Store, now: datetime) -> None:
    store.clocks.save_states(settled.states)
    store.alarms.mark_fired(settled.fired, now)
    store.alarms.drop(settled.dropped)
    store.alarms.put_off(settled.put_off, now + A_MOMENT)
