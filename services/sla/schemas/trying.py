"""What goes in and out when the limits of a Procedure are tried on made-up facts or on past cases."""

from marshmallow import Schema, fields, validate

from libs.common.procedure.vocabulary import CHANNELS
from libs.common.web.candidates import MOST_ROWS, WITHIN_REASON, Candidate, OnPastCases, Previewed
from libs.common.web.fields import UtcTime
from services.sla.schemas import ClockOut

NAME = validate.Length(min=1, max=60)


def true_or_false() -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False}, load_default=False)


class FactsOfACase(Schema):
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    category = fields.String(required=True, validate=NAME)
    urgency = fields.String(required=True, validate=NAME)
    department = fields.String(required=True, validate=NAME)
    major = true_or_false()
    vip = true_or_false()
    complex = true_or_false()
    group = true_or_false()
    anonymous = true_or_false()


class Tried(Candidate):
    """A Procedure and a case that nobody opened."""

    facts = fields.Nested(FactsOfACase(), required=True)
    received_at = UtcTime(required=True, validate=WITHIN_REASON)
    reached = fields.Dict(
        keys=fields.String(validate=NAME),
        values=UtcTime(validate=WITHIN_REASON),
        load_default=dict,
        validate=validate.Length(max=100),
        metadata={"description": "further milestones, and when; received and registered are, at `received_at`"},
    )


class TriedLimit(ClockOut):
    """Its times are none while its first milestone is not reached."""

    class Meta:
        exclude = ("clock_id", "state", "met_at", "binding")

    started_at = UtcTime(allow_none=True)
    due_at = UtcTime(allow_none=True)


class TriedOut(Schema):
    items = fields.List(fields.Nested(TriedLimit()))


class Becoming(Schema):
    """What the Procedure would make of one case; what is left out stays as it is."""

    category = fields.String(validate=NAME)
    urgency = fields.String(validate=NAME)
    department = fields.String(validate=NAME)
    major = fields.Boolean(truthy={True}, falsy={False})


class Previewing(OnPastCases):
    """A candidate, the cases, and what `/v1/procedures/preview` of dispatch says they would become."""

    becoming = fields.Dict(
        keys=fields.UUID(),
        values=fields.Nested(Becoming()),
        load_default=dict,
        validate=validate.Length(max=MOST_ROWS),
        metadata={"description": "by complaint id: the `after` of category, urgency, department and major"},
    )


class MovedLimit(Schema):
    complaint_id = fields.UUID()
    received_at = UtcTime()
    department = fields.String()
    limit_id = fields.String()
    due_before = UtcTime(allow_none=True, metadata={"description": "none: the limit did not hold"})
    due_after = UtcTime(allow_none=True, metadata={"description": "none: the limit would not hold"})
    late_before = fields.Boolean(allow_none=True, metadata={"description": "none: not done yet, or no such limit"})
    late_after = fields.Boolean(allow_none=True)


class PreviewOut(Previewed):
    late_before = fields.Integer(metadata={"description": "changed limits that were not kept"})
    late_after = fields.Integer(metadata={"description": "changed limits that would not have been kept"})
    items = fields.List(fields.Nested(MovedLimit()))
