"""What comes out of notify's API."""

from marshmallow import Schema, fields, validate

from libs.common.web.fields import UtcTime


class NoticeOut(Schema):
    """One notice by one channel. A notice that nobody wanted or needed has no channel."""

    notice_id = fields.UUID()
    delivery_id = fields.UUID(allow_none=True)
    kind = fields.String(metadata={"description": "as in the Procedure: registered, result, survey, warned …"})
    to = fields.String(metadata={"description": "complainant | assignee | head | coordinator | manager | called_in"})
    channel = fields.String(allow_none=True, metadata={"description": "sms | email"})
    state = fields.String(
        metadata={"description": "planned | sending | handed | delivered | failed | unknown | not_sent"}
    )
    attempts = fields.Integer()
    at = UtcTime(metadata={"description": "when it was planned"})
    due_at = UtcTime(allow_none=True, metadata={"description": "when it is tried next"})
    handed_at = UtcTime(allow_none=True)
    delivered_at = UtcTime(allow_none=True)
    error = fields.String(allow_none=True)
    in_digest = fields.Boolean(metadata={"description": "it went, or goes, with others in one message"})
    needs_person = fields.Boolean(metadata={"description": "somebody has to look into it, or tell them another way"})


class NoticeList(Schema):
    items = fields.List(fields.Nested(NoticeOut()))


class LinkForm(Schema):
    token = fields.String(required=True, validate=validate.Length(min=1, max=100))


class AnswerForm(Schema):
    """`score`: 1 to the survey's scale. An empty comment is none."""

    score = fields.Integer(required=True, strict=True)
    comment = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=1000))


class LinkedAnswerForm(LinkForm, AnswerForm):
    pass


class HeardAnswerForm(AnswerForm):
    channel = fields.String(required=True, validate=validate.Equal("phone"))


class SurveyOut(Schema):
    """One survey and the answer given so far. The comment is masked."""

    tenant = fields.String(metadata={"description": "the slug of the firm that asks"})
    number = fields.String()
    question = fields.Dict(keys=fields.String(), values=fields.String())
    scale = fields.Integer(metadata={"description": "the highest score; the lowest is 1"})
    score = fields.Integer(allow_none=True)
    comment = fields.String(allow_none=True)
    answered_at = UtcTime(allow_none=True)
    open = fields.Boolean(metadata={"description": "whether it can be answered, or the answer be changed"})


class ReportTaken(Schema):
    """What the provider expects to read."""

    code = fields.Integer()
    msg = fields.String()
