"""How a form is asked for."""

from marshmallow import Schema, fields, validate

from libs.common.procedure.vocabulary import LANGUAGES


class FormWanted(Schema):
    language = fields.String(load_default=None, validate=validate.OneOf(LANGUAGES))


class Complainant(Schema):
    """What intake alone keeps, for one printed copy: it is written into that copy and nowhere else."""

    complainant = fields.String(load_default="", validate=validate.Length(max=100))
    contact = fields.String(load_default="", validate=validate.Length(max=300))
