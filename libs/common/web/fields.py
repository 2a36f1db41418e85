"""Fields that every API shares."""

import re
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_YEARS = 5


class UtcTime(fields.AwareDateTime):
    """A moment, ISO 8601; answered in UTC with `Z`. Read with any offset, between the years 1 and 9999 of UTC."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        try:
            return moment.astimezone(UTC)
        except OverflowError as mistake:
            raise ValidationError("This moment is outside the calendar.") from mistake


class LocalDay(fields.Date):
    """A day of the tenant's calendar."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            day = date.fromisoformat(value) if A_DAY.fullmatch(str(value)) else None
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= LATEST:
            raise ValidationError(f"give a day from {EARLIEST} to {LATEST} as YYYY-MM-DD, such as 2026-03-31")
        return day


class PeriodWanted(Schema):
    """Days `from` and `to`, both counted, at most five years."""

    first = LocalDay(required=True, data_key="from")
    last = LocalDay(required=True, data_key="to")

    @validates_schema
    def _is_a_period(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data["first"], data["last"]
        if first > last:
            raise ValidationError(f"`from` must not be after `to` ({last})", "from")
        if (last.year - LONGEST_YEARS, last.month, last.day) >= (first.year, first.month, first.day):
            raise ValidationError(f"at most {LONGEST_YEARS} years from `from` ({first})", "to")
