"""A calendar that changes while limits run: what lies behind stays, what lies ahead is counted anew (SL-2, SL-7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from libs.common.events.sla import ClockMoved
from libs.common.procedure.calendars import Calendar
from services.sla.domain.calendar import WorkingCalendar
from services.sla.domain.changing import Change
from tests.sla.test_calendar import STARTS, calendar_rules, slow_is_open

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
THE_END = datetime(2026, 12, 30, tzinfo=UTC)
ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])
THE_DAYS = st.integers(-400, 2000)


@st.composite
def changed_calendars(draw: st.DrawFn) -> tuple[Calendar, list[Change], datetime]:
    """Rules, one or two changes of them in order, and a moment near these."""
    rules, start = draw(calendar_rules()), draw(STARTS)
    moments = sorted(start + n * QUARTER for n in draw(st.lists(THE_DAYS, min_size=1, max_size=2, unique=True)))
    changes = [Change(at, replace(draw(calendar_rules()), time_zone=rules.time_zone)) for at in moments]
    assume(not any(_is_shown_twice(each.since, ZoneInfo(rules.time_zone)) for each in changes))
    return rules, changes, start


@settings(max_examples=200, deadline=None)
@given(changed_calendars(), st.integers(1, 120))
def test_working_time_is_counted_by_the_rules_of_each_moment(
    changed: tuple[Calendar, list[Change], datetime], n: int
) -> None:
    rules, changes, start = changed
    end, left = start, n
    while left and end < THE_END:
        left -= slow_is_open(in_force(rules, changes, end), end)
        end += QUARTER
    assume(end < THE_END)
    assert WorkingCalendar(rules, changes).add_working_time(start, n * 900) == end


@settings(max_examples=200, deadline=None)
@given(changed_calendars(), st.integers(1, 12))
def test_a_day_is_a_working_day_when_any_of_it_was_open(
    changed: tuple[Calendar, list[Change], datetime], n: int
) -> None:
    rules, changes, start = changed
    day = start.astimezone(ZoneInfo(rules.time_zone)).date()
    for _ in range(n):
        day += DAY
        while not was_open(rules, changes, day) and day < THE_END.date():
            day += DAY
    assume(day < THE_END.date())
    due = WorkingCalendar(rules, changes).add_working_days(start, n)
    assert (due - timedelta(seconds=1)).astimezone(ZoneInfo(rules.time_zone)).date() == day


@settings(max_examples=100, deadline=None)
@given(changed_calendars(), st.integers(0, 400))
def test_no_change_touches_time_that_was_used_before_it(
    changed: tuple[Calendar, list[Change], datetime], n: int
) -> None:
    rules, changes, _ = changed
    before = changes[0].since - n * QUARTER
    as_it_was = WorkingCalendar(rules).working_seconds_between(before, changes[0].since)
    assert WorkingCalendar(rules, changes).working_seconds_between(before, changes[0].since) == as_it_was


@ON_BOTH
def test_closing_for_a_storm_moves_what_runs_and_says_why(patient):
    complaint = patient.open()
    before = patient.clocks(complaint)["8wh"]
    patient.hear(closing(patient, 2, date(2026, 3, 3)))
    moved = [said for said in patient.sweep() if isinstance(said, ClockMoved)]
    after = patient.clocks(complaint)["8wh"]
    assert (before["due_at"], after["due_at"]) == ("2026-03-03T02:30:00Z", "2026-03-04T02:30:00Z")
    assert {said.reason for said in moved} == {"calendar"} and {said.limit_id for said in moved} == {"8wh", "3wd"}
    assert "closed" in str(patient.clocks(complaint)["3wd"]["explanation"]) and patient.sweep() == []


def test_a_case_keeps_its_rules_when_the_calendar_changes(patient):
    complaint = patient.open()
    patient.hear(closing(patient, 2, date(2026, 3, 3)))
    patient.sweep()
    assert {"10h", "8wh", "3wd", "7d"} < patient.clocks(complaint).keys()  # which the second version has not


def test_what_is_opened_under_an_older_version_is_counted_by_the_newest_calendar(patient):
    patient.hear(closing(patient, 2, date(2026, 3, 3)))
    assert patient.clocks(patient.open())["8wh"]["due_at"] == "2026-03-04T02:30:00Z"


def test_a_change_that_holds_from_later_on_is_counted_at_once_from_then_on(patient):
    complaint = patient.open()
    patient.hear(closing(patient, 2, date(2026, 3, 3), date(2026, 3, 5), active_from=patient.clock.at + 2 * DAY))
    patient.sweep()
    assert patient.clocks(complaint)["8wh"]["due_at"] == "2026-03-03T02:30:00Z"
    assert patient.clocks(complaint)["3wd"]["due_at"] == "2026-03-06T16:00:00Z"


def test_a_version_that_comes_at_once_takes_back_one_that_was_to_come_later(patient):
    complaint = patient.open()
    usual = patient.clocks(complaint)["3wd"]["due_at"]
    patient.hear(closing(patient, 2, date(2026, 3, 5), active_from=patient.clock.at + 2 * DAY))
    patient.sweep()
    assert patient.clocks(complaint)["3wd"]["due_at"] != usual
    patient.hear(closing(patient, 3))
    patient.sweep()
    assert patient.clocks(complaint)["3wd"]["due_at"] == usual


def test_a_limit_that_has_passed_stays_passed_when_the_calendar_changes(patient):
    complaint = patient.open()
    patient.sweep(after=HOUR)
    patient.sweep(after=20 * DAY)
    before = patient.clocks(complaint)
    patient.hear(closing(patient, 2, date(2026, 3, 3)))
    assert patient.sweep() == [] and patient.clocks(complaint) == before


def test_what_waits_is_counted_by_the_new_calendar_once_it_goes_on(patient):
    complaint = patient.open()
    pause = patient.pause(complaint)
    patient.hear(closing(patient, 2, date(2026, 3, 3)))
    assert patient.sweep() == []
    patient.clock.at += HOUR
    patient.resume(complaint, pause)
    assert patient.clocks(complaint)["8wh"]["due_at"] == "2026-03-04T03:30:00Z"


def test_a_version_with_the_same_calendar_counts_nothing_again(patient, monkeypatch):
    patient.open()
    patient.hear(patient.published(2))
    monkeypatch.setattr("services.sla.jobs.recount_case", lambda *_: pytest.fail("counted again"))
    patient.sweep()


def test_hours_in_another_time_zone_are_for_new_complaints_alone(patient):
    complaint = patient.open()
    before = patient.clocks(complaint)
    moved = patient.published(2)
    moved.document["calendars"]["default"]["time_zone"] = "Europe/London"
    patient.hear(moved)
    patient.sweep()
    assert patient.clocks(complaint) == before


def closing(firm: Any, version: int, *days: date, active_from: datetime | None = None) -> Any:
    """P1, closed on these days, from now on unless told otherwise."""
    told = replace(firm.published(version), active_from=active_from or firm.clock.at)
    told.document["calendars"]["default"]["overrides"] = [{"date": day.isoformat(), "open": False} for day in days]
    return told


def in_force(rules: Calendar, changes: list[Change], moment: datetime) -> Calendar:
    return [rules, *(each.rules for each in changes if each.since <= moment)][-1]


def was_open(rules: Calendar, changes: list[Change], day: date) -> bool:
    zone = ZoneInfo(rules.time_zone)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone).astimezone(UTC)
    around = (noon + n * QUARTER for n in range(-60, 60))
    return any(slow_is_open(in_force(rules, changes, at), at) for at in around if at.astimezone(zone).date() == day)


def _is_shown_twice(moment: datetime, zone: ZoneInfo) -> bool:
    """On a day on which clocks change."""
    day = moment.astimezone(zone).date()
    offsets = {datetime(day.year, day.month, day.day, hour, tzinfo=zone).utcoffset() for hour in (0, 12)}
    return len(offsets) > 1
