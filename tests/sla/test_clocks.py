"""Clocks and their alarms (SL-1, SL-3, SL-4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.procedure.calendars import Calendar, Interval
from libs.common.procedure.document import Ladder, LadderLevel, Limit
from libs.common.procedure.duration import parse_span, parse_warning
from services.sla.domain.calendar import WorkingCalendar
from services.sla.domain.clocks import (
    Alarm,
    AlarmKind,
    Clock,
    Outcome,
    State,
    alarms_for,
    binding,
    fire,
    meet,
    state_after,
    stop,
)
from services.sla.domain.deadlines import Deadline, deadline

START = datetime(2026, 3, 2, 2, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
WARN, DUE = START + timedelta(minutes=90), START + timedelta(hours=2)
THE_WARNING, THE_BREACH = Alarm(AlarmKind.WARN, 0, WARN), Alarm(AlarmKind.BREACH, 0, DUE)
LEVEL_1 = Alarm(AlarmKind.ESCALATE, 1, DUE, "department_head")
A_MINUTE = timedelta(minutes=1)


def test_all_alarms_are_written_down_with_the_deadline() -> None:
    ladder = ladder_of(("0min", "department_head"), ("30min", "coordinator"), ("24h", "manager"))
    assert alarms_for(due_of("2h", "30min"), ladder, OFFICE) == (
        THE_WARNING,
        THE_BREACH,
        LEVEL_1,
        Alarm(AlarmKind.ESCALATE, 2, DUE + timedelta(minutes=30), "coordinator"),
        Alarm(AlarmKind.ESCALATE, 3, DUE + timedelta(hours=24), "manager"),
    )


def test_without_warning_and_ladder_only_the_breach_is_left() -> None:
    assert alarms_for(due_of("2h"), None, OFFICE) == (THE_BREACH,)


def test_a_warning_no_sooner_than_its_breach_is_left_out() -> None:
    assert alarms_for(due_of("2h", "0min"), None, OFFICE) == (THE_BREACH,)


def test_a_level_may_wait_in_opening_hours() -> None:
    alarms = alarms_for(due_of("12h"), ladder_of(("2wh", "coordinator")), OFFICE)  # breach at 22:00
    assert alarms[-1].fire_at == shanghai(3, 11)


@pytest.mark.parametrize(("within", "day"), [("3wd", 6), ("3wd end-of-day", 6), ("74h", 6)])
def test_a_level_a_working_day_after_the_end_of_a_day_waits_one_day_not_two(within: str, day: int) -> None:
    """24:00 on Thursday is the first instant of Friday; one working day later is Friday's end."""
    alarms = alarms_for(due_of(within), ladder_of(("1wd", "coordinator")), OFFICE)
    assert alarms[-1].fire_at == shanghai(day + 1, 0)


def test_a_level_without_delay_is_called_at_the_breach_even_at_midnight() -> None:
    alarms = alarms_for(due_of("3wd"), ladder_of(("0wd", "department_head")), OFFICE)
    assert [alarm.fire_at for alarm in alarms] == [shanghai(6, 0)] * 2


def test_alarms_stand_in_the_order_they_fire_whatever_the_order_of_the_levels() -> None:
    alarms = alarms_for(due_of("2h"), ladder_of(("24h", "manager"), ("1h", "coordinator")), OFFICE)
    assert [alarm.level for alarm in alarms] == [0, 2, 1]


def test_a_warning_and_a_breach_change_the_state_once() -> None:
    warned = let_fire(clock(), THE_WARNING, WARN)
    assert (warned.clock.state, warned.outcome) == (State.WARNED, Outcome.FIRED)
    assert let_fire(warned.clock, THE_WARNING, WARN).outcome is Outcome.REPEATED
    breached = let_fire(warned.clock, THE_BREACH, DUE)
    assert (breached.clock.state, breached.outcome) == (State.BREACHED, Outcome.FIRED)
    assert let_fire(breached.clock, THE_BREACH, DUE).outcome is Outcome.REPEATED


def test_an_escalation_fires_and_leaves_the_state() -> None:
    breached = clock(state=State.BREACHED)
    assert let_fire(breached, LEVEL_1, DUE).outcome is Outcome.FIRED
    assert let_fire(breached, LEVEL_1, DUE).clock == breached


def test_an_escalation_swept_before_its_breach_does_not_swallow_the_breach() -> None:
    after = let_fire(clock(), LEVEL_1, DUE)
    assert let_fire(after.clock, THE_BREACH, DUE).outcome is Outcome.FIRED


@pytest.mark.parametrize("alarm", [THE_WARNING, THE_BREACH, LEVEL_1])
def test_nothing_fires_for_a_clock_that_was_met_or_stopped(alarm: Alarm) -> None:
    for ended in (meet(clock(), START), meet(clock(), DUE + A_MINUTE), stop(clock(), START, "withdrawn")):
        assert let_fire(ended, alarm, DUE + A_MINUTE).outcome is Outcome.ENDED
        assert let_fire(ended, alarm, DUE + A_MINUTE).clock == ended


def test_a_warning_overtaken_by_its_breach_is_dropped() -> None:
    late_sweep = let_fire(clock(), THE_WARNING, DUE)
    assert (late_sweep.clock.state, late_sweep.outcome) == (State.RUNNING, Outcome.OVERTAKEN)
    assert let_fire(clock(state=State.BREACHED), THE_WARNING, WARN).outcome is Outcome.OVERTAKEN


