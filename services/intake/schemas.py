"""What goes in and out of intake's API."""

from marshmallow import Schema, fields, validate

from libs.common.procedure.vocabulary import WAITS_FOR
from libs.common.web.fields import UtcTime
from services.intake.domain import standing
from services.intake.domain.handback import BY_HAND, KINDS, STATUSES
from services.intake.domain.ota import PLATFORMS

ANSWER_WAYS = ("sms", "email", "phone", "notice_board", "none")
STAFF_CHANNELS = ("phone", "counter", "letter", "suggestion_box", "wechat", "social", "regulator", "email")
SHORT = validate.Length(min=1, max=200)


class ComplaintForm(Schema):
    """A complaint on the public form (IN-2). The tenant's Procedure says which fields are required."""

    # Whether they are there and how long they are is judged with the rest, in the complainant's language.
    text = fields.String(load_default="")
    impact = fields.String(metadata={"description": "on the complainant"})
    asked_for = fields.String()
    category = fields.String(validate=SHORT)
    place_id = fields.UUID()
    where = fields.String(validate=validate.Length(max=300))
    happened_at = UtcTime()
    name = fields.String(validate=validate.Length(max=100))
    phone = fields.String(validate=validate.Length(max=40))
    email = fields.String(validate=validate.Length(max=254))
    identity_number = fields.String(validate=validate.Length(max=40))
    language = fields.String(validate=validate.OneOf(("zh-Hans", "zh-Hant", "en", "ja")))
    anonymous = fields.Boolean()
    answer_by = fields.List(fields.String(validate=validate.OneOf(ANSWER_WAYS)), validate=validate.Length(max=5))
    attachments = fields.List(fields.UUID(), validate=validate.Length(max=10))
    claimed_amount = fields.Integer(strict=True, validate=validate.Range(min=0, max=10**12))


class PublicComplaint(ComplaintForm):
    """What a guest sends; whoever takes up an earlier complaint shows that it is theirs."""

    follows = fields.String(
        validate=SHORT, metadata={"description": "the number of the earlier complaint that this one takes up again"}
    )
    follows_secret = fields.String(
        validate=validate.Length(max=40), metadata={"description": "the tracking secret of that complaint"}
    )


class StaffComplaint(ComplaintForm):
    """A complaint that a member of staff takes at the phone or the counter, or from a letter."""

    channel = fields.String(required=True, validate=validate.OneOf(STAFF_CHANNELS))
    received_at = UtcTime()
    urgency = fields.String(validate=SHORT)
    major = fields.Boolean()
    vip = fields.Boolean()
    external_ref = fields.String(validate=SHORT)
    external_kind = fields.String(validate=validate.OneOf(KINDS))
    follows = fields.String(
        validate=SHORT, metadata={"description": "the number of the closed complaint that this one takes up again"}
    )


class RegisteredComplaint(Schema):
    complaint_id = fields.UUID()
    number = fields.String()
    tracking_secret = fields.String()
    received_at = UtcTime()
    registered_at = UtcTime()


class Taken(Schema):
    complaint_id = fields.UUID(allow_none=True)
    duplicate = fields.Boolean()


class TakenReviews(Schema):
    accepted = fields.List(fields.Nested(Taken()))


class TrackedBy(Schema):
    number = fields.String(required=True, validate=validate.Length(max=40))
    secret = fields.String(required=True, validate=validate.Length(max=40))


class TrackedMessage(TrackedBy):
    text = fields.String(required=True)
    attachments = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=10))


class StaffMessage(Schema):
    """What the complainant adds at the phone or the counter, or in a letter."""

    channel = fields.String(required=True, validate=validate.OneOf(STAFF_CHANNELS))
    text = fields.String(required=True)
    attachments = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=10))


class TrackedWithdrawal(TrackedBy):
    reason = fields.String(validate=validate.Length(max=1000), load_default=None)


class MessageShown(Schema):
    message_id = fields.UUID()
    at = UtcTime()
    author = fields.String()
    channel = fields.String()
    text = fields.String()


class MessageOut(MessageShown):
    received_by = fields.UUID(allow_none=True, metadata={"description": "of the staff, who took it down"})


class MessageAddedOut(Schema):
    message_id = fields.UUID()


class Step(Schema):
    at = UtcTime()
    milestone = fields.String()


class Progress(Schema):
    complaint_id = fields.UUID()
    number = fields.String()
    stage = fields.String()
    registered_at = UtcTime()
    closed_at = UtcTime(allow_none=True)
    promised_by = UtcTime(allow_none=True)
    waits_for = fields.String(
        allow_none=True,
        validate=validate.OneOf(WAITS_FOR),
        metadata={"description": "whom a limit waits for; it is promised again when the wait is over"},
    )
    result = fields.String(allow_none=True)
    prevention = fields.String(allow_none=True, metadata={"description": "how it will not happen again"})
    text = fields.String()
    timeline = fields.List(fields.Nested(Step()))
    messages = fields.List(fields.Nested(MessageShown()))


class ProgressWithPermit(Progress):
    permit = fields.String(metadata={"description": "token for sla's /v1/promises, good for two minutes"})


class AttachmentOut(Schema):
    attachment_id = fields.UUID()
    sha256 = fields.String()
    size = fields.Integer()
    content_type = fields.String()
    name = fields.String()


