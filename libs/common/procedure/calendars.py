"""Opening hours as a Procedure gives them (SL-2)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Interval:
    """Open from `opens` (counts) to `closes` (does not), in minutes of the wall clock, 0 to 1440."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return "-".join(f"{at // 60:02}:{at % 60:02}" for at in (self.opens, self.closes))


@dataclass(frozen=True, kw_only=True)
class DayOverride:
    """One date on which the weekly hours and statutory holidays do not apply. No hours: closed."""

    day: date
    hours: tuple[Interval, ...] = ()

    @property
    def open(self) -> bool:
        return bool(self.hours)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Opening hours (SL-2). `hours` holds seven days, Monday first, each with its intervals in order.

    `country` (ISO 3166-1 alpha-2) brings statutory holidays and make-up working days; None: no such days.
    """

    time_zone: str
    country: str | None
    hours: tuple[tuple[Interval, ...], ...]
    overrides: tuple[DayOverride, ...] = ()

    @property
    def usual_hours(self) -> tuple[Interval, ...]:
        """The hours of the first weekday with any: what a make-up working day on a day of rest is open."""
        return next(day for day in self.hours if day)
