"""When complaints are alike: repeats and group events."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from libs.common.procedure import likeness as read
from libs.common.procedure.duration import Span
from libs.common.procedure.shapes.section import Section, whole
from libs.common.procedure.shapes.values import NOT_EMPTY, Names, OneOf, SpanText

LONGEST = 366 * 24 * 60  # minutes


def by_the_clock(span: Span) -> None:
    """Likeness has nothing to do with opening hours."""
    if span.unit not in ("min", "h", "d") or span.end_of_day:
        raise ValidationError("is counted by the clock: write min, h or d")
    if span.nominal_minutes > LONGEST:
        raise ValidationError("is too long: write at most 366d")


class RepeatShape(Section):
    makes = read.RepeatRules
    within = SpanText(required=True, validate=by_the_clock)
    same = Names(read.SAME, "kind of likeness", validate=NOT_EMPTY)


class GroupShape(Section):
    makes = read.GroupRules
    at_least = whole(2, 10_000, required=True)
    within = SpanText(required=True, validate=by_the_clock)
    at = fields.String(validate=OneOf(read.LEVELS, "level of place"))


class LikenessShape(Section):
    makes = read.LikenessRules
    repeat = fields.Nested(RepeatShape)
    group = fields.Nested(GroupShape)

    @validates_schema
    def looks_for_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError("looks for nothing: give repeat or group, or leave it out")
