"""What goes in and out where money is promised and paid. Amounts are minor units of the Procedure's currency."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields, validate

from libs.common.web.fields import UtcTime
from services.dispatch.domain.compensation import KINDS, MOST, STATES
from services.dispatch.schemas.ground import NAME, who, words
from services.dispatch.schemas.story import CompensationOut

WITHIN_YEARS = validate.Range(date(2000, 1, 1), date(2200, 1, 1))


def amount() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=MOST))


def day(name: str, **options: Any) -> fields.Date:
    return fields.Date(data_key=name, validate=WITHIN_YEARS, **options)


class ProposeForm(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    amount = amount()
    currency = fields.String(
        validate=validate.Length(equal=3), metadata={"description": "the Procedure's, when left out"}
    )
    reason = words(required=True)


class ApproveForm(Schema):
    compensation_id = fields.UUID(required=True)
    note = words()


class EndForm(Schema):
    compensation_id = fields.UUID(required=True)
    reason = words(required=True)


class PayForm(Schema):
    compensation_id = fields.UUID(required=True)
    amount = amount()
    voucher_id = fields.UUID(metadata={"description": "the attachment that proves the payment"})
    paid_at = UtcTime(metadata={"description": "now, when left out"})


class EntriesWanted(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    department = fields.String(load_default=None, validate=NAME)
    first = day("from", load_default=None)
    last = day("to", load_default=None)


class LedgerWanted(EntriesWanted):
    cursor = fields.String(load_default=None, validate=validate.Length(min=1, max=400))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class LedgerEntry(CompensationOut):
    complaint_id = fields.UUID()
    number = fields.String()


class TotalOut(Schema):
    currency = fields.String()
    state = fields.String()
    entries = fields.Integer()
    amount = fields.Integer()
    paid = fields.Integer()


class LedgerOut(Schema):
    items = fields.List(fields.Nested(LedgerEntry()))
    totals = fields.List(fields.Nested(TotalOut()))
    next_cursor = fields.String(allow_none=True)


class PeriodWanted(Schema):
    first = day("from", required=True)
    last = day("to", required=True)


class BookedOut(Schema):
    number = fields.String()
    amount = fields.Decimal(as_string=True)
    paid_at = fields.Date(attribute="paid_on")
    reference = fields.String(allow_none=True)


class DifferentOut(Schema):
    here = fields.Nested(BookedOut())
    there = fields.Nested(BookedOut())


class FoundOut(Schema):
    """Amounts in major units, as they stand in the books."""

    different = fields.List(fields.Nested(DifferentOut()))
    missing_here = fields.List(fields.Nested(BookedOut()))
    missing_there = fields.List(fields.Nested(BookedOut()))


class ReconciliationOut(Schema):
    reconciliation_id = fields.UUID()
    at = UtcTime()
    by = who()
    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    file_sha256 = fields.String()
    matched = fields.Integer()
    different = fields.Integer()
    missing_here = fields.Integer()
    missing_there = fields.Integer()


class ReconciledOut(ReconciliationOut):
    found = fields.Nested(FoundOut())


class ReconciliationList(Schema):
    items = fields.List(fields.Nested(ReconciliationOut()))


class DifferenceOut(Schema):
    complaint_id = fields.UUID()
    number = fields.String(allow_none=True)
    compensation_id = fields.UUID()
    what = fields.String(
        metadata={"description": "kind | amount | currency | state | paid | missing | payments | owed"}
    )
    ledger = fields.String(allow_none=True, metadata={"description": "what the ledger says; null: nothing"})
    case = fields.String(allow_none=True, metadata={"description": "what the evidence of the case says"})


class LedgerCheckOut(Schema):
    check_id = fields.UUID()
    every = fields.String(metadata={"description": "quarter | half-year"})
    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    checked_at = UtcTime()
    entries = fields.Integer(metadata={"description": "promises looked at"})
    totals = fields.List(fields.Nested(TotalOut()))
    differences = fields.List(fields.Nested(DifferenceOut()))


class LedgerCheckList(Schema):
    items = fields.List(fields.Nested(LedgerCheckOut()))
