"""What is asked with a Procedure that is not in force: to try it, or to preview it on past cases (PO-4)."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.auth import Principal
from libs.common.web.access import Access
from libs.common.web.fields import UtcTime

MAY_TRY = Access(roles=frozenset({"admin", "manager", "supervisor"}))
SEES_EVERY_DEPARTMENT = frozenset({"admin", "manager"})
WITHIN_REASON = validate.Range(datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
LONGEST_TEXT = 200_000
MOST_CASES = 10_000
MOST_ROWS = 1_000


class Candidate(Schema):
    """The Procedure that is tried: JSON values, YAML text, or a published version."""

    document = fields.Dict(keys=fields.String())
    yaml = fields.String(validate=validate.Length(max=LONGEST_TEXT))
    version = fields.Integer(strict=True, validate=validate.Range(min=1, max=2**31 - 1))

    @validates_schema
    def is_given_once(self, data: dict[str, Any], **_: Any) -> None:
        if len(data.keys() & {"document", "yaml", "version"}) != 1:
            raise ValidationError("give one of: document, yaml, version", "document")


class OnPastCases(Candidate):
    """A candidate and the cases, by when they were received, that it is run over.

    `cursor` is the `next_cursor` of the part before: of the same question only the rows shown change.
    """

    received_from = UtcTime(required=True, data_key="from", validate=WITHIN_REASON)
    received_to = UtcTime(required=True, data_key="to", validate=WITHIN_REASON)
    limit = fields.Integer(
        load_default=1_000,
        strict=True,
        validate=validate.Range(min=1, max=MOST_CASES),
        metadata={"description": "of the cases looked at, the oldest first"},
    )
    rows = fields.Integer(load_default=50, strict=True, validate=validate.Range(min=1, max=MOST_ROWS))
    cursor = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=2**31 - 1))

    @validates_schema
    def goes_forward(self, data: dict[str, Any], **_: Any) -> None:
        if data["received_to"] <= data["received_from"]:
            raise ValidationError("must be after `from`", "to")


class Previewed(Schema):
    cases = fields.Integer(metadata={"description": "how many were looked at"})
    cases_changed = fields.Integer()
    more_cases = fields.Boolean(metadata={"description": "the span has more cases than `limit`"})
    next_cursor = fields.Integer(allow_none=True)


def departments_seen_by(principal: Principal) -> frozenset[str] | None:
    """None: those of every department."""
    return None if principal.roles & SEES_EVERY_DEPARTMENT else principal.departments
