"""The calendar periods after which a Procedure looks back."""

from datetime import date, datetime, time, timedelta, tzinfo

MONTHS = {"month": 1, "quarter": 3, "half-year": 6}
A_DAY = timedelta(days=1)
# What was done in the last minutes of a period may become known a little later.
HEARD_BY = timedelta(hours=6)


def days_around(day: date, every: str) -> tuple[date, date]:
    """First and last day of the calendar month, quarter or half-year with this day in it."""
    months = MONTHS[every]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    after = first
    for _ in range(months):
        after = next_month(after)
    return first, after - A_DAY


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def looked_back_at(last: date, zone: tzinfo) -> datetime:
    """When a period that ends with this day of the zone is looked back at."""
    return datetime.combine(last + A_DAY, time(0), zone) + HEARD_BY
