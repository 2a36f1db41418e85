"""The periods figures are asked for."""

from dataclasses import dataclass
from datetime import date, timedelta

PERIODS = ("this_month", "last_month", "last_7", "last_30", "last_90", "this_year")


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both days counted."""

    name: str
    first: date
    last: date


def period(name: str, today: date) -> Period:
    """The named period as of `today`; this month for a name that is none."""
    month = today.replace(day=1)
    ends = {
        "last_month": ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
        "last_7": (today - timedelta(days=6), today),
        "last_30": (today - timedelta(days=29), today),
        "last_90": (today - timedelta(days=89), today),
        "this_year": (today.replace(month=1, day=1), today),
    }
    return Period(name, *ends[name]) if name in ends else Period("this_month", month, today)
