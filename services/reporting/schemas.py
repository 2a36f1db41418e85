"""What goes in and out of reporting's API."""

from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from libs.common.web.fields import PeriodWanted, UtcTime
from services.reporting.store.behind import FIGURES

SHORT = validate.Length(min=1, max=60)


class Paged(Schema):
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class PlaceInList(fields.Field[tuple[date, UUID]]):
    """`next_cursor` of the page before."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[date, UUID]:
        day, _, row_id = str(value).partition("_")
        try:
            return date.fromisoformat(day), UUID(row_id)
        except ValueError as mistake:
            raise ValidationError("give `next_cursor` of the page before, or leave it out") from mistake

    def _serialize(self, value: tuple[date, UUID] | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return f"{value[0]}_{value[1].hex}" if value else None


class FactsWanted(PeriodWanted, Paged):
    figure = fields.String(load_default="complaints", validate=validate.OneOf(FIGURES))
    channel = fields.String(validate=SHORT)
    category = fields.String(validate=SHORT)
    department = fields.String(validate=SHORT)
    cursor = PlaceInList(load_default=None)


class ShareOut(Schema):
    numerator = fields.Integer()
    denominator = fields.Integer()
    rate = fields.Float(allow_none=True, metadata={"description": "0 to 1; null when the denominator is 0"})


class TimesOut(Schema):
    median = fields.Float(allow_none=True, metadata={"description": "minutes, at most 2.2 % off; null when count is 0"})
    p90 = fields.Float(allow_none=True, metadata={"description": "as median"})
    count = fields.Integer()


class CountOut(Schema):
    key = fields.String(allow_none=True, metadata={"description": "null: not known yet"})
    count = fields.Integer(metadata={"description": "registered in the period"})


class LineOut(CountOut):
    timely = fields.Nested(ShareOut())


class DayOut(Schema):
    day = fields.Date()
    registered = fields.Integer()
    closed = fields.Integer()
    breached = fields.Integer()


class KpisOut(Schema):
    first = fields.Date(attribute="period.first", data_key="from")
    last = fields.Date(attribute="period.last", data_key="to")
    complaints = fields.Integer(metadata={"description": "registered in the period"})
    closed = fields.Integer(metadata={"description": "closed in the period, whatever the outcome"})
    open = fields.Integer(metadata={"description": "registered by the end of the period and not closed by then"})
    breaches = fields.Integer(metadata={"description": "clocks whose limit ended in the period and was not kept"})
    timely = fields.Nested(
        ShareOut(),
        metadata={
            "description": "closed in the period without a missed clock that faces the complainant, of all "
            "closed in the period; clocks that wait for routed, accepted, approved, surveyed or archived "
            "do not face the complainant, nor do those of one department's part"
        },
    )
    satisfaction = fields.Nested(
        ShareOut(),
        metadata={
            "description": "satisfied, of those closed in the period who were asked and answered; "
            "the last answer counts"
        },
    )
    reopened = fields.Nested(
        ShareOut(), metadata={"description": "those that had begun again, of all closed in the period"}
    )
    repeated = fields.Nested(
        ShareOut(), metadata={"description": "those that take up an earlier complaint, of all registered in the period"}
    )
    handling_minutes = fields.Nested(
        TimesOut(), metadata={"description": "receipt to closing, of those closed in the period"}
    )
    first_response_minutes = fields.Nested(
        TimesOut(),
        metadata={
            "description": "receipt to the first of accepted, contacted, on site, of those first answered in the period"
        },
    )
    by_channel = fields.List(fields.Nested(CountOut()))
    by_category = fields.List(fields.Nested(LineOut()))
    by_department = fields.List(fields.Nested(LineOut()))
    series = fields.List(fields.Nested(DayOut()))


class FactOut(Schema):
    complaint_id = fields.UUID()
    number = fields.String()
    channel = fields.String(allow_none=True)
    category = fields.String(allow_none=True)
    urgency = fields.String(allow_none=True)
    department = fields.String(allow_none=True)
    received_at = UtcTime()
    registered_at = UtcTime()
    first_response_at = UtcTime(allow_none=True)
    closed_at = UtcTime(allow_none=True)
    outcome = fields.String(allow_none=True)
    satisfied = fields.Boolean(allow_none=True)
    in_time = fields.Boolean(metadata={"description": "no clock that faces the complainant was missed"})
    breached = fields.Integer(metadata={"description": "missed clocks"})
    reopened = fields.Integer()
    limit_id = fields.String(allow_none=True, metadata={"description": "figure `breaches`: which limit"})
    missed_at = UtcTime(allow_none=True, metadata={"description": "figure `breaches`: when it ended"})


class FactList(Schema):
    items = fields.List(fields.Nested(FactOut()))
    next_cursor = PlaceInList(attribute="following", allow_none=True)


class MarkForm(Schema):
    mystery = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=2, max=300))


class MarksWanted(Paged):
    cursor = fields.UUID(load_default=None)


class MarkOut(Schema):
    complaint_id = fields.UUID()
    mystery = fields.Boolean()
    reason = fields.String()
    by = fields.UUID()
    at = UtcTime()


class MarkList(Schema):
    items = fields.List(fields.Nested(MarkOut()))
    next_cursor = fields.UUID(allow_none=True)


class DrawHead(Schema):
    draw_id = fields.UUID()
    every = fields.String(metadata={"description": "month | quarter"})
    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    drawn_at = UtcTime()
    share_percent = fields.Integer()


class DrawLine(DrawHead):
    drawn = fields.Integer()
    called = fields.Integer()
    reached = fields.Integer()
    satisfaction = fields.Nested(ShareOut(), metadata={"description": "satisfied, of those who said"})


class ReviewLine(DrawHead):
    drawn = fields.Integer()
    reviewed = fields.Integer()
    kept = fields.Nested(ShareOut(), metadata={"description": "in which the Procedure was kept, of those reviewed"})


class ReviewList(Schema):
    items = fields.List(fields.Nested(ReviewLine()))


class DrawList(Schema):
    items = fields.List(fields.Nested(DrawLine()))


class CallForm(Schema):
    """`satisfied`: only of somebody who was reached; null when they did not say. The note is kept masked."""

    reached = fields.Boolean(required=True)
    satisfied = fields.Boolean(load_default=None, allow_none=True)
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))


class FindingForm(Schema):
    """`kept`: whether the case was handled as the Procedure says. The note is kept masked."""

    kept = fields.Boolean(required=True)
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))


class DrawnOut(Schema):
    complaint_id = fields.UUID()
    number = fields.String(allow_none=True)
    department = fields.String(allow_none=True)
    closed_at = UtcTime(allow_none=True)
    note = fields.String(allow_none=True)
    by = fields.UUID(allow_none=True)
    at = UtcTime(allow_none=True)


class CallOut(DrawnOut):
    reached = fields.Boolean(allow_none=True, metadata={"description": "null: nobody has called yet"})
    satisfied = fields.Boolean(allow_none=True)


class ReviewOut(DrawnOut):
    kept = fields.Boolean(allow_none=True, metadata={"description": "null: nobody has reviewed it yet"})


class Repeatable(DrawHead):
    seed = fields.String(metadata={"description": "made by chance once the population was fixed"})
    population = fields.List(
        fields.UUID(),
        metadata={
            "description": "closed in the period; without mystery shoppers', and of those to be called back "
            "without anonymous complaints"
        },
    )
    population_sha256 = fields.String(metadata={"description": "of the ids as they stand, one on each line"})


class DrawOut(Repeatable):
    drawn = fields.List(fields.Nested(CallOut()), metadata={"description": "in the order in which they were drawn"})


class ReviewDrawOut(Repeatable):
    roles = fields.List(fields.String(), metadata={"description": "who may review"})
    drawn = fields.List(fields.Nested(ReviewOut()), metadata={"description": "in the order in which they were drawn"})


class TypicalCaseForm(Schema):
    """Words that everybody may read: no names, numbers or addresses."""

    title = fields.String(required=True, validate=validate.Length(min=2, max=100))
    text = fields.String(required=True, validate=validate.Length(min=10, max=2000))
    published = fields.Boolean(required=True)


class TypicalCaseOut(TypicalCaseForm):
    complaint_id = fields.UUID()
    by = fields.UUID()
    at = UtcTime()


class NumberedCaseOut(TypicalCaseOut):
    number = fields.String(allow_none=True)


class TypicalCaseList(Schema):
    items = fields.List(fields.Nested(NumberedCaseOut()))
    changes = fields.List(
        fields.Nested(TypicalCaseOut()), metadata={"description": "who wrote what when, newest first"}
    )


class FigureOut(Schema):
    name = fields.String()
    kind = fields.String(metadata={"description": "count | rate (0 to 1) | minutes"})
    value = fields.Float(allow_none=True, metadata={"description": "null: counted from too few complaints to be told"})


class DisclosedPeriodOut(Schema):
    first = fields.Date(attribute="period.first", data_key="from")
    last = fields.Date(attribute="period.last", data_key="to")
    figures = fields.List(fields.Nested(FigureOut()))


class PublicCaseOut(Schema):
    title = fields.String()
    text = fields.String()


class DisclosureOut(Schema):
    every = fields.String(metadata={"description": "month | quarter"})
    periods = fields.List(fields.Nested(DisclosedPeriodOut()), metadata={"description": "those over, the newest first"})
    cases = fields.List(fields.Nested(PublicCaseOut()))
