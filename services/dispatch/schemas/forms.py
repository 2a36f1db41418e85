"""How a form is asked for."""

from marshmallow import Schema, fields, validate

from libs.common.procedure.vocabulary import LANGUAGES


class FormWanted(Schema):
    language = fields.String(load_default=None, validate=validate.OneOf(LANGUAGES))
