"""Alarms whose time has come: warned, breached, the next level of the ladder called in (SL-3, SL-4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from libs.common.events import Event
from libs.common.events.sla import ClockBreached, ClockWarned, EscalationDue
from libs.common.unit_of_work import Work
from services.sla.domain.clocks import Alarm, AlarmKind, Clock, Outcome, State, fire
from services.sla.handlers.breaches import keep_breach
from services.sla.handlers.clocks import about
from services.sla.store import Store
from services.sla.store.alarms import DueAlarm
from services.sla.store.clocks import Watched

A_MOMENT = timedelta(seconds=1)


@dataclass
class _Settled:
    """What becomes of a batch of alarms and their clocks."""

    fired: list[UUID] = field(default_factory=list)
    dropped: list[UUID] = field(default_factory=list)
    put_off: list[UUID] = field(default_factory=list)
    states: dict[UUID, State] = field(default_factory=dict)


def fire_due(due: Sequence[DueAlarm], work: Work[Store]) -> int:
    """Fire one tenant's due alarms in the order they are due; returns how many are settled for good.

    Dropped are those of clocks that were met or stopped, and warnings overtaken by their breach. An alarm whose
    clock is being changed at this moment, and an escalation before its breach, are looked at again in a moment.
    """
    watched = work.store.clocks.take_free({each.clock_id for each in due})
    settled = _Settled()
    for each in sorted(due, key=_turn):
        _settle(each, watched, settled, work)
    _save(settled, work.store, work.now)
    return len(settled.fired) + len(settled.dropped)


def _turn(due: DueAlarm) -> tuple[datetime, int]:
    return due.alarm.fire_at, due.alarm.level


def _settle(due: DueAlarm, watched: dict[UUID, Watched], settled: _Settled, work: Work[Store]) -> None:
    known = watched.get(due.clock_id)
    if known is None or _is_ahead_of_its_breach(known.clock, due.alarm):
        settled.put_off.append(due.alarm_id)
        return
    firing = fire(known.clock, due.alarm, work.now)
    match firing.outcome:
        case Outcome.FIRED:
            settled.fired.append(due.alarm_id)
            if firing.clock.state is not known.clock.state:
                settled.states[due.clock_id] = firing.clock.state
                watched[due.clock_id] = replace(known, clock=firing.clock)
            if due.alarm.kind is AlarmKind.BREACH:
                keep_breach(work, known.complaint_id, known, known.clock)
            work.record(_said(due.alarm, known, work))
        case Outcome.NOT_DUE:
            settled.put_off.append(due.alarm_id)
        case Outcome.ENDED | Outcome.OVERTAKEN | Outcome.REPEATED:
            settled.dropped.append(due.alarm_id)


def _is_ahead_of_its_breach(clock: Clock, alarm: Alarm) -> bool:
    """Another worker has the breach in hand: the ladder is climbed only after it."""
    return alarm.kind is AlarmKind.ESCALATE and clock.state in (State.RUNNING, State.WARNED)


def _said(alarm: Alarm, known: Watched, work: Work[Store]) -> Event:
    facts: dict[str, Any] = about(work, known.complaint_id, known.clock)
    facts |= {"due_at": known.clock.due_at, "department": known.department, "part_id": known.clock.part_id}
    if alarm.kind is AlarmKind.ESCALATE:
        return EscalationDue(**facts, level=alarm.level, to_role=alarm.to_role or "")
    facts |= {"assignee_id": known.assignee_id, "head_id": known.head_id}
    return ClockWarned(**facts) if alarm.kind is AlarmKind.WARN else ClockBreached(**facts)


def _save(settled: _Settled, store: Store, now: datetime) -> None:
    for state in set(settled.states.values()):
        store.clocks.save_state(state, [clock for clock, new in settled.states.items() if new is state])
    if settled.fired:
        store.alarms.mark_fired(settled.fired, now)
    if settled.dropped:
        store.alarms.drop(settled.dropped)
    if settled.put_off:
        store.alarms.put_off(settled.put_off, now + A_MOMENT)
