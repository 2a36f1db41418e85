"""Working time and working days of one calendar of a Procedure (SL-2).

Opening hours are compiled, a year at a time and only when first needed, to instants in whole UTC seconds
with the open seconds before each, so that a limit of months costs the same two bisections as one of an hour.
Being instants, they are right on days of 23 or 25 hours. Moments with a fraction of a second count as the
next whole second: no limit is shorter than promised.

The last day of a limit ends at 24:00 in the calendar's zone, which is the first instant of the next day; that
of a limit that says `end-of-day` at its close of business.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

from libs.common.procedure.calendars import Calendar
from services.sla.domain.changing import Change, Days
from services.sla.domain.opening import Day, OpenTimes, instant_of, joined, open_times
from services.sla.domain.statutory import is_announced

_DAY = timedelta(1)
_MIDNIGHT = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoWorkingTime(Exception):
    """The calendar is never open, so a span of working time would never end."""


@lru_cache(maxsize=1024)
def working_calendar(rules: Calendar, changes: tuple[Change, ...] = ()) -> "WorkingCalendar":
    """The calendar of these rules, compiled once per process for all tenants and limits that share them."""
    return WorkingCalendar(rules, changes)


class WorkingCalendar:
    """Threads may share one: what is compiled is replaced whole, never changed."""

    def __init__(self, rules: Calendar, changes: Sequence[Change] = ()) -> None:
        """`changes` in order of time. Raises NoWorkingTime for a week without opening hours."""
        if not all(any(each.hours) for each in (rules, *(change.rules for change in changes))):
            raise NoWorkingTime("a calendar needs opening hours on at least one weekday")
        self.zone = ZoneInfo(rules.time_zone)
        self._days = Days(rules, changes)
        self._times = OpenTimes(range(0), 0, 0, (), (), (0,), ())

    def add_working_time(self, start: datetime, seconds: int) -> datetime:
        """The moment, in UTC, at which `seconds` of opening hours have passed since `start`.

        A span that exactly fills a day ends at that day's close, not at the next opening. A start outside the
        opening hours counts from the next opening. No seconds: `start` itself. Raises ValueError below
        zero.
        """
        if seconds <= 0:
            return _unmoved(start, seconds)
        # Previews and recounts do little else: what is a method elsewhere here is written out, for a third of the time.
        since = start - _EPOCH
        instant = since.days * 86_400 + since.seconds + (since.microseconds > 0)
        times = self._times
        if not times.first <= instant < times.last:
            times = self._around(instant)
        target = seconds
        if (i := bisect_right(times.starts, instant) - 1) >= 0:
            end = times.ends[i]
            target += times.before[i] + (instant if instant < end else end) - times.starts[i]
        while target > times.before[-1]:
            times = self._with_year(times.years.stop)
            target = times.open_until(instant) + seconds
        i = bisect_left(times.before, target) - 1
        return datetime.fromtimestamp(times.starts[i] + target - times.before[i], UTC)

    def subtract_working_time(self, end: datetime, seconds: int) -> datetime:
        """The latest moment, in UTC, from which `seconds` of opening hours still lie before `end`.

        No seconds: `end` itself. Raises ValueError below zero.
        """
        if seconds <= 0:
            return _unmoved(end, seconds)
        instant = ceil(end.timestamp())
        times = self._around(instant)
        while (target := times.open_until(instant) - seconds) < 0:
            times = self._with_year(times.years.start - 1)
        i = bisect_right(times.before, target) - 1
        return datetime.fromtimestamp(times.starts[i] + target - times.before[i], UTC)

    def working_seconds_between(self, start: datetime, end: datetime) -> int:
        """Opening hours from `start` to `end` in seconds; zero when `end` is not after `start`."""
        first, last = ceil(start.timestamp()), ceil(end.timestamp())
        if last <= first:
            return 0
        self._around(first)
        times = self._around(last)
        return times.open_until(last) - times.open_until(first)

    def add_working_days(self, start: datetime, days: int, end_of_day: bool = False) -> datetime:
        """The end, in UTC, of the `days`-th working day after the local day of `start`.

        The day of `start` does not count, be it a working day or not and whatever the hour (Civil Code
        art. 201). The last day ends at 24:00, with `end_of_day` at its close of business. Raises
        ValueError below one day.
        """
        return self.end_of(self.nth_working_day(self.local_day(start), days), end_of_day)

    def add_calendar_days(self, start: datetime, days: int, end_of_day: bool = False) -> datetime:
        """The end, in UTC, of the `days`-th day after the local day of `start`, rest days included.

        When the last day is a day of rest, the next working day is the last (Civil Code art. 203). It ends
        as in `add_working_days`. Raises ValueError below one day.
        """
        if days < 1:
            raise ValueError("a limit in days is one day or more")
        return self.end_of(self.working_day_from(self.local_day(start) + days * _DAY), end_of_day)

    def nth_working_day(self, after: date, n: int) -> date:
        """The `n`-th working day later than `after`. Raises ValueError when `n` is below one."""
        if n < 1:
            raise ValueError("a limit in days is one day or more")
        times = self._around(self._instant(after, 0))
        while (i := bisect_right(times.days, after.toordinal()) + n - 1) >= len(times.days):
            times = self._with_year(times.years.stop)
        return date.fromordinal(times.days[i])

    def nth_working_day_back(self, until: date, n: int) -> date:
        """The `n`-th working day counting back, `until` itself being the first if it is one.

        Raises ValueError when `n` is below one.
        """
        if n < 1:
            raise ValueError("a span in days is one day or more")
        times = self._around(self._instant(until, 0))
        while (i := bisect_right(times.days, until.toordinal()) - n) < 0:
            times = self._with_year(times.years.start - 1)
        return date.fromordinal(times.days[i])

    def working_day_from(self, day: date) -> date:
        """`day` if it is a working day, else the next one."""
        return self.nth_working_day(day - _DAY, 1)

    def day(self, day: date) -> Day:
        """What kind of day it is, why, and its opening hours."""
        return self._days.day(day)

    def is_working_day(self, day: date) -> bool:
        return bool(self.day(day).hours)

    def is_provisional(self, day: date) -> bool:
        """Whether the public holidays of that day's year are only an estimate; never without a country."""
        country = self._days.country(day)
        return country is not None and not is_announced(country, day.year)

    def local_day(self, moment: datetime) -> date:
        """The date in the calendar's zone at that moment."""
        return moment.astimezone(self.zone).date()

    def opening_of(self, day: date) -> datetime:
        """When business opens on a working day, in UTC. Raises IndexError on a day of rest."""
        return _at(self._instant(day, self.day(day).hours[0].opens))

    def end_of(self, day: date, end_of_day: bool = False) -> datetime:
        """24:00 of the day, in UTC; with `end_of_day` its close of business (IndexError on a day of rest)."""
        return _at(self._instant(day, self.day(day).hours[-1].closes if end_of_day else _MIDNIGHT))

    def _instant(self, day: date, minute: int) -> int:
        return instant_of(self.zone, day, minute)

    def _around(self, instant: int) -> OpenTimes:
        times = self._times
        if times.first <= instant < times.last:
            return times
        year = datetime.fromtimestamp(instant, self.zone).year
        if not times.years:
            return self._with_year(year)
        while year >= times.years.stop:
            times = self._with_year(times.years.stop)
        while year < times.years.start:
            times = self._with_year(times.years.start - 1)
        return times

    def _with_year(self, year: int) -> OpenTimes:
        """What is compiled so far and `year`, which adjoins it."""
        times, added = self._times, self._year(year)
        if not times.years:
            times = added
        elif year == times.years.stop:
            times = joined(times, added)
        elif year == times.years.start - 1:
            times = joined(added, times)
        self._times = times
        return times

    def _year(self, year: int) -> OpenTimes:
        first, stop = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        days = (self.day(date.fromordinal(ordinal)) for ordinal in range(first, stop))
        return open_times(range(year, year + 1), days, self.zone)


def _at(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def _unmoved(moment: datetime, seconds: int) -> datetime:
    if seconds < 0:
        raise ValueError("a span of working time is not negative")
    return moment.astimezone(UTC)
