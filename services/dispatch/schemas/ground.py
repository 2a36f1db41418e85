"""What all schemas of dispatch are made of."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

# Read by browsers and code generators too: `\Z` is Python's own, and its `$` lets a line break pass.
NAME = validate.Regexp(r"^[a-z0-9][a-z0-9_-]{0,59}$(?!\n)", error="is not the id of anything: a-z, 0-9, _ and -")
WITHIN_REASON = validate.Range(datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
ONE_PAGE = 4000


def said(value: str) -> None:
    if not value.strip():
        raise ValidationError("must say something")


def words(most: int = ONE_PAGE, **options: Any) -> fields.String:
    """What a person writes; not only spaces."""
    return fields.String(validate=validate.And(validate.Length(max=most), said), **options)


def true_or_false(**options: Any) -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False}, **options)


class Who(Schema):
    id = fields.UUID()
    name = fields.String(allow_none=True)


def who() -> fields.Nested:
    return fields.Nested(Who(), allow_none=True)


class NextStep(Schema):
    action = fields.String()
    milestone = fields.String()
    required = fields.List(fields.String())
    one_of = fields.List(fields.String())
    outcomes = fields.List(fields.String())
    reasons = fields.List(fields.String())
    waits_for = fields.String(data_key="for", attribute="for")
    limit_id = fields.String()
    extension_id = fields.UUID()
    decision = fields.String()
    approval_id = fields.String()
    compensation_id = fields.UUID()
    kinds = fields.List(fields.String())
