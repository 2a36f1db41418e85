"""What each day of a calendar is, also when its rules changed while limits ran (SL-2).

A change holds from a moment on: what lay before it stays as it was, so that no limit has used more time than it had.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

from libs.common.procedure.calendars import Calendar, Interval
from services.sla.domain.opening import Day, day_of

_MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class Change:
    """Other rules from `since` on, in the same time zone."""

    since: datetime
    rules: Calendar


class Days:
    """The days of `rules`, then of each change; `changes` are in order of time."""

    def __init__(self, rules: Calendar, changes: Sequence[Change] = ()) -> None:
        self._first = _Rules(rules)
        zone = ZoneInfo(rules.time_zone)
        self._changes = [(*_reading(each.since, zone), _Rules(each.rules)) for each in changes]

    def day(self, day: date) -> Day:
        """On the day of a change the hours until it are those of before, the hours after it the new ones."""
        found = self._in_force_before(day).day(day)
        for changed_on, minute, rules in self._changes:
            if changed_on == day:
                found = _changed(found, rules.day(day), minute)
        return found

    def country(self, day: date) -> str | None:
        """Whose public holidays count at the end of that day; None for nobody's."""
        last = [rules for changed_on, _, rules in self._changes if changed_on <= day]
        return (last[-1] if last else self._first).country

    def _in_force_before(self, day: date) -> "_Rules":
        before = [rules for changed_on, _, rules in self._changes if changed_on < day]
        return before[-1] if before else self._first


class _Rules:
    """Rules with their overrides by date."""

    def __init__(self, rules: Calendar) -> None:
        self._rules = rules
        self._overrides = {override.day: override.hours for override in rules.overrides}
        self.country = rules.country

    def day(self, day: date) -> Day:
        return day_of(self._rules, self._overrides, day)


def _reading(moment: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """The local day, and the first whole minute of it that is not before the moment."""
    local = moment.astimezone(zone)
    return local.date(), local.hour * 60 + local.minute + ceil(local.second / 60 + local.microsecond / 60e6)


def _changed(before: Day, after: Day, minute: int) -> Day:
    hours = (*_between(before.hours, 0, minute), *_between(after.hours, minute, _MIDNIGHT))
    named = after if bool(hours) == bool(after.hours) else before
    return replace(named, hours=hours)


def _between(hours: Sequence[Interval], first: int, last: int) -> list[Interval]:
    clipped = [Interval(max(each.opens, first), min(each.closes, last)) for each in hours]
    return [each for each in clipped if each.opens < each.closes]
