"""What goes in and out of tenants' API."""

from marshmallow import Schema, fields, validate

from libs.common.web.fields import UtcTime
from services.tenants.handlers.passwords import LONGEST, SHORTEST

NAME = validate.Length(min=1, max=100)
NAMES = validate.Length(max=50)
WORD = fields.String(validate=validate.Length(min=1, max=60))
PASSWORD = validate.Length(min=SHORTEST, max=LONGEST)


class PartOfList(Schema):
    """Which part of a list: `cursor` is the `next_cursor` of the part before."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class Page(PartOfList):
    cursor = fields.UUID(load_default=None)


class PageBySlug(PartOfList):
    cursor = fields.String(load_default=None, validate=validate.Length(max=40))


class Credentials(Schema):
    tenant = fields.String(required=True, validate=NAME, metadata={"description": "the tenant's slug"})
    login = fields.String(required=True, validate=NAME)
    password = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))


class KeyCredentials(Schema):
    tenant = fields.String(required=True, validate=NAME, metadata={"description": "the tenant's slug"})
    api_key = fields.String(required=True, validate=validate.Length(min=1, max=200))


class RefreshForm(Schema):
    refresh_token = fields.String(required=True, validate=validate.Length(min=1, max=200))


class SignedInPerson(Schema):
    id = fields.UUID(attribute="person_id")
    name = fields.String()
    roles = fields.List(fields.String())
    departments = fields.List(fields.String())
    language = fields.String()


class TenantShown(Schema):
    slug = fields.String()
    name = fields.String()
    kind = fields.String()
    language = fields.String()
    time_zone = fields.String()


class TenantOut(TenantShown):
    id = fields.UUID(attribute="tenant_id")
    country = fields.String()
    created_at = UtcTime()


class SignedInTenant(TenantShown):
    id = fields.UUID(attribute="tenant_id")


class SessionOut(Schema):
    access_token = fields.String()
    expires_at = UtcTime()
    refresh_token = fields.String()
    person = fields.Nested(SignedInPerson())
    tenant = fields.Nested(SignedInTenant())


class TokenOut(Schema):
    access_token = fields.String()
    expires_at = UtcTime()


class FirstAdmin(Schema):
    name = fields.String(required=True, validate=NAME)
    login = fields.String(required=True, validate=NAME)
    email = fields.String(required=True, validate=validate.Length(max=254))
    password = fields.String(validate=PASSWORD)


class TenantForm(Schema):
    slug = fields.String(required=True, validate=validate.Length(max=60))
    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    kind = fields.String(required=True, validate=validate.Length(max=20))
    language = fields.String(required=True, validate=validate.Length(max=12))
    time_zone = fields.String(required=True, validate=validate.Length(max=60))
    country = fields.String(required=True, validate=validate.Length(max=2))
    admin = fields.Nested(FirstAdmin(), required=True)
    preset = fields.String(validate=NAME, metadata={"description": "the Procedure to start from"})


class TenantMade(TenantOut):
    admin_id = fields.UUID()
    password = fields.String(metadata={"description": "the admin's, if none was given; shown once"})


class TenantList(Schema):
    items = fields.List(fields.Nested(TenantOut()))
    next_cursor = fields.String(allow_none=True)


class PlaceForm(Schema):
    kind = fields.String(required=True, validate=validate.Length(max=20))
    name = fields.String(required=True, validate=validate.Length(min=1, max=80))
    parent_id = fields.UUID(load_default=None, allow_none=True)


class PlaceOut(Schema):
    id = fields.UUID(attribute="place_id")
    kind = fields.String()
    name = fields.String()
    parent_id = fields.UUID(allow_none=True)
    label = fields.String(metadata={"description": "the full name from the top"})


class PlaceList(Schema):
    items = fields.List(fields.Nested(PlaceOut()))
    next_cursor = fields.UUID(allow_none=True)


class PersonChanges(Schema):
    name = fields.String(validate=NAME)
    roles = fields.List(WORD, validate=NAMES)
    departments = fields.List(WORD, validate=NAMES)
    skills = fields.List(WORD, validate=NAMES, metadata={"description": "categories the person knows how to handle"})
    language = fields.String(validate=validate.Length(max=12))
    email = fields.String(allow_none=True, validate=validate.Length(max=254))
    phone = fields.String(allow_none=True, validate=validate.Length(max=40))
    password = fields.String(validate=PASSWORD)
    active = fields.Boolean()


class PersonForm(PersonChanges):
    class Meta:
        exclude = ("active",)

    name = fields.String(required=True, validate=NAME)
    login = fields.String(required=True, validate=NAME)
    roles = fields.List(WORD, required=True, validate=NAMES)


class Colleague(Schema):
    id = fields.UUID(attribute="person_id")
    name = fields.String()
    roles = fields.List(fields.String())
    departments = fields.List(fields.String())
    skills = fields.List(fields.String())
    active = fields.Boolean()


class PersonOut(Colleague):
    """What admins see of a person."""

    login = fields.String()
    language = fields.String()
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class PersonList(Schema):
    items = fields.List(fields.Nested(PersonOut()))
    next_cursor = fields.UUID(allow_none=True)


class Address(Schema):
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    language = fields.String()


class KeyForm(Schema):
    name = fields.String(required=True, validate=NAME)
    scopes = fields.List(WORD, load_default=lambda: ["staff"], validate=NAMES)


class KeyOut(Schema):
    id = fields.UUID(attribute="key_id")
    name = fields.String()
    scopes = fields.List(fields.String())
    created_at = UtcTime()
    revoked_at = UtcTime(allow_none=True)


class KeyMade(KeyOut):
    api_key = fields.String(metadata={"description": "shown once"})


class KeyList(Schema):
    items = fields.List(fields.Nested(KeyOut()))
    next_cursor = fields.UUID(allow_none=True)


class FormCategory(Schema):
    id = fields.String()
    name = fields.Dict(keys=fields.String(), values=fields.String())


class FormPlace(Schema):
    id = fields.UUID(attribute="place_id")
    label = fields.String()


class FormAnonymous(Schema):
    allowed = fields.Boolean()
    answer_ways = fields.List(fields.String())


class FormOut(Schema):
    tenant = fields.Nested(TenantShown())
    categories = fields.List(fields.Nested(FormCategory()))
    required = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), metadata={"description": "by channel"}
    )
    anonymous = fields.Nested(FormAnonymous())
    places = fields.List(fields.Nested(FormPlace()))
    disclosed = fields.Boolean(metadata={"description": "whether figures and typical cases are published (RE-7)"})
