"""Working time and working days (SL-2), against the published Chinese years and a slow oracle."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from libs.common.procedure.calendars import Calendar, DayOverride, Interval
from services.sla.domain.calendar import NoWorkingTime, WorkingCalendar, working_calendar
from services.sla.domain.opening import DayKind, instant_of
from services.sla.domain.statutory import NoSuchCountry, statutory_days

SHANGHAI, LONDON, NEW_YORK, KATHMANDU = "Asia/Shanghai", "Europe/London", "America/New_York", "Asia/Kathmandu"
SPLIT_DAY = (Interval(9 * 60, 13 * 60), Interval(14 * 60, 18 * 60))
OFFICE = (SPLIT_DAY,) * 5 + ((), ())
ROUND_THE_CLOCK = ((Interval(0, 1440),),) * 7

# The notices of the State Council for 2025 and 2026: first and last day of each break, then the make-up days.
BREAKS = (
    "2025-01-01/2025-01-01 2025-01-28/2025-02-04 2025-04-04/2025-04-06 2025-05-01/2025-05-05 "
    "2025-05-31/2025-06-02 2025-10-01/2025-10-08 2026-01-01/2026-01-03 2026-02-15/2026-02-23 "
    "2026-04-04/2026-04-06 2026-05-01/2026-05-05 2026-06-19/2026-06-21 2026-09-25/2026-09-27 "
    "2026-10-01/2026-10-07"
)
MAKE_UP_DAYS = (
    "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 "
    "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10"
)


def test_every_day_of_2025_and_2026_is_as_the_state_council_announced() -> None:
    calendar = chinese_office()
    days = days_between(date(2025, 1, 1), date(2026, 12, 31))
    assert {day for day in days if calendar.day(day).kind is DayKind.HOLIDAY} == announced_breaks()
    assert {day for day in days if calendar.day(day).kind is DayKind.MADE_UP} == announced_make_up_days()


@pytest.mark.parametrize(
    ("year", "by_month"),
    [
        (2025, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]),
        (2026, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]),
    ],
)
def test_the_working_days_of_each_month_are_counted(year: int, by_month: list[int]) -> None:
    calendar = chinese_office()
    working = [d for d in days_between(date(year, 1, 1), date(year, 12, 31)) if calendar.is_working_day(d)]
    assert [sum(day.month == month for day in working) for month in range(1, 13)] == by_month
    assert len(working) == 248


@pytest.mark.parametrize(
    ("received", "days", "last_day"),
    [
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2025-09-27", 3, "2025-09-30"),
        ("2025-09-30", 5, "2025-10-14"),
        ("2026-01-01", 3, "2026-01-06"),
        ("2025-01-24", 7, "2025-02-10"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2026-05-08", 1, "2026-05-09"),
        ("2026-06-18", 3, "2026-06-24"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-12-30", 3, "2027-01-05"),
    ],
)
@pytest.mark.parametrize("hour", ["00:01", "10:00", "23:59"])
def test_working_days_count_from_the_day_after_receipt_to_the_end_of_the_last(
    received: str, days: int, last_day: str, hour: str
) -> None:
    start = local(f"{received} {hour}")
    assert chinese_office().add_working_days(start, days) == local(f"{last_day} 00:00") + timedelta(days=1)
    assert chinese_office().add_working_days(start, days, end_of_day=True) == local(f"{last_day} 18:00")


def test_a_year_that_is_not_announced_is_provisional_and_new_year_is_off_all_the_same() -> None:
    calendar = chinese_office()
    assert calendar.is_provisional(date(2027, 1, 4)) and not calendar.is_provisional(date(2026, 12, 31))
    assert not calendar.is_working_day(date(2027, 1, 1))


def test_a_year_with_estimated_holidays_is_provisional() -> None:
    dubai = office("Asia/Dubai", country="AE")
    assert dubai.is_provisional(date(2035, 1, 1)) and not dubai.is_provisional(date(2020, 1, 1))


def test_a_year_beyond_every_list_is_provisional() -> None:
    assert office(LONDON, country="GB").is_provisional(date(2200, 1, 1))
    assert not office(LONDON, country="GB").is_provisional(date(2027, 1, 1))


def test_a_calendar_without_a_country_has_no_holidays_and_is_never_provisional() -> None:
    calendar = office(SHANGHAI)
    assert calendar.is_working_day(date(2026, 10, 1)) and not calendar.is_provisional(date(2030, 1, 1))


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(NoSuchCountry, match="'XX'"):
        statutory_days("XX", 2026)


def test_holidays_carry_their_names() -> None:
    assert chinese_office().day(date(2026, 2, 21)).names == {
        "en": "Spring Festival",
        "zh-Hans": "春节",
        "zh-Hant": "春節",
    }
    hong_kong = office("Asia/Hong_Kong", country="HK").day(date(2026, 4, 7)).names
    assert hong_kong["zh-Hant"].startswith("清明節") and hong_kong["zh-Hans"].startswith("清明节")


def test_a_desk_open_on_saturdays_rests_on_the_saturday_inside_a_break() -> None:
    calendar = office(SHANGHAI, country="CN", hours=(SPLIT_DAY,) * 6 + ((),))
    assert not calendar.is_working_day(date(2026, 2, 21))
    assert calendar.is_working_day(date(2026, 3, 7))


def test_a_make_up_day_has_its_weekdays_own_hours_else_the_usual_ones() -> None:
    saturday = (Interval(600, 720),)
    shorter = office(SHANGHAI, country="CN", hours=(SPLIT_DAY,) * 5 + (saturday, ()))
    assert shorter.day(date(2026, 2, 14)).hours == saturday
    assert chinese_office().day(date(2026, 2, 14)).hours == SPLIT_DAY


def test_an_override_opens_a_holiday_and_closes_a_working_day() -> None:
    """Peers can only close days, or subtract them and so make a limit shorter."""
    opened, closed = date(2026, 10, 3), date(2026, 10, 9)
    calendar = office(SHANGHAI, country="CN", overrides={opened: SPLIT_DAY, closed: ()})
    assert calendar.day(opened).kind is DayKind.OPENED and calendar.day(closed).kind is DayKind.CLOSED
    assert calendar.add_working_days(local("2026-09-30 10:00"), 3) == local("2026-10-11 00:00")


def test_an_override_may_shorten_a_day() -> None:
    calendar = office(SHANGHAI, overrides={date(2026, 3, 2): (Interval(540, 600),)})
    assert calendar.day(date(2026, 3, 2)).kind is DayKind.WORKING
    assert calendar.add_working_time(local("2026-03-02 09:00"), 2 * 3600) == local("2026-03-03 10:00")


def test_the_second_shift_of_a_day_counts() -> None:
    calendar = office(SHANGHAI)
    assert calendar.add_working_time(local("2026-03-02 12:00"), 2 * 3600) == local("2026-03-02 15:00")
    day = calendar.working_seconds_between(local("2026-03-02 00:00"), local("2026-03-03 00:00"))
    assert day == 8 * 3600


def test_there_is_no_working_time_until_a_moment_that_is_past() -> None:
    assert office(SHANGHAI).working_seconds_between(local("2026-03-03 12:00"), local("2026-03-02 12:00")) == 0


def test_time_that_fills_a_split_day_ends_at_its_close_not_at_midnight_nor_next_morning() -> None:
    calendar = office(SHANGHAI)
    assert calendar.add_working_time(local("2026-03-02 09:00"), 8 * 3600) == local("2026-03-02 18:00")
    assert calendar.add_working_time(local("2026-03-02 09:00"), 4 * 3600) == local("2026-03-02 13:00")


@pytest.mark.parametrize("start", ["2026-03-06 18:00", "2026-03-07 12:00", "2026-03-09 08:59"])
def test_outside_opening_hours_working_time_counts_from_the_next_opening(start: str) -> None:
    assert office(SHANGHAI).add_working_time(local(start), 3600) == local("2026-03-09 10:00")


def test_going_back_from_opening_time_stays_at_the_latest_moment() -> None:
    calendar = office(SHANGHAI)
    assert calendar.subtract_working_time(local("2026-03-09 10:00"), 3600) == local("2026-03-09 09:00")
    assert calendar.subtract_working_time(local("2026-03-09 09:30"), 3600) == local("2026-03-06 17:30")


def test_no_time_moves_nothing_and_negative_time_is_refused() -> None:
    calendar, start = office(SHANGHAI), local("2026-03-07 12:00")
    assert calendar.add_working_time(start, 0) == start == calendar.subtract_working_time(start, 0)
    for wrong in (calendar.add_working_time, calendar.subtract_working_time):
        with pytest.raises(ValueError):
            wrong(start, -1)


def test_less_than_one_day_is_refused() -> None:
    calendar, start = office(SHANGHAI), local("2026-03-07 12:00")
    for wrong in (calendar.add_working_days, calendar.add_calendar_days):
        with pytest.raises(ValueError):
            wrong(start, 0)
    for back in (calendar.nth_working_day, calendar.nth_working_day_back):
        with pytest.raises(ValueError):
            back(start.date(), 0)


def test_a_fraction_of_a_second_never_shortens_a_limit() -> None:
    start = local("2026-03-02 09:00") + timedelta(microseconds=1)
    assert office(SHANGHAI).add_working_time(start, 3600) == local("2026-03-02 10:00:01")


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(NoWorkingTime):
        office(SHANGHAI, hours=((),) * 7)


def test_the_day_is_the_calendars_own_not_the_day_in_utc() -> None:
    start = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # already Tuesday in Kathmandu, still Monday in New York
    kathmandu, new_york = ZoneInfo(KATHMANDU), ZoneInfo(NEW_YORK)
    assert office(KATHMANDU).add_working_days(start, 1) == datetime(2026, 3, 5, tzinfo=kathmandu)
    assert office(NEW_YORK).add_working_days(start, 1) == datetime(2026, 3, 4, tzinfo=new_york)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-02-10", 3, "2026-02-14 00:00"),
        ("2026-02-12", 3, "2026-02-25 00:00"),  # the 15th begins the Spring Festival break
        ("2026-02-11", 3, "2026-02-15 00:00"),  # the 14th is a Saturday, but a make-up day
        ("2026-02-13", 14, "2026-02-28 00:00"),  # holidays inside do not matter
    ],
)
def test_calendar_days_move_on_only_from_a_last_day_of_rest(received: str, days: int, due: str) -> None:
    assert chinese_office().add_calendar_days(local(f"{received} 23:00"), days) == local(due)


def test_calendar_days_may_end_at_close_of_business() -> None:
    due = chinese_office().add_calendar_days(local("2026-02-12 10:00"), 3, end_of_day=True)
    assert due == local("2026-02-24 18:00")


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [(LONDON, "2026-03-29", 23), (LONDON, "2026-10-25", 25), (NEW_YORK, "2026-03-08", 23)],
)
def test_a_day_on_which_clocks_change_has_its_true_length(zone: str, day: str, hours: int) -> None:
    calendar = office(zone, hours=ROUND_THE_CLOCK)
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    assert calendar.working_seconds_between(midnight, midnight + timedelta(days=1)) == hours * 3600
    assert calendar.add_working_days(midnight - timedelta(hours=1), 1) == midnight + timedelta(days=1)


def test_a_skipped_reading_means_the_change_and_a_repeated_one_the_first() -> None:
    london = ZoneInfo(LONDON)
    assert instant_of(london, date(2026, 3, 29), 90) == datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp()
    assert instant_of(london, date(2026, 10, 25), 90) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()


def test_hours_that_are_wholly_skipped_add_no_time() -> None:
    calendar = office(LONDON, hours=((Interval(60, 120), Interval(540, 600)),) * 7)
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert calendar.add_working_time(start, 60) == datetime(2026, 3, 29, 8, 1, tzinfo=UTC)


def test_calendars_of_equal_rules_are_compiled_once() -> None:
    rules, same = (Calendar(time_zone=SHANGHAI, country=None, hours=OFFICE) for _ in range(2))
    assert working_calendar(rules) is working_calendar(same)


def calendar_rules() -> st.SearchStrategy[Calendar]:
    """Weeks of zero to three shifts a day, with overrides in 2025 and 2026. No shift begins or ends at 01:30,
    which clocks show twice when they go back: there a reading alone does not say whether it is open."""
    readings = st.lists(
        st.integers(0, 48).filter(lambda half_hours: half_hours != 3), unique=True, min_size=2, max_size=6
    )
    some = readings.map(lambda marks: shifts(sorted(marks)))
    shift_days = st.one_of(st.just(()), some)
    override_days = st.dates(date(2025, 12, 1), date(2026, 12, 31))
    return st.builds(
        Calendar,
        time_zone=st.sampled_from([SHANGHAI, LONDON, NEW_YORK, KATHMANDU]),
        country=st.sampled_from([None, "CN"]),
        hours=st.tuples(*[shift_days] * 7).filter(any),
        overrides=st.dictionaries(override_days, shift_days, max_size=8).map(
            lambda days: tuple(DayOverride(day=day, hours=hours) for day, hours in sorted(days.items()))
        ),
    )


def quarters(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    count = int((last - first) / timedelta(minutes=15))
    return st.integers(0, count).map(lambda n: first + n * timedelta(minutes=15))


STARTS = st.one_of(
    quarters(datetime(2025, 12, 20, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)),
    quarters(datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)),
    quarters(datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)),
    quarters(datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)),
)
SECONDS = st.integers(1, 400 * 3600)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([SHANGHAI, LONDON, NEW_YORK, KATHMANDU]),
    st.sampled_from([date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2026, 6, 1)]),
    st.integers(0, 24 * 60 - 1),
)
def test_a_reading_means_the_first_moment_at_which_clocks_have_come_to_it(zone: str, day: date, minute: int) -> None:
    """Skipped readings too: when London skips 01:30, it is the moment of the change."""
    at, local = datetime.combine(day, time(), UTC) - timedelta(hours=15), ZoneInfo(zone)
    while (reading := at.astimezone(local)).date() != day or reading.hour * 60 + reading.minute < minute:
        at += timedelta(minutes=1)
    assert instant_of(local, day, minute) == at.timestamp()


@settings(max_examples=150, deadline=None)
@given(calendar_rules(), STARTS, st.integers(1, 100))
def test_working_time_ends_where_counting_quarter_hours_ends(rules: Calendar, start: datetime, n: int) -> None:
    assume(slow_add(rules, start, n) < datetime(2026, 12, 30, tzinfo=UTC))
    assert WorkingCalendar(rules).add_working_time(start, n * 900) == slow_add(rules, start, n)


@settings(max_examples=100, deadline=None)
@given(calendar_rules(), STARTS, st.integers(0, 500))
def test_working_time_between_is_the_quarter_hours_counted(rules: Calendar, start: datetime, n: int) -> None:
    end = start + n * timedelta(minutes=15)
    counted = sum(slow_is_open(rules, start + i * timedelta(minutes=15)) for i in range(n))
    assert WorkingCalendar(rules).working_seconds_between(start, end) == counted * 900


@settings(max_examples=150, deadline=None)
@given(calendar_rules(), STARTS, st.integers(1, 20), st.booleans())
def test_working_days_end_where_counting_days_ends(rules: Calendar, start: datetime, n: int, end_of_day: bool) -> None:
    day = start.astimezone(ZoneInfo(rules.time_zone)).date()
    for _ in range(n):
        day = slow_working_day_from(rules, day + timedelta(days=1))
    assume(day < date(2026, 12, 31))
    due = WorkingCalendar(rules).add_working_days(start, n, end_of_day)
    assert due == slow_end_of(rules, day, end_of_day)


@settings(max_examples=150, deadline=None)
@given(calendar_rules(), STARTS, st.integers(1, 40), st.booleans())
def test_calendar_days_end_where_counting_days_ends(rules: Calendar, start: datetime, n: int, end_of_day: bool) -> None:
    nominal = start.astimezone(ZoneInfo(rules.time_zone)).date() + timedelta(days=n)
    day = slow_working_day_from(rules, nominal)
    assume(day < date(2026, 12, 31))
    due = WorkingCalendar(rules).add_calendar_days(start, n, end_of_day)
    assert due == slow_end_of(rules, day, end_of_day)


@settings(max_examples=100, deadline=None)
@given(calendar_rules(), STARTS, SECONDS, st.integers(0, 3599))
def test_adding_then_measuring_gives_back_what_was_added(
    rules: Calendar, start: datetime, seconds: int, past: int
) -> None:
    calendar, start = WorkingCalendar(rules), start + timedelta(seconds=past)
    due = calendar.add_working_time(start, seconds)
    assert calendar.working_seconds_between(start, due) == seconds
    before = calendar.subtract_working_time(start, seconds)
    assert calendar.working_seconds_between(before, start) == seconds
    assert calendar.working_seconds_between(before + timedelta(seconds=1), start) == seconds - 1


@settings(max_examples=100, deadline=None)
@given(calendar_rules(), STARTS, STARTS, SECONDS, SECONDS, st.integers(1, 30))
def test_a_later_start_or_a_longer_limit_is_never_due_earlier(
    rules: Calendar, one: datetime, other: datetime, span: int, more: int, days: int
) -> None:
    calendar, (first, second) = WorkingCalendar(rules), sorted((one, other))
    assert calendar.add_working_time(first, span) <= calendar.add_working_time(second, span)
    assert calendar.add_working_time(first, span) < calendar.add_working_time(first, span + more)
    assert calendar.add_working_days(first, days) <= calendar.add_working_days(second, days)
    assert calendar.add_working_days(first, days) < calendar.add_working_days(first, days + 1)


@settings(max_examples=100, deadline=None)
@given(calendar_rules(), STARTS, SECONDS, st.integers(1, 20), st.integers(1, 40))
def test_closing_a_day_never_makes_a_limit_end_earlier(
    rules: Calendar, start: datetime, seconds: int, n: int, after: int
) -> None:
    """A peer took excluded days off the limit instead of adding them."""
    closed = start.date() + timedelta(days=after)
    fewer = [override for override in rules.overrides if override.day != closed]
    overrides = (*fewer, DayOverride(day=closed))
    usual = WorkingCalendar(rules)
    closing = office(rules.time_zone, rules.country, rules.hours, {day.day: day.hours for day in overrides})
    assert closing.add_working_time(start, seconds) >= usual.add_working_time(start, seconds)
    assert closing.add_working_days(start, n) >= usual.add_working_days(start, n)
    assert closing.add_calendar_days(start, n) >= usual.add_calendar_days(start, n)


@settings(max_examples=30, deadline=None)
@given(calendar_rules(), st.lists(st.integers(2018, 2030), min_size=2, max_size=5))
def test_an_answer_does_not_depend_on_what_was_asked_before(rules: Calendar, years: list[int]) -> None:
    calendar = WorkingCalendar(rules)
    starts = [datetime(year, 6, 1, 3, tzinfo=UTC) for year in years]
    fresh = [WorkingCalendar(rules).add_working_time(start, 90_000) for start in starts]
    assert [calendar.add_working_time(start, 90_000) for start in starts] == fresh


def test_a_limit_of_many_years_ends() -> None:
    weekly = office(SHANGHAI, hours=((Interval(540, 600),), *[()] * 6))
    assert weekly.add_working_days(local("2026-03-02 10:00"), 2000).year == 2064


def office(
    zone: str,
    country: str | None = None,
    hours: Any = OFFICE,
    overrides: dict[date, tuple[Interval, ...]] | None = None,
) -> WorkingCalendar:
    own = tuple(DayOverride(day=day, hours=hours) for day, hours in sorted((overrides or {}).items()))
    return WorkingCalendar(Calendar(time_zone=zone, country=country, hours=hours, overrides=own))


def chinese_office() -> WorkingCalendar:
    return office(SHANGHAI, country="CN")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(SHANGHAI))


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def announced_breaks() -> set[date]:
    spans = (map(date.fromisoformat, span.split("/")) for span in BREAKS.split())
    return {day for first, last in spans for day in days_between(first, last)}


def announced_make_up_days() -> set[date]:
    return {date.fromisoformat(day) for day in MAKE_UP_DAYS.split()}


def shifts(marks: list[int]) -> tuple[Interval, ...]:
    """Pairs of half-hours as intervals; a last one without its pair is left over."""
    return tuple(Interval(a * 30, b * 30) for a, b in zip(marks[::2], marks[1::2], strict=False))


# The oracle: a day, or a quarter of an hour, after the other. It knows the breaks from the lists above.
ALL_BREAKS, ALL_MAKE_UP_DAYS = announced_breaks(), announced_make_up_days()


def slow_hours(rules: Calendar, day: date) -> tuple[Interval, ...]:
    for override in rules.overrides:
        if override.day == day:
            return override.hours
    if rules.country == "CN" and day in ALL_BREAKS:
        return ()
    if rules.country == "CN" and day in ALL_MAKE_UP_DAYS and not rules.hours[day.weekday()]:
        return [hours for hours in rules.hours if hours][0]
    return rules.hours[day.weekday()]


def slow_is_open(rules: Calendar, moment: datetime) -> bool:
    reading = moment.astimezone(ZoneInfo(rules.time_zone))
    minute = reading.hour * 60 + reading.minute
    return any(hours.opens <= minute < hours.closes for hours in slow_hours(rules, reading.date()))


def slow_add(rules: Calendar, start: datetime, quarters_left: int) -> datetime:
    while quarters_left:
        quarters_left -= slow_is_open(rules, start)
        start += timedelta(minutes=15)
        if start.year > 2026:
            break
    return start


def slow_working_day_from(rules: Calendar, day: date) -> date:
    while not slow_hours(rules, day):
        day += timedelta(days=1)
    return day


def slow_end_of(rules: Calendar, day: date, at_close: bool) -> datetime:
    """The last quarter of the day that is open, or that is in the day at all, and the quarter's end."""
    zone = ZoneInfo(rules.time_zone)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone).astimezone(UTC)
    around = [noon + n * timedelta(minutes=15) for n in range(-60, 60)]
    of_day = [moment for moment in around if moment.astimezone(zone).date() == day]
    open_ones = [moment for moment in of_day if slow_is_open(rules, moment)] if at_close else of_day
    return open_ones[-1] + timedelta(minutes=15)
