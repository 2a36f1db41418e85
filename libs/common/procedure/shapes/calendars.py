"""When it is open: calendars."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from libs.common.procedure import calendars as read
from libs.common.procedure.shapes.hours import Intervals, WeeklyHours, a_country, a_time_zone
from libs.common.procedure.shapes.section import Section, flag, some


class DayOverrideShape(Section):
    makes = dict
    day = fields.Date(required=True, data_key="date")
    open = flag(required=True)
    hours = Intervals()

    @validates_schema
    def agrees(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("hours") and not data["open"]:
            raise ValidationError({"hours": ["a closed day has no hours"]})
        if data["open"] and data.get("hours") == ():
            raise ValidationError({"hours": ["leave out for the usual hours, or give some"]})


class CalendarShape(Section):
    time_zone = fields.String(required=True, validate=a_time_zone)
    country = fields.String(validate=a_country)
    hours = WeeklyHours(required=True)
    overrides = some(DayOverrideShape, at_most=2_000)

    @validates_schema
    def overrides_a_day_once(self, data: dict[str, Any], **_: Any) -> None:
        days = [override["day"] for override in data.get("overrides", ())]
        twice = {at: {"date": ["is given twice"]} for at, day in enumerate(days) if day in days[:at]}
        if twice:
            raise ValidationError({"overrides": twice})

    @staticmethod
    def makes(
        time_zone: str,
        hours: tuple[tuple[read.Interval, ...], ...],
        country: str | None = None,
        overrides: tuple[dict[str, Any], ...] = (),
    ) -> read.Calendar:
        """An override that opens a day without hours has that weekday's, on a day of rest the usual ones."""
        week = read.Calendar(time_zone=time_zone, country=country, hours=hours)
        own = []
        for override in overrides:
            day = override["day"]
            usual = hours[day.weekday()] or week.usual_hours
            own.append(read.DayOverride(day=day, hours=override.get("hours", usual) if override["open"] else ()))
        return read.Calendar(time_zone=time_zone, country=country, hours=hours, overrides=tuple(own))
