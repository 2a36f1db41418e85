"""Periods of whole days in the tenant's zone, and how few rows answer for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.procedure.periods import A_DAY, next_month

__all__ = ["A_DAY", "Days", "Period", "next_month"]

Days = tuple[date, date]  # both counted


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both days counted; `first` is not after `last`."""

    first: date
    last: date

    @property
    def months(self) -> Days | None:
        """First and last of the whole months in the period, each named by its first day; None without any."""
        after = self.last + A_DAY
        first = self.first if self.first.day == 1 else next_month(self.first)
        end = after.replace(day=1)
        return (first, (end - A_DAY).replace(day=1)) if first < end else None

    @property
    def single_days(self) -> Sequence[Days]:
        """The days of the period outside its whole months: at most two runs."""
        if self.months is None:
            return [(self.first, self.last)]
        first, last = self.months
        ends = [(self.first, first - A_DAY), (next_month(last), self.last)]
        return [(start, end) for start, end in ends if start <= end]
