"""What a case went through beside its milestones, for its page."""

from marshmallow import Schema, fields

from libs.common.web.fields import UtcTime
from services.dispatch.schemas.ground import who


class WaitOut(Schema):
    pause_id = fields.UUID()
    part_id = fields.UUID(allow_none=True, metadata={"description": "the part that waits; null: the whole case"})
    department = fields.String(allow_none=True, metadata={"description": "whose part that is"})
    at = UtcTime()
    by = who()
    waits_for = fields.String()
    party = fields.String(allow_none=True)
    reason = fields.String()
    ended_at = UtcTime(allow_none=True, metadata={"description": "null: the case waits now"})
    ended_by = who()


class ExtensionOut(Schema):
    extension_id = fields.UUID()
    at = UtcTime()
    by = who()
    limit_id = fields.String()
    old_due_at = UtcTime()
    due_at = UtcTime()
    reason = fields.String()
    told = fields.Boolean()
    state = fields.String(metadata={"description": "asked, granted or declined"})
    decided_at = UtcTime(allow_none=True)
    decided_by = who()
    answer = fields.String(allow_none=True)


class ApprovalOut(Schema):
    approval_id = fields.String()
    round = fields.Integer()
    at = UtcTime()
    by = who()
    note = fields.String(allow_none=True)
    state = fields.String(metadata={"description": "asked, approved, returned, or lapsed once it was revised"})
    decided_at = UtcTime(allow_none=True)
    decided_by = who()
    answer = fields.String(allow_none=True)


class FindingOut(Schema):
    milestone = fields.String()
    round = fields.Integer()
    at = UtcTime()
    by = who()
    finding = fields.String(allow_none=True)
    report = fields.String(allow_none=True)
    cause = fields.String(allow_none=True)
    cause_text = fields.String(allow_none=True)
    plan = fields.String(allow_none=True)
    plan_text = fields.String(allow_none=True)


class NoteOut(Schema):
    milestone = fields.String(allow_none=True, metadata={"description": "the step that was revised; null: none"})
    round = fields.Integer()
    at = UtcTime()
    by = who()
    note = fields.String()
    attachments = fields.List(fields.String())


class LinkOut(Schema):
    relation = fields.String(
        metadata={"description": "merged_into, took_in, follows, followed_by, repeats or repeated_by"}
    )
    other_id = fields.UUID()
    number = fields.String(allow_none=True)
    at = UtcTime()


class MemberOut(Schema):
    complaint_id = fields.UUID()
    number = fields.String()
    state = fields.String()
    received_at = UtcTime()


class PaymentOut(Schema):
    amount = fields.Integer()
    paid_at = UtcTime()
    by = who()
    voucher_id = fields.UUID(allow_none=True)


class CompensationOut(Schema):
    """Amounts in minor units of the currency."""

    compensation_id = fields.UUID()
    kind = fields.String()
    state = fields.String()
    amount = fields.Integer()
    paid = fields.Integer()
    currency = fields.String()
    department = fields.String()
    reason = fields.String()
    proposed_at = UtcTime()
    proposed_by = who()
    decided_at = UtcTime(allow_none=True)
    decided_by = who()
    decision = fields.String(allow_none=True)
    withdrawn_at = UtcTime(allow_none=True)
    withdrawn_by = who()
    withdrawal = fields.String(allow_none=True)
    payments = fields.List(fields.Nested(PaymentOut()))
