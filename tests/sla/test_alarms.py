"""Alarms are heard when they are due: never early, never twice, in order, whoever looks and however late."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from libs.common.events.sla import ClockBreached, ClockWarned, EscalationDue
from services.sla import jobs
from services.sla.handlers import alarms as handling

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])
ON_A_SERVER = pytest.mark.parametrize("database", ["postgresql"])
IN_SECURITY = {"category": "safety", "urgency": "general", "department": "security"}


@ON_BOTH
def test_a_limit_is_warned_of_then_breached_then_climbs_the_ladder(firm):
    """SL-3, SL-4: security's two hours, warned 30 minutes before; then head, coordinator, manager."""
    firm.open(**IN_SECURITY)
    heard = [(minutes, told(said)) for minutes in range(0, 241, 15) for said in firm.sweep(after=minute_by(minutes))]
    assert heard == [
        (90, "security-on-site warned"),
        (120, "security-on-site breached"),
        (120, "security-on-site 1 department_head"),
        (150, "security-on-site 2 coordinator"),
        (180, "security-on-site 3 manager"),
    ]


def test_nothing_is_heard_a_second_early(firm):
    firm.open(**IN_SECURITY)
    assert firm.sweep(after=90 * MINUTE - SECOND) == []
    assert [type(said) for said in firm.sweep(after=SECOND)] == [ClockWarned]


@ON_BOTH
def test_an_alarm_is_heard_once_however_often_one_looks(firm):
    firm.open(**IN_SECURITY)
    assert len(firm.sweep(after=23 * HOUR)) > 0
    assert firm.sweep() == firm.sweep(after=MINUTE) == []


def test_after_an_outage_all_is_heard_in_due_order_without_warnings_that_came_too_late(firm):
    firm.open(**IN_SECURITY)
    assert [told(said) for said in firm.sweep(after=151 * MINUTE)] == [
        "security-on-site breached",
        "security-on-site 1 department_head",
        "security-on-site 2 coordinator",
    ]


def test_alarms_of_several_cases_are_heard_in_due_order(firm):
    firm.open(at=firm.clock.at + HOUR)
    firm.open(at=firm.clock.at)
    due = [said.due_at for said in firm.sweep(after=26 * HOUR) if isinstance(said, ClockBreached)]
    assert len(due) == 6 and due == sorted(due)


@ON_BOTH
def test_a_clock_that_was_met_keeps_silent_and_its_alarms_go(firm):
    complaint = firm.open()
    firm.reach(complaint, "on_site")
    firm.reach(complaint, "first_measures")
    assert firm.sweep(after=48 * HOUR) == []
    assert firm.alarms() == []


def test_a_clock_that_was_stopped_keeps_silent(firm):
    complaint = firm.open()
    firm.close(complaint)
    assert firm.sweep(after=48 * HOUR) == []


def test_a_milestone_in_time_needs_no_alarm_when_the_sweep_is_late(firm):
    complaint = firm.open()
    firm.clock.at += 3 * HOUR
    firm.reach(complaint, "on_site", at=firm.clock.at - 2 * HOUR)
    assert {said.limit_id for said in firm.sweep()} == {"urgent-first-measures"}


def test_a_breach_is_said_of_the_department_that_has_the_case_by_then(firm):
    complaint = firm.open()
    firm.transfer(complaint, "security")
    breached = [said for said in firm.sweep(after=2 * HOUR) if isinstance(said, ClockBreached)]
    assert {said.department for said in breached} == {"security"}


def test_what_was_heard_stays_as_history_with_its_moment(firm):
    firm.open(**IN_SECURITY)
    firm.sweep(after=2 * HOUR + SECOND)
    kept = {(row["kind"], row["level"]): row for row in firm.alarms() if row["fired_at"]}
    assert {("breach", 0), ("escalate", 1)} <= set(kept)
    assert {row["due_at"] for row in kept.values()} == {None}
    assert kept["breach", 0]["fired_at"] - kept["breach", 0]["fire_at"] == SECOND


def test_the_ladder_is_not_climbed_before_the_breach_is_said(firm):
    """Another worker has the breach in hand: its row is out of reach for a while."""
    firm.open(**IN_SECURITY)
    firm.tamper("UPDATE alarms SET due_at = '2026-03-02 05:00:00' WHERE kind = 'breach'")
    firm.tamper("DELETE FROM alarms WHERE kind = 'warn'")
    assert firm.sweep(after=2 * HOUR) == []
    assert [type(said) for said in firm.sweep(after=HOUR)] == [ClockBreached, *[EscalationDue] * 3]


def test_a_flood_of_one_firm_does_not_hold_up_another(firm, new_firm, monkeypatch):
    monkeypatch.setattr(jobs, "OF_A_TENANT", 10)
    quiet = new_firm()
    quiet.hear(quiet.created(), quiet.published())
    firm.hear(*(firm.opened() for _ in range(30)))
    quiet.open(at=firm.clock.at + MINUTE)
    firm.clock.at += 2 * HOUR
    job, *_ = firm.service.jobs
    job.run()
    assert quiet.said(ClockWarned)


def test_alarms_of_a_sweep_that_fails_stay_due(firm, monkeypatch):
    firm.open()
    with monkeypatch.context() as broken:
        broken.setattr(handling, "fire", breaks)
        with pytest.raises(ZeroDivisionError):
            firm.sweep(after=2 * HOUR)
    assert {told(said) for said in firm.sweep()} >= {"urgent-on-site breached"}


def test_nothing_due_is_one_look_and_no_transaction(firm):
    firm.open()
    job, *_ = firm.service.jobs
    assert (job.name, job.every, job.run()) == ("alarms-1", 0.5, 0)


@ON_A_SERVER
def test_several_workers_at_once_hear_every_alarm_once_and_each_clock_in_order(firm):
    firm.hear(*(firm.opened() for _ in range(60)))
    firm.clock.at += 48 * HOUR
    job, *_ = firm.service.jobs
    for _ in range(20):
        with ThreadPoolExecutor(4) as workers:
            list(workers.map(lambda _: job.run(), range(4)))
        firm.clock.at += 2 * SECOND
    heard = [(said.clock_id, getattr(said, "level", 0)) for said in firm.said() if is_alarm(said)]
    assert set(Counter(heard).values()) == {1} and len(heard) == 60 * 3 * 4
    assert all([level for clock, level in heard if clock == this] == [0, 1, 2, 3] for this, _ in heard[:20])


@ON_A_SERVER
def test_an_alarm_does_not_wait_for_a_clock_that_is_being_changed(firm):
    complaint = firm.open(**IN_SECURITY)
    firm.clock.at += 2 * HOUR
    with firm.service.units.begin(firm.id) as work:
        assert len(work.store.clocks.take(complaint)) == 3
        assert firm.sweep() == []
    assert {told(said) for said in firm.sweep(after=SECOND)} >= {"security-on-site breached"}


def told(said) -> str:
    if isinstance(said, EscalationDue):
        return f"{said.limit_id} {said.level} {said.to_role}"
    return f"{said.limit_id} {type(said).__name__.removeprefix('Clock').lower()}"


def minute_by(minutes: int) -> timedelta:
    return 15 * MINUTE if minutes else timedelta(0)


def is_alarm(said) -> bool:
    return isinstance(said, ClockBreached | EscalationDue)


def breaks(*_):
    raise ZeroDivisionError
