"""Parts of a case, calls to it, and who is away or on duty, in dispatch's API."""

from marshmallow import Schema, fields, validate

from libs.common.web.fields import UtcTime
from services.dispatch.schemas.ground import NAME, WITHIN_REASON, NextStep, Who, who, words


class NewPartForm(Schema):
    department = fields.String(required=True, validate=NAME)
    reason = words(required=True)


class PartAcceptForm(Schema):
    note = words()


class PartReasonForm(Schema):
    reason = words(required=True)


class PartAssignForm(Schema):
    person_id = fields.UUID(required=True)
    reason = words(required=True)


class PartDoneForm(Schema):
    note = words(required=True)
    attachments = fields.List(fields.UUID(), validate=validate.Length(max=20))


class GroupLeaderForm(Schema):
    person_id = fields.UUID(required=True)
    reason = words(required=True)


class AcknowledgeForm(Schema):
    note = words()


class PartOut(Schema):
    part_id = fields.UUID()
    department = fields.String()
    lead = fields.Boolean(metadata={"description": "the part of the department that has the case"})
    state = fields.String(metadata={"description": "assigned, accepted, refused, carried_out or dropped"})
    assignee = who()
    head = who()
    at = UtcTime(metadata={"description": "since when it is in this state"})
    words = fields.String(allow_none=True, metadata={"description": "the reason or note of its last step"})
    attachments = fields.List(fields.String())
    pause_id = fields.UUID(allow_none=True, metadata={"description": "what it waits for now, one of `waits`"})
    next_steps = fields.List(fields.Nested(NextStep()))


class SummonsOut(Schema):
    lane = fields.String()
    turn = fields.Integer()
    person = who()
    at = UtcTime()
    acknowledge_by = UtcTime()
    answered_at = UtcTime(allow_none=True)
    answered_by = who()


class AbsenceForm(Schema):
    person_id = fields.UUID(required=True)
    starts_at = UtcTime(required=True, validate=WITHIN_REASON)
    ends_at = UtcTime(required=True, validate=WITHIN_REASON)
    substitute_id = fields.UUID(allow_none=True, metadata={"description": "left out: nobody stands in"})


class AbsenceOut(Schema):
    absence_id = fields.UUID()
    person = who()
    starts_at = UtcTime()
    ends_at = UtcTime()
    substitute = who()


class AbsenceList(Schema):
    items = fields.List(fields.Nested(AbsenceOut()))


class OnDuty(Who):
    in_place_of = fields.Nested(
        Who(), allow_none=True, metadata={"description": "who is away; null: on duty themselves"}
    )


class DutyOut(Schema):
    department = fields.String()
    rostered = fields.Boolean(metadata={"description": "false: no roster, so the whole front line is on duty"})
    on_duty = fields.List(fields.Nested(OnDuty()))
    duty_managers = fields.List(fields.Nested(Who()))


class DutyList(Schema):
    items = fields.List(fields.Nested(DutyOut()))
