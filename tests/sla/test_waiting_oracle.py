"""Limits that waited, against an oracle that counts a quarter of an hour, or a day, after the other (SL-2, SL-6)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from libs.common.procedure.calendars import Calendar, Interval
from libs.common.procedure.document import Limit
from libs.common.procedure.duration import Share, Span
from services.sla.domain.calendar import WorkingCalendar
from services.sla.domain.waiting import Extension, History, Pause, deadline_after
from tests.sla.test_calendar import STARTS, calendar_rules, slow_end_of, slow_hours, slow_is_open

QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
SECONDS = {"min": 60, "h": 3600, "wh": 3600}
THE_END = datetime(2026, 12, 30, tzinfo=UTC)
Waits = list[tuple[datetime, datetime]]
SPANS = st.one_of(
    st.builds(Span, st.integers(1, 2000), st.just("min")),
    st.builds(Span, st.integers(1, 60), st.sampled_from(("h", "wh"))),
    st.builds(Span, st.integers(1, 12), st.sampled_from(("wd", "d")), st.booleans()),
)


@st.composite
def waited_limits(draw: st.DrawFn, *units: str) -> tuple[Span, datetime, Waits]:
    """A span, when it began, and up to four waits, also before it began, in each other, and of no length."""
    span = Span(draw(st.integers(1, 60 if units[0] in ("h", "wh") else 12)), draw(st.sampled_from(units)))
    start = draw(STARTS)
    quarters = st.tuples(st.integers(-100, 1500), st.integers(0, 400))
    waits = [
        (start + first * QUARTER, start + (first + long) * QUARTER)
        for first, long in draw(st.lists(quarters, max_size=4))
    ]
    return span, start, waits


@settings(max_examples=120, deadline=None)
@given(calendar_rules(), waited_limits("h", "wh"))
def test_time_that_waited_ends_where_counting_quarter_hours_ends(
    rules: Calendar, limit: tuple[Span, datetime, Waits]
) -> None:
    span, start, waits = limit
    expected = slow_hours_due(rules, span, start, waits)
    assume(expected < THE_END)
    assert due_at(rules, span, start, waits) == expected


@settings(max_examples=150, deadline=None)
@given(calendar_rules(), waited_limits("wd", "d"))
def test_days_that_waited_end_where_counting_days_ends(rules: Calendar, limit: tuple[Span, datetime, Waits]) -> None:
    """A day does not count when it was waited through its end."""
    span, start, waits = limit
    day = slow_last_day(rules, span, start, waits)
    assume(day < date(2026, 12, 30))
    assert due_at(rules, span, start, waits) == slow_end_of(rules, day, at_close=False)


@settings(max_examples=300, deadline=None)
@given(calendar_rules(), SPANS, STARTS, st.integers(0, 1500), st.integers(0, 400))
def test_time_used_and_time_left_make_up_the_limit_at_any_moment(
    rules: Calendar, span: Span, start: datetime, after: int, long: int
) -> None:
    """Used until it began to wait, left once it goes on, which may be the same moment; in the limit's own counting.

    Days of rest may follow the last of calendar days, for it is a working day."""
    began = start + after * QUARTER
    assume(began < due_at(rules, span, start, []))
    waits = [(began, began + long * QUARTER)]
    due = due_at(rules, span, start, waits)
    assume(due < THE_END)
    if span.unit in ("wd", "d"):
        days = counted_days(rules, span, start, due, waits)
        assert len(days) >= span.amount
        assert not any(slow_hours(rules, day) for day in days[span.amount - 1 : -1])
    else:
        count = WorkingCalendar(rules).working_seconds_between if span.unit == "wh" else seconds_between
        assert count(start, began) + count(waits[0][1], due) == span.amount * SECONDS[span.unit]


@settings(max_examples=100, deadline=None)
@given(calendar_rules(), waited_limits("h", "wh", "wd", "d"))
def test_no_wait_brings_a_deadline_forward_and_the_warning_stays_before_it(
    rules: Calendar, limit: tuple[Span, datetime, Waits]
) -> None:
    """A peer took waits and excluded days off the limit instead of adding them."""
    span, start, waits = limit
    found = deadline_after(limit_of(span), start, WorkingCalendar(rules), history_of(waits))
    assert found.due_at >= due_at(rules, span, start, [])
    assert found.warn_at is not None and start <= found.warn_at <= found.due_at


def test_an_extended_limit_in_days_keeps_its_hour_when_it_waits() -> None:
    rules = Calendar(time_zone="UTC", country=None, hours=((Interval(540, 1080),),) * 5 + ((), ()))
    start, until = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 12, 15, tzinfo=UTC)
    granted = Extension(
        extension_id=UUID(int=1),
        limit_id="answer",
        round=1,
        old_due_at=until,
        due_at=until,
        granted_at=start,
        granted_by=UUID(int=2),
        reason="-",
    ).told(start, until)
    waits = history_of([(until - 2 * DAY, until - DAY)])
    found = deadline_after(limit_of(Span(3, "wd")), start, WorkingCalendar(rules), History(waits.pauses, [granted]))
    assert found.due_at == until + DAY


def due_at(rules: Calendar, span: Span, start: datetime, waits: Waits) -> datetime:
    return deadline_after(limit_of(span), start, WorkingCalendar(rules), history_of(waits)).due_at


def limit_of(span: Span) -> Limit:
    return Limit(
        id="answer",
        name={"en": "answer"},
        milestone_from="received",
        milestone_to="contacted",
        within=span,
        warn=Share(75),
        pause=("third_party",),
    )


def history_of(waits: Waits) -> History:
    return History(
        [
            Pause(pause_id=UUID(int=n), waits_for="third_party", began_at=began, ended_at=ended, reason="-")
            for n, (began, ended) in enumerate(waits)
        ]
    )


# The oracle.
def slow_hours_due(rules: Calendar, span: Span, start: datetime, waits: Waits) -> datetime:
    left, at = span.amount * 4, start
    while left and at < THE_END:
        counts = span.unit == "h" or slow_is_open(rules, at)
        left -= counts and not any(began <= at < ended for began, ended in waits)
        at += QUARTER
    return at


def slow_last_day(rules: Calendar, span: Span, start: datetime, waits: Waits) -> date:
    left, day = span.amount, start.astimezone(ZoneInfo(rules.time_zone)).date()
    while left and day.year < 2027:
        day += DAY
        works = span.unit == "d" or bool(slow_hours(rules, day))
        left -= works and not waited_through(rules, day, waits)
    while not slow_hours(rules, day) or waited_through(rules, day, waits):
        day += DAY
    return day


def seconds_between(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds())


def counted_days(rules: Calendar, span: Span, start: datetime, due: datetime, waits: Waits) -> list[date]:
    """Those that were used and those that are left, to the last: without the day it began and what was waited."""
    zone = ZoneInfo(rules.time_zone)
    day, last = start.astimezone(zone).date(), (due - timedelta(seconds=1)).astimezone(zone).date()
    days = [day + n * DAY for n in range(1, (last - day).days + 1)]
    works = (day for day in days if span.unit == "d" or slow_hours(rules, day))
    return [day for day in works if not waited_through(rules, day, waits)]


def waited_through(rules: Calendar, day: date, waits: Waits) -> bool:
    end = slow_end_of(rules, day, at_close=False)
    return any(began < end <= ended for began, ended in waits)
