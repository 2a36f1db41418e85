"""What goes in and out of dispatch's API."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.web.fields import UtcTime
from services.dispatch.domain.closing import OUTCOMES
from services.dispatch.domain.next_steps import FLAGS
from services.dispatch.schemas.ground import NAME, WITHIN_REASON, NextStep, Who, true_or_false, who, words
from services.dispatch.schemas.placing import PartOut, SummonsOut
from services.dispatch.schemas.steps import FoundForm
from services.dispatch.schemas.story import (
    ApprovalOut,
    CompensationOut,
    ExtensionOut,
    FindingOut,
    LinkOut,
    MemberOut,
    NoteOut,
    WaitOut,
)


class CasesWanted(Schema):
    view = fields.String(load_default="mine", validate=validate.OneOf(("mine", "department", "absent", "all")))
    state = fields.String(load_default="open", validate=validate.OneOf(("open", "closed", "all")))
    department = fields.String(load_default=None, validate=NAME)
    cursor = fields.String(load_default=None, validate=validate.Length(min=1, max=400))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class AcceptForm(Schema):
    note = words()


class RefuseForm(Schema):
    reason = words(required=True)


class MilestoneForm(FoundForm):
    milestone = fields.String(required=True, validate=NAME)
    reached_at = UtcTime(metadata={"description": "now, when left out"})
    note = words()
    attachments = fields.List(fields.UUID(), validate=validate.Length(max=20))


class TransferForm(Schema):
    to_department = fields.String(required=True, validate=NAME)
    to_person_id = fields.UUID()
    reason = words(required=True)
    handover = words(required=True)


class ReclassifyForm(Schema):
    category = fields.String(validate=NAME)
    urgency = fields.String(validate=NAME)
    major = true_or_false()
    vip = true_or_false()
    complex = true_or_false()
    group = true_or_false(metadata={"description": "one of many complaints about the same thing"})
    reason = words(required=True)

    @validates_schema
    def corrects_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data.keys() & {"category", "urgency", *FLAGS}:
            raise ValidationError(f"give at least one of: category, urgency, {', '.join(FLAGS)}", "category")


class AssignForm(Schema):
    person_id = fields.UUID(required=True)
    reason = words(required=True)


class ResultForm(Schema):
    text = words(5000, required=True)
    prevention = words()
    written = true_or_false(metadata={"description": "the complainant has it in writing"})
    spoken = true_or_false(metadata={"description": "the complainant was told by voice"})


class CloseForm(Schema):
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    satisfied = true_or_false(metadata={"description": "left out: the complainant did not say"})
    note = words()
    text = words(5000, metadata={"description": "the explanation for the complainant, where no result was given"})
    written = true_or_false(metadata={"description": "the complainant has the explanation in writing"})
    spoken = true_or_false(metadata={"description": "the complainant was told the explanation by voice"})


class CaseRow(Schema):
    complaint_id = fields.UUID()
    number = fields.String()
    channel = fields.String()
    category = fields.String()
    urgency = fields.String()
    major = fields.Boolean()
    vip = fields.Boolean()
    group = fields.Boolean(metadata={"description": "one of many complaints about the same thing"})
    repeats = fields.Integer(metadata={"description": "how many earlier cases it was found to repeat"})
    anonymous = fields.Boolean()
    department = fields.String()
    assignee = who()
    state = fields.String()
    summary = fields.String()
    place_label = fields.String(allow_none=True)
    received_at = UtcTime()
    next_due_at = UtcTime(allow_none=True)
    next_due_limit = fields.String(allow_none=True)
    near_limit = fields.Boolean()
    breached = fields.Boolean(metadata={"description": "a limit has passed and its milestone is not reached"})
    incident = fields.Boolean(
        metadata={
            "description": "nobody has it or a part of it, who had it left, or who had to be called was not to be found"
        }
    )
    last_message_at = UtcTime(allow_none=True)
    unread = fields.Boolean(
        metadata={"description": "the complainant added something since who has the case last took a step or read it"}
    )
    closed_at = UtcTime(allow_none=True)


class CaseList(Schema):
    items = fields.List(fields.Nested(CaseRow()))
    next_cursor = fields.String(allow_none=True)


class ReasonOut(Schema):
    rule = fields.String()
    why = fields.Dict(keys=fields.String(), values=fields.String())


class MilestoneOut(Schema):
    milestone = fields.String()
    round = fields.Integer()
    counts = fields.Boolean(metadata={"description": "false: a later round must reach it anew"})
    at = UtcTime()
    by = who()
    department = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    attachments = fields.List(fields.String())


class TransferOut(Schema):
    at = UtcTime()
    by = who()
    from_department = fields.String()
    to_department = fields.String()
    from_person = who()
    to_person = who()
    reason = fields.String()
    handover = fields.String()


class ResultOut(Schema):
    at = UtcTime()
    by = who()
    text = fields.String()
    prevention = fields.String(allow_none=True)
    written = fields.Boolean()
    spoken = fields.Boolean()


class EscalationOut(Schema):
    at = UtcTime()
    level = fields.Integer()
    to_role = fields.String()
    people = fields.List(who())
    limit_id = fields.String()
    due_at = UtcTime()


class PeopleOut(Schema):
    assignee = who()
    head = who()
    coordinator = who()


class CaseOut(CaseRow):
    language = fields.String()
    external_ref = fields.String(allow_none=True)
    registered_at = UtcTime()
    outcome = fields.String(allow_none=True)
    satisfied = fields.Boolean(allow_none=True)
    round = fields.Integer(metadata={"description": "1, and one more each time the case was reopened"})
    complex = fields.Boolean()
    group_members = fields.List(
        fields.Nested(MemberOut()),
        metadata={"description": "all cases of its group event; empty: it was found to be one of none"},
    )
    procedure_version = fields.Integer()
    reasons = fields.List(fields.Nested(ReasonOut()))
    alerts = fields.List(fields.String())
    people = fields.Nested(PeopleOut())
    group_leader = fields.Nested(
        Who(),
        allow_none=True,
        metadata={"description": "of the joint handling group; null: no other department has a part"},
    )
    parts = fields.List(fields.Nested(PartOut()))
    summons = fields.List(fields.Nested(SummonsOut()))
    milestones = fields.List(fields.Nested(MilestoneOut()))
    transfers = fields.List(fields.Nested(TransferOut()))
    results = fields.List(fields.Nested(ResultOut()))
    escalations = fields.List(fields.Nested(EscalationOut()))
    waits = fields.List(fields.Nested(WaitOut()))
    extensions = fields.List(fields.Nested(ExtensionOut()))
    approvals = fields.List(fields.Nested(ApprovalOut()))
    findings = fields.List(fields.Nested(FindingOut()))
    notes = fields.List(fields.Nested(NoteOut()))
    links = fields.List(fields.Nested(LinkOut()))
    missing_to_close = fields.List(
        fields.String(), metadata={"description": "milestones, `part:` and a department, `result`, `compensation`"}
    )
    compensations = fields.List(fields.Nested(CompensationOut()))
    next_steps = fields.List(fields.Nested(NextStep()))
    evidence_count = fields.Integer()


class EvidenceStep(Schema):
    n = fields.Integer()
    at = UtcTime()
    actor = fields.String(metadata={"description": "a person's id, complainant, staff, dispatch, sla or notify"})
    actor_name = fields.String(allow_none=True)
    action = fields.String()
    details = fields.Dict(keys=fields.String())
    hash = fields.String()


class EvidenceOut(Schema):
    items = fields.List(fields.Nested(EvidenceStep()))
    intact = fields.Boolean()
    first_bad = fields.Integer(allow_none=True)


class RosterWanted(Schema):
    department = fields.String(load_default=None, validate=NAME)


class RosterOf(Schema):
    department = fields.String(required=True, validate=NAME)


class RosterEntry(Schema):
    person_id = fields.UUID(required=True)
    department = fields.String(validate=NAME)
    starts_at = UtcTime(required=True, validate=WITHIN_REASON)
    ends_at = UtcTime(required=True, validate=WITHIN_REASON)
    role = fields.String(load_default="duty", validate=validate.OneOf(("duty", "duty_manager")))


class Roster(Schema):
    entries = fields.List(fields.Nested(RosterEntry()), required=True, validate=validate.Length(max=1000))
    revision = fields.Integer(
        dump_only=True, metadata={"description": "also the ETag, which goes into `If-Match` of an edit"}
    )
