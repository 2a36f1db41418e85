"""What goes in and out when a Procedure is tried on a complaint or on past cases."""

from marshmallow import Schema, fields, validate

from libs.common.procedure.vocabulary import CHANNELS
from libs.common.web.candidates import WITHIN_REASON, Candidate, OnPastCases, Previewed
from libs.common.web.fields import UtcTime
from services.dispatch.domain.preview import COMPARED
from services.dispatch.schemas.ground import NAME, true_or_false

__all__ = ["OnPastCases", "PreviewOut", "Tried", "TriedOut"]

BY_LANGUAGE = {"description": "by language"}


def a_place(kind: str) -> fields.String:
    about = {"description": f"the name of the {kind} that the place lies in, or is"}
    return fields.String(load_default=None, validate=validate.Length(max=200), data_key=kind, metadata=about)


class Tried(Candidate):
    """A Procedure and a complaint that nobody made."""

    text = fields.String(required=True, validate=validate.Length(min=1, max=20_000))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    place = fields.String(load_default=None, validate=validate.Length(max=300))
    in_property = a_place("property")
    in_building = a_place("building")
    in_unit = a_place("unit")
    category = fields.String(load_default=None, validate=NAME, metadata={"description": "as if a person chose it"})
    urgency = fields.String(load_default=None, validate=NAME, metadata={"description": "as if a person chose it"})
    major = true_or_false(load_default=False)
    vip = true_or_false(load_default=False)
    group = true_or_false(load_default=False, metadata={"description": "as if it were found to be one of many"})
    anonymous = true_or_false(load_default=False)
    claimed_amount = fields.Integer(
        load_default=None,
        strict=True,
        validate=validate.Range(0, 10**15),
        metadata={"description": "in minor units"},
    )
    received_at = UtcTime(load_default=None, validate=WITHIN_REASON, metadata={"description": "now, when left out"})


class Why(Schema):
    rule = fields.String(metadata={"description": "empty for what no rule decided"})
    why = fields.Dict(keys=fields.String(), values=fields.String(), metadata=BY_LANGUAGE)


class Chosen(Schema):
    id = fields.UUID()
    name = fields.String()


class TriedOut(Schema):
    category = fields.String()
    confidence = fields.Float(metadata={"description": "about the category: 0 (nothing told) to 1"})
    urgency = fields.String()
    major = fields.Boolean()
    department = fields.String()
    alerts = fields.List(fields.String(), metadata={"description": "roles that are told at once"})
    joint = fields.List(fields.String(), metadata={"description": "departments that handle a part of it"})
    lanes = fields.List(fields.String(), metadata={"description": "whose people must acknowledge it"})
    reasons = fields.List(fields.Nested(Why()))
    assignee = fields.Nested(Chosen(), allow_none=True, metadata={"description": "who would get it now"})
    assigned_as = fields.Dict(keys=fields.String(), values=fields.String(), metadata=BY_LANGUAGE)


class Became(Schema):
    before = fields.Raw()
    after = fields.Raw()


class ChangedCase(Schema):
    complaint_id = fields.UUID()
    number = fields.String()
    received_at = UtcTime()
    procedure_version = fields.Integer(metadata={"description": "the one the case runs under"})
    changes = fields.Dict(
        keys=fields.String(validate=validate.OneOf(COMPARED)),
        values=fields.Nested(Became()),
        metadata={"description": f"only what differs of: {', '.join(COMPARED)}"},
    )


class PreviewOut(Previewed):
    changes = fields.Dict(
        keys=fields.String(validate=validate.OneOf(COMPARED)),
        values=fields.Integer(),
        metadata={"description": "in how many cases each would be another"},
    )
    items = fields.List(fields.Nested(ChangedCase()))