class Contact(Schema):
    name = fields.String()
    phone = fields.String()
    email = fields.String()
    identity_number = fields.String()


class ReferenceForm(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    ref = fields.String(required=True, validate=SHORT)


class HandedBack(Schema):
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    how = fields.String(required=True, validate=validate.OneOf(BY_HAND))
    handed_at = UtcTime(metadata={"description": "now, if it is left out"})
    note = fields.String(validate=validate.Length(max=1000))


class HandbackOut(Schema):
    handback_id = fields.UUID()
    status = fields.String()
    at = UtcTime(metadata={"description": "when the complaint came to this status"})
    state = fields.String(metadata={"description": "owed, handed or given_up"})
    due_at = UtcTime(allow_none=True, metadata={"description": "the next attempt; null: a person has to do it"})
    attempts = fields.Integer()
    error = fields.String(allow_none=True)
    handed_at = UtcTime(allow_none=True)
    how = fields.String(allow_none=True, metadata={"description": "address, screen, phone or letter"})
    by_id = fields.UUID(allow_none=True)
    note = fields.String(allow_none=True)


class ReferenceOut(Schema):
    reference_id = fields.UUID()
    kind = fields.String()
    ref = fields.String()
    account_id = fields.UUID(allow_none=True, metadata={"description": "through whose door it came"})
    last = fields.Nested(HandbackOut(), allow_none=True, metadata={"description": "the status last handed back"})
    owed = fields.List(fields.Nested(HandbackOut()), metadata={"description": "still to be handed back"})


class ReferenceList(Schema):
    items = fields.List(fields.Nested(ReferenceOut()))


class ComplaintOut(Schema):
    complaint_id = fields.UUID()
    number = fields.String()
    channel = fields.String()
    language = fields.String()
    received_at = UtcTime()
    registered_at = UtcTime()
    received_by = fields.UUID(allow_none=True)
    place_id = fields.UUID(allow_none=True)
    where = fields.String(allow_none=True)
    happened_at = UtcTime(allow_none=True)
    text = fields.String()
    impact = fields.String(allow_none=True)
    asked_for = fields.String(allow_none=True)
    anonymous = fields.Boolean()
    answer_by = fields.List(fields.String())
    external_ref = fields.String(allow_none=True)
    follows = fields.UUID(allow_none=True)
    stage = fields.String()
    contact = fields.Nested(Contact())
    messages = fields.List(fields.Nested(MessageOut()))
    attachments = fields.List(fields.Nested(AttachmentOut()))
    case_files = fields.List(
        fields.Nested(AttachmentOut()), metadata={"description": "what staff kept with it, to be named in steps"}
    )
    references = fields.List(fields.Nested(ReferenceOut()))


class ComplaintList(Schema):
    items = fields.List(fields.Nested(ComplaintOut()))


class Reason(Schema):
    reason = fields.String(
        required=True,
        validate=[validate.Length(max=300), validate.Regexp(r"^\s*\S[\s\S]*\S", error="Say why, in words.")],
    )


class StandingForm(Reason):
    kind = fields.String(required=True, validate=validate.OneOf(standing.KINDS))
    expires_at = UtcTime(required=True, metadata={"description": "in the future, within two years"})


class StandingSaid(Schema):
    standing_id = fields.UUID()
    complaint_id = fields.UUID(metadata={"description": "on whose page it was set"})
    kind = fields.String()
    reason = fields.String()
    set_at = UtcTime()
    set_by = fields.UUID()
    expires_at = UtcTime()
    lifted_at = UtcTime(allow_none=True)
    lifted_by = fields.UUID(allow_none=True)
    lifting = fields.String(allow_none=True, metadata={"description": "why it was lifted"})


class StandingOut(Schema):
    recognisable = fields.Boolean(
        metadata={"description": "false: anonymous, or left neither phone nor e-mail; nothing can be said of them"}
    )
    items = fields.List(fields.Nested(StandingSaid()), metadata={"description": "what holds now"})
    past = fields.List(fields.Nested(StandingSaid()), metadata={"description": "for who may set it, and auditors"})
    may_set = fields.Boolean()


class NumberWanted(Schema):
    number = fields.String(required=True)


class Reachable(Schema):
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    language = fields.String()
    answer_by = fields.List(fields.String())
    anonymous = fields.Boolean()
    number = fields.String()
    tracking_secret = fields.String()
    tenant_slug = fields.String(allow_none=True)


class AccountForm(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(("mail", "ota")))
    platform = fields.String(validate=validate.OneOf(tuple(PLATFORMS)))
    address = fields.Email(validate=validate.Length(max=200))
    place_id = fields.UUID()
    status_url = fields.String(
        validate=validate.Length(min=1, max=500),
        metadata={"description": "where the platform is told how far its complaints are, signed with the secret"},
    )


class AccountOut(Schema):
    account_id = fields.UUID()
    kind = fields.String()
    platform = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    place_id = fields.UUID(allow_none=True)
    status_url = fields.String(allow_none=True)
    created_at = UtcTime()


class OpenedAccount(AccountOut):
    door = fields.String(metadata={"description": "the token in the door's path; shown this once"})
    secret = fields.String(metadata={"description": "what the platform signs with; shown this once"})


class AccountList(Schema):
    items = fields.List(fields.Nested(AccountOut()))
