"""What comes in and what it is: intake, categories, urgencies, departments."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from libs.common.procedure import document as read
from libs.common.procedure.shapes.section import Named, Section, flag, id_field
from libs.common.procedure.shapes.values import NOT_EMPTY, Localised, Names, OneOf
from libs.common.procedure.vocabulary import ANSWER_WAYS, CHANNELS, INTAKE_FIELDS, WAYS_TO_ASSIGN


class AnonymousShape(Section):
    makes = read.AnonymousRules
    allowed = flag(required=True)
    required = Names(INTAKE_FIELDS, "intake field", validate=NOT_EMPTY)
    answer_by = Names(ANSWER_WAYS, "way to answer")

    @validates_schema
    def says_how_to_answer(self, data: dict[str, Any], **_: Any) -> None:
        if data["allowed"] and not data.get("answer_by"):
            raise ValidationError({"answer_by": ["say how an anonymous complaint is answered"]})


class IntakeShape(Section):
    makes = read.IntakeRules
    required = Named(
        keys=fields.String(validate=OneOf(("default", *CHANNELS), "channel")),
        values=Names(INTAKE_FIELDS, "intake field"),
        required=True,
    )
    anonymous = fields.Nested(AnonymousShape, required=True)
    default_category = id_field(required=True)
    default_urgency = id_field(required=True)
    disregard = Names()

    @validates_schema
    def has_a_default(self, data: dict[str, Any], **_: Any) -> None:
        if "default" not in data["required"]:
            raise ValidationError({"required": {"default": ["say what every other channel must carry"]}})


class CategoryShape(Section):
    makes = read.Category
    id = id_field(required=True)
    name = Localised(required=True)
    department = id_field(required=True)
    urgency = id_field()
    examples = Localised()
    words = Names()
    channels = Names(CHANNELS, "channel")


class UrgencyShape(Section):
    makes = read.Urgency
    id = id_field(required=True)
    name = Localised(required=True)
    examples = Localised()
    words = Names()


class DepartmentShape(Section):
    makes = read.Department
    id = id_field(required=True)
    name = Localised(required=True)
    assign = fields.String(validate=OneOf(WAYS_TO_ASSIGN, "way to assign"))
