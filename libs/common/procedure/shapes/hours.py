"""Opening hours, zones and countries as marshmallow fields."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import holidays
from marshmallow import ValidationError, fields

from libs.common.procedure.calendars import Interval
from libs.common.procedure.shapes.values import unknown
from libs.common.procedure.vocabulary import WEEK

INTERVAL = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})", re.ASCII)
Week = tuple[tuple[Interval, ...], ...]
"""Seven days, Monday first, each with its intervals in order."""


def a_time_zone(value: str) -> str:
    """Refuses what is not a zone of the IANA time zone database."""
    if value not in _zones():
        raise unknown(value, _zones(), "time zone")
    return value


def a_country(value: str) -> str:
    """Refuses a country whose statutory holidays are not known."""
    if value not in _countries():
        raise unknown(value, _countries(), "country (ISO 3166-1, two capitals)")
    return value


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


@cache
def _countries() -> tuple[str, ...]:
    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


class Intervals(fields.Field[tuple[Interval, ...]]):
    """The opening hours of a day, `[08:30-12:00, 13:30-17:30]`, in order when read; none may overlap."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Interval, ...]:
        if not isinstance(value, list) or len(value) > 24:
            raise ValidationError("write a list of at most 24 spans of the day, such as [08:30-12:00]")
        mistakes: dict[int, list[str]] = {}
        intervals: list[Interval] = []
        for at, text in enumerate(value):
            interval = _interval(text)
            if interval is None:
                mistakes[at] = ["is not a span of the day: write HH:MM-HH:MM, until 24:00 at most"]
            elif any(interval.opens < other.closes and other.opens < interval.closes for other in intervals):
                mistakes[at] = ["overlaps another span of the same day"]
            else:
                intervals.append(interval)
        if mistakes:
            raise ValidationError(mistakes)
        return tuple(sorted(intervals, key=lambda interval: interval.opens))

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> list[str]:
        return [str(interval) for interval in value]


def _interval(text: Any) -> Interval | None:
    found = INTERVAL.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    hours, minutes, end_hours, end_minutes = (int(number) for number in found.groups())
    interval = Interval(hours * 60 + minutes, end_hours * 60 + end_minutes)
    if minutes > 59 or end_minutes > 59 or not interval.opens < interval.closes <= 24 * 60:
        return None
    return interval


class WeeklyHours(fields.Field[Week]):
    """Opening hours by day (`mon`) or run of days (`mon-fri`); days not named are closed."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Week:
        if not isinstance(value, Mapping):
            raise ValidationError("write the hours by day, such as {mon-fri: [08:30-12:00, 13:30-17:30]}")
        week: dict[str, tuple[Interval, ...]] = {}
        mistakes: dict[str, Any] = {}
        for days, hours in value.items():
            try:
                named = _days(days)
                intervals: tuple[Interval, ...] = Intervals().deserialize(hours) or ()
            except ValidationError as error:
                mistakes[days] = error.messages
                continue
            if not week.keys().isdisjoint(named):
                mistakes[days] = ["names a day that already has hours"]
            week |= dict.fromkeys(named, intervals)
        if not mistakes and not any(week.values()):
            raise ValidationError("never opens: give at least one day hours")
        if mistakes:
            raise ValidationError(mistakes)
        return tuple(week.get(day, ()) for day in WEEK)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> dict[str, list[str]]:
        return {day: [str(interval) for interval in hours] for day, hours in zip(WEEK, value, strict=True) if hours}


def _days(named: str) -> tuple[str, ...]:
    first, _, last = named.partition("-")
    if first in WEEK and (last or first) in WEEK:
        days = WEEK[WEEK.index(first) : WEEK.index(last or first) + 1]
        if days:
            return days
    raise unknown(named, WEEK, "day or run of days such as mon-fri")
