"""Above the single step: lanes, approvals, compensation, reopening, looking back, what is published."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.procedure import oversight as read
from libs.common.procedure.shapes.handling import CaseConditionShape
from libs.common.procedure.shapes.section import Section, flag, id_field, some, whole
from libs.common.procedure.shapes.values import NOT_EMPTY, Localised, Names, OneOf, ShareText, SpanText
from libs.common.procedure.vocabulary import CALLED_IN, DISCLOSED, LOOK_BACK, STAFF_ROLES

MOST_MONEY = 10**15


class LaneShape(Section):
    makes = read.Lane
    id = id_field(required=True)
    people = Names(CALLED_IN, "role to call", required=True, validate=NOT_EMPTY)
    acknowledge_within = SpanText(required=True)

    @validates_schema
    def waits_by_the_clock(self, data: dict[str, Any], **_: Any) -> None:
        if data["acknowledge_within"].unit not in ("min", "h"):
            raise ValidationError({"acknowledge_within": ["a call is answered by the clock: write min or h"]})


class ApprovalShape(Section):
    makes = read.Approval
    id = id_field(required=True)
    name = Localised(required=True)
    before = id_field(required=True)
    by = Names(STAFF_ROLES, "role", required=True, validate=NOT_EMPTY)
    when = fields.Nested(CaseConditionShape)


class SpendingLevelShape(Section):
    makes = read.SpendingLevel
    up_to = whole(1, MOST_MONEY)
    by = Names(STAFF_ROLES, "role", required=True, validate=NOT_EMPTY)


class CompensationShape(Section):
    makes = read.CompensationRules
    currency = fields.String(
        required=True, validate=validate.Regexp(r"[A-Z]{3}\Z", error="write an ISO 4217 code: CNY")
    )
    approval = some(SpendingLevelShape, at_least=1, at_most=10, required=True)
    advance_up_to = whole(1, MOST_MONEY)
    voucher = flag()

    @validates_schema
    def reaches_every_amount(self, data: dict[str, Any], **_: Any) -> None:
        bounds = [level.up_to for level in data["approval"]]
        mistakes = {}
        for at, (bound, after) in enumerate(zip(bounds, bounds[1:], strict=False)):
            if bound is None or (after is not None and after <= bound):
                mistakes[at + 1] = {"up_to": ["must be more than the level before reaches"]}
        if bounds[-1] is not None:
            mistakes[len(bounds) - 1] = {"up_to": ["somebody must approve larger amounts: leave the last one open"]}
        if mistakes:
            raise ValidationError({"approval": mistakes})


class ReopeningShape(Section):
    makes = read.ReopeningRules
    within = SpanText(required=True)
    again = Names(required=True, validate=NOT_EMPTY)
    by = Names(STAFF_ROLES, "role")
    levels = Names(CALLED_IN, "role to take over")


def period(*known: str) -> fields.Field[Any]:
    return fields.String(required=True, validate=OneOf(known, "period"))


class CallBacksShape(Section):
    makes = read.CallBacks
    share = ShareText(required=True)
    every = period("month", "quarter")


class ReviewsShape(Section):
    makes = read.Reviews
    share = ShareText(required=True)
    every = period("month", "quarter", "half-year")
    by = Names(LOOK_BACK, "role that looks back", required=True, validate=NOT_EMPTY)


class LedgerCheckShape(Section):
    makes = read.LedgerCheck
    every = period("quarter", "half-year")


class OversightShape(Section):
    makes = read.Oversight
    callbacks = fields.Nested(CallBacksShape)
    reviews = fields.Nested(ReviewsShape)
    ledger = fields.Nested(LedgerCheckShape)


class DisclosureShape(Section):
    makes = read.Disclosure
    every = period("month", "quarter")
    shown = Names(DISCLOSED, "figure", required=True, validate=NOT_EMPTY)
    cases = flag()
