"""What comes in with the steps beside the ordinary way of a case."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.procedure.vocabulary import WAITS_FOR
from libs.common.web.fields import UtcTime
from services.dispatch.domain.closing import FINDINGS
from services.dispatch.domain.extending import DECISIONS
from services.dispatch.domain.next_steps import IN_WORDS_TOO
from services.dispatch.domain.reopening import REASONS
from services.dispatch.schemas.ground import NAME, WITHIN_REASON, true_or_false, words

CAUSES = ("product_service", "communication", "process")
PLANS = ("fix", "compensate")


class FoundForm(Schema):
    """What was found out at a step (DI-7, IN-9)."""

    report = words(metadata={"description": "the report of the investigation"})
    cause = fields.String(validate=validate.OneOf(CAUSES))
    cause_text = words()
    plan = fields.String(validate=validate.OneOf(PLANS))
    plan_text = words()
    finding = fields.String(validate=validate.OneOf(FINDINGS))

    @validates_schema
    def says_both(self, data: dict[str, Any], **_: Any) -> None:
        for kind, in_words in IN_WORDS_TOO.items():
            if in_words in data and kind not in data:
                raise ValidationError(f"is required with {in_words}", kind)
            if kind in data and in_words not in data:
                raise ValidationError(f"is required with {kind}", in_words)


class WaitForm(Schema):
    waits_for = fields.String(data_key="for", attribute="for", required=True, validate=validate.OneOf(WAITS_FOR))
    party = words(200, metadata={"description": "the outside party's name; never a person's"})
    reason = words(required=True)


class ResumeForm(Schema):
    note = words()


class ExtendForm(Schema):
    limit_id = fields.String(required=True, validate=NAME)
    due_at = UtcTime(required=True, validate=WITHIN_REASON)
    reason = words(required=True)
    told = true_or_false(metadata={"description": "the complainant knows already"})


class DecideExtensionForm(Schema):
    extension_id = fields.UUID(required=True)
    decision = fields.String(required=True, validate=validate.OneOf(DECISIONS))
    reason = words(metadata={"description": "required to decline"})


class ApprovalForm(Schema):
    approval_id = fields.String(required=True, validate=NAME)
    note = words()


class ReturnForm(Schema):
    approval_id = fields.String(required=True, validate=NAME)
    reason = words(required=True)


class NoteForm(Schema):
    note = words(required=True)
    attachments = fields.List(fields.UUID(), validate=validate.Length(max=20))


class ReviseForm(FoundForm, NoteForm):
    milestone = fields.String(required=True, validate=NAME)


class ReopenForm(Schema):
    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    note = words(required=True)


class MergeForm(Schema):
    into = fields.String(
        required=True,
        validate=validate.Length(min=1, max=20),
        metadata={"description": "the number of the case that goes on"},
    )
    reason = words(required=True)


class UnlinkForm(Schema):
    other = fields.String(
        required=True,
        validate=validate.Length(min=1, max=20),
        metadata={"description": "the number of the case that this one was found to repeat"},
    )
    reason = words(required=True)
