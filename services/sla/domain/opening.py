"""When a calendar of the Procedure is open: what each day is, and its opening hours as instants in UTC."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from zoneinfo import ZoneInfo

from libs.common.procedure.calendars import Calendar, Interval
from services.sla.domain.statutory import statutory_days


class DayKind(StrEnum):
    """Why a day is open (working, made up, opened) or not (rest, holiday, closed)."""

    WORKING = "working"
    MADE_UP = "made_up"  # a weekend the law makes a working day, 调休
    OPENED = "opened"  # opened by the tenant against week and law
    REST = "rest"  # no hours on this weekday
    HOLIDAY = "holiday"
    CLOSED = "closed"  # closed by the tenant against week and law


@dataclass(frozen=True, slots=True)
class Day:
    """`hours` is empty on a day of rest; `names` are the holiday's by language, empty without one."""

    day: date
    kind: DayKind
    hours: tuple[Interval, ...]
    names: Mapping[str, str] = field(default_factory=dict)


def day_of(rules: Calendar, overrides: Mapping[date, tuple[Interval, ...]], day: date) -> Day:
    """The tenant's own override of a date goes before the law, and the law before the week (SL-2)."""
    usual = _by_law_or_week(rules, day)
    hours = overrides.get(day, usual.hours)
    if bool(hours) == bool(usual.hours):
        return Day(day, usual.kind, hours, usual.names)
    return Day(day, DayKind.OPENED if hours else DayKind.CLOSED, hours)


def _by_law_or_week(rules: Calendar, day: date) -> Day:
    weekly = rules.hours[day.weekday()]
    law = statutory_days(rules.country, day.year).get(day) if rules.country else None
    if law is None:
        return Day(day, DayKind.WORKING if weekly else DayKind.REST, weekly)
    if law.opens:
        return Day(day, DayKind.MADE_UP, weekly or rules.usual_hours, law.names)
    return Day(day, DayKind.HOLIDAY, (), law.names)


def instant_of(zone: ZoneInfo, day: date, minute: int) -> int:
    """UTC seconds at which the wall clock of `zone` shows `minute` (0 to 1440) of that day.

    A reading that occurs twice, when clocks go back, means the first; one that is skipped, when they go
    forward, means the moment of the change.
    """
    reading = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    first, second = int(reading.timestamp()), int(reading.replace(fold=1).timestamp())
    if first <= second:
        return first
    before = datetime.fromtimestamp(second, zone).utcoffset()
    later = range(second, first)
    return second + bisect_left(later, True, key=lambda at: datetime.fromtimestamp(at, zone).utcoffset() != before)


@dataclass(frozen=True, slots=True)
class OpenTimes:
    """The opening intervals of consecutive years in UTC seconds, from `first` until `last`.

    `before[i]` seconds are open before interval i, and `before[-1]` in all. `days` are the ordinals of the
    working days.
    """

    years: range
    first: int
    last: int
    starts: Sequence[int]
    ends: Sequence[int]
    before: Sequence[int]
    days: Sequence[int]

    def open_until(self, instant: int) -> int:
        """Open seconds from `first` until `instant`."""
        i = bisect_right(self.starts, instant) - 1
        if i < 0:
            return 0
        end = self.ends[i]
        return self.before[i] + (instant if instant < end else end) - self.starts[i]


def open_times(years: range, days: Iterable[Day], zone: ZoneInfo) -> OpenTimes:
    """The opening hours of `days`, which are all the days of `years` in order."""
    working = [day for day in days if day.hours]
    bounds = [
        (instant_of(zone, day.day, hours.opens), instant_of(zone, day.day, hours.closes))
        for day in working
        for hours in day.hours
    ]
    return _of_intervals(
        years,
        instant_of(zone, date(years.start, 1, 1), 0),
        instant_of(zone, date(years.stop, 1, 1), 0),
        bounds,
        [day.day.toordinal() for day in working],
    )


def joined(earlier: OpenTimes, later: OpenTimes) -> OpenTimes:
    """Both as one; `later` begins with the year after the last of `earlier`."""
    return _of_intervals(
        range(earlier.years.start, later.years.stop),
        earlier.first,
        later.last,
        [*zip(earlier.starts, earlier.ends, strict=True), *zip(later.starts, later.ends, strict=True)],
        [*earlier.days, *later.days],
    )


def _of_intervals(years: range, first: int, last: int, bounds: list[tuple[int, int]], days: list[int]) -> OpenTimes:
    starts = [start for start, _ in bounds]
    ends = [end for _, end in bounds]
    before = list(accumulate((end - start for start, end in bounds), initial=0))
    return OpenTimes(years, first, last, starts, ends, before, days)
