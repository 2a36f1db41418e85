"""Whole months and the days around them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.period import Period, next_month

a_day = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(a_day, st.integers(min_value=0, max_value=1000))
def test_months_and_single_days_are_every_day_of_the_period_once(first, length):
    last = min(first + timedelta(days=length), date(2100, 12, 31))
    period = Period(first, last)
    days = [day for run in period.single_days for day in days_of(*run)]
    if period.months:
        days += days_of(period.months[0], next_month(period.months[1]) - timedelta(days=1))
    assert sorted(days) == days_of(first, last)


@given(a_day, st.integers(min_value=0, max_value=1000))
def test_at_most_sixty_days_are_read_one_by_one(first, length):
    period = Period(first, min(first + timedelta(days=length), date(2100, 12, 31)))
    assert sum((last - first).days + 1 for first, last in period.single_days) <= 60


def test_a_year_is_its_months_alone():
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert (year.months, list(year.single_days)) == ((date(2026, 1, 1), date(2026, 12, 1)), [])


def test_a_period_within_two_months_has_no_whole_month():
    assert Period(date(2026, 2, 2), date(2026, 3, 30)).months is None


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
