"""What goes in and out of tenants' API about Procedures, their versions and drafts."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.web.fields import UtcTime
from services.tenants.handlers.procedures import LARGEST
from services.tenants.schemas import NAME, PartOfList

VERSION = validate.Range(min=1, max=2**31 - 1)
BEGINNINGS = ("document", "yaml", "preset", "version")


class PageByVersion(PartOfList):
    cursor = fields.Integer(load_default=None, validate=VERSION)


class WrittenProcedure(Schema):
    """A Procedure, as JSON values or as YAML text."""

    document = fields.Dict(keys=fields.String())
    yaml = fields.String(validate=validate.Length(max=LARGEST))

    @validates_schema
    def is_given_once(self, data: dict[str, object], **_: object) -> None:
        if ("document" in data) == ("yaml" in data):
            raise ValidationError("give either document or yaml", "document")


class Publishing(Schema):
    """When a version begins, and whether what is warned about is accepted."""

    active_from = UtcTime(
        load_default=None, allow_none=True, metadata={"description": "not in the past; now, when left out"}
    )
    accept_warnings = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class PublicationForm(WrittenProcedure, Publishing):
    pass


class Warned(Schema):
    path = fields.String()
    message = fields.String()


class Published(Schema):
    version = fields.Integer()
    active_from = UtcTime()
    warnings = fields.List(fields.Nested(Warned()))


class MistakeOut(Warned):
    suggestion = fields.String(allow_none=True)


class Checked(Schema):
    mistakes = fields.List(fields.Nested(MistakeOut()))
    warnings = fields.List(fields.Nested(Warned()))


class ProcedureOut(Schema):
    version = fields.Integer()
    active_from = UtcTime()
    document = fields.Dict()


class PublicationOut(Schema):
    version = fields.Integer()
    active_from = UtcTime()
    published_at = UtcTime()
    published_by = fields.UUID(allow_none=True)


class PublicationList(Schema):
    items = fields.List(fields.Nested(PublicationOut()))
    next_cursor = fields.Integer(allow_none=True)


class YamlOut(Schema):
    yaml = fields.String(metadata={"description": "reads back as the same Procedure; comments are not kept"})


class DifferenceOut(Schema):
    section = fields.String()
    id = fields.String(allow_none=True, metadata={"description": "of the entry; none: the section itself"})
    field = fields.String()
    words = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "by language"})


class DifferenceList(Schema):
    items = fields.List(fields.Nested(DifferenceOut()))


class PresetOut(Schema):
    name = fields.String()
    title = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "by language"})


class PresetList(Schema):
    items = fields.List(fields.Nested(PresetOut()))


class DraftForm(Schema):
    """A draft begins as one of: JSON values, YAML text, a preset, a published version."""

    name = fields.String(required=True, validate=NAME)
    document = fields.Dict(keys=fields.String())
    yaml = fields.String(validate=validate.Length(max=LARGEST))
    preset = fields.String(validate=NAME)
    version = fields.Integer(strict=True, validate=VERSION)

    @validates_schema
    def begins_once(self, data: dict[str, object], **_: object) -> None:
        if len(data.keys() & set(BEGINNINGS)) != 1:
            raise ValidationError(f"give one of: {', '.join(BEGINNINGS)}", "document")


class DraftChanges(WrittenProcedure):
    name = fields.String(validate=NAME)


class DraftRow(Schema):
    id = fields.UUID(attribute="draft_id")
    name = fields.String()
    base_version = fields.Integer(allow_none=True, metadata={"description": "what it is compared with"})
    revision = fields.Integer(metadata={"description": "also the ETag, which goes into `If-Match` of an edit"})
    updated_at = UtcTime()
    updated_by = fields.UUID(allow_none=True)


class DraftOut(DraftRow):
    document = fields.Dict()


class DraftList(Schema):
    items = fields.List(fields.Nested(DraftRow()))
    next_cursor = fields.UUID(allow_none=True)