def test_an_alarm_before_its_time_or_of_a_limit_since_moved_is_not_due() -> None:
    assert let_fire(clock(), THE_WARNING, WARN - A_MINUTE).outcome is Outcome.NOT_DUE
    moved = clock(due_at=DUE + timedelta(days=1))
    assert let_fire(moved, THE_BREACH, DUE).outcome is Outcome.NOT_DUE
    assert let_fire(moved, LEVEL_1, DUE).outcome is Outcome.NOT_DUE
    level_2 = Alarm(AlarmKind.ESCALATE, 2, DUE + timedelta(hours=1), "manager")
    assert let_fire(clock(state=State.BREACHED), level_2, DUE + A_MINUTE).outcome is Outcome.NOT_DUE


def test_a_milestone_reached_in_time_but_reported_after_the_breach_is_in_time() -> None:
    """A peer kept the time of its sweep, so that all late reports counted as late work."""
    breached = let_fire(clock(), THE_BREACH, DUE + timedelta(hours=1)).clock
    met = meet(breached, at=DUE - A_MINUTE)
    assert (met.state, met.met_at, met.in_time) == (State.MET, DUE - A_MINUTE, True)


def test_the_last_instant_is_in_time_and_the_next_is_late() -> None:
    late = meet(clock(), DUE + timedelta(microseconds=1))
    assert meet(clock(), DUE).state is State.MET
    assert (late.state, late.in_time) == (State.MET_LATE, False)


def test_elapsed_time_runs_from_start_to_milestone() -> None:
    assert meet(clock(), START + timedelta(minutes=5)).elapsed_seconds == 300
    assert meet(clock(), START - A_MINUTE).elapsed_seconds == 0
    assert clock().elapsed_seconds is None and clock().in_time is None


def test_a_clock_that_ended_stays_as_it_is() -> None:
    met, stopped = meet(clock(), START), stop(clock(), START, "withdrawn")
    assert meet(met, DUE) == met == stop(met, DUE, "closed")
    assert meet(stopped, DUE) == stopped == stop(stopped, DUE, "closed")


def test_a_stopped_clock_says_when_and_why() -> None:
    stopped = stop(clock(), WARN, "withdrawn")
    assert (stopped.state, stopped.stopped_at, stopped.stop_reason) == (State.STOPPED, WARN, "withdrawn")


def test_of_several_clocks_to_one_milestone_the_earliest_open_one_binds() -> None:
    """On site in 2 h as urgent and in 4 h for engineering: 2 h binds, until it no longer runs."""
    urgent, engineering = clock("urgent"), clock("engineering", due_at=DUE + timedelta(hours=2))
    contact = clock("contact", milestone_to="contacted")
    assert binding([engineering, urgent, contact]) == {"on_site": urgent, "contacted": contact}
    assert binding([engineering, stop(urgent, WARN, "reclassified")]) == {"on_site": engineering}
    assert binding([meet(contact, WARN)]) == {}


def test_of_two_clocks_due_together_the_same_one_always_binds() -> None:
    one, other = clock("a"), clock("b")
    assert binding([one, other]) == binding([other, one]) == {"on_site": one}


MOMENTS = st.integers(-200, 3000).map(lambda minutes: START + minutes * A_MINUTE)


@given(st.lists(st.tuples(st.sampled_from([THE_WARNING, THE_BREACH]), MOMENTS), max_size=8), MOMENTS)
def test_whatever_fires_before_it_a_milestones_own_time_decides(
    sweeps: list[tuple[Alarm, datetime]], at: datetime
) -> None:
    swept = clock()
    for alarm, now in sweeps:
        swept = let_fire(swept, alarm, now).clock
    assert meet(swept, at).in_time is (at <= DUE)


@given(st.lists(MOMENTS, max_size=8))
def test_each_alarm_is_heard_at_most_once_and_never_a_warning_after_its_breach(
    sweeps: list[datetime],
) -> None:
    swept, heard = clock(), []
    for now in sweeps:
        for alarm in (THE_BREACH, THE_WARNING):
            firing = let_fire(swept, alarm, now)
            swept = firing.clock
            heard += [alarm.kind] if firing.outcome is Outcome.FIRED else []
    assert heard in ([], [AlarmKind.WARN], [AlarmKind.BREACH], [AlarmKind.WARN, AlarmKind.BREACH])


class Fired(NamedTuple):
    clock: Clock
    outcome: Outcome


def let_fire(clock: Clock, alarm: Alarm, now: datetime) -> Fired:
    """The clock after its alarm, and what became of that."""
    outcome = fire(clock.state, clock.due_at, alarm, now)
    after = replace(clock, state=state_after(clock.state, alarm)) if outcome is Outcome.FIRED else clock
    return Fired(after, outcome)


def clock(limit_id: str = "on-site", milestone_to: str = "on_site", **changed: Any) -> Clock:
    known: dict[str, Any] = {"started_at": START, "due_at": DUE, "warn_at": WARN} | changed
    return Clock(clock_id=UUID(int=1), limit_id=limit_id, milestone_from="received", milestone_to=milestone_to, **known)


def due_of(within: str, warn: str | None = None) -> Deadline:
    rule = Limit(
        id="on-site",
        name={"en": "on site"},
        milestone_from="received",
        milestone_to="on_site",
        within=parse_span(within),
        warn=parse_warning(warn) if warn else None,
    )
    return deadline(rule, START, OFFICE)


def ladder_of(*levels: tuple[str, str]) -> Ladder:
    return Ladder(id="standard", levels=tuple(LadderLevel(after=parse_span(after), to=to) for after, to in levels))


def shanghai(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=8)


DAY = (Interval(9 * 60, 13 * 60), Interval(14 * 60, 18 * 60))
OFFICE = WorkingCalendar(Calendar(time_zone="Asia/Shanghai", country="CN", hours=(DAY,) * 5 + ((), ())))
