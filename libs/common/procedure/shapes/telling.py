"""Who is told what, and asked what: notices and the survey."""

from math import ceil
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from libs.common.procedure import document as read
from libs.common.procedure.mistakes import Mistake
from libs.common.procedure.shapes.section import Section, id_field, whole
from libs.common.procedure.shapes.templates import MailTemplate, SmsTemplate
from libs.common.procedure.shapes.values import NOT_EMPTY, Localised, Names, OneOf
from libs.common.procedure.slots import missing_from, mistakes_in
from libs.common.procedure.vocabulary import NOTICE_CHANNELS, NOTICE_KINDS, NOTICE_RECIPIENTS


class TemplatesShape(Section):
    makes = dict
    sms = SmsTemplate()
    email = MailTemplate()


class NoticeShape(Section):
    makes = read.Notice
    id = id_field(required=True)
    on = fields.String(required=True, validate=OneOf(NOTICE_KINDS, "occasion"))
    to = Names(NOTICE_RECIPIENTS, "recipient", required=True, validate=NOT_EMPTY)
    channels = Names(NOTICE_CHANNELS, "channel of notices", required=True, validate=NOT_EMPTY)
    templates = fields.Nested(TemplatesShape, required=True)

    @validates_schema
    def has_a_template_for_each_channel(self, data: dict[str, Any], **_: Any) -> None:
        missing = [channel for channel in data["channels"] if channel not in data["templates"]]
        if missing:
            raise ValidationError({"templates": {channel: ["has no template"] for channel in missing}})

    @validates_schema
    def gathers_for_staff_alone(self, data: dict[str, Any], **_: Any) -> None:
        if data["on"] == "digest" and "complainant" in data["to"]:
            raise ValidationError({"to": ["a digest is for staff; the complainant is told each thing"]})

    @validates_schema
    def says_what_it_may(self, data: dict[str, Any], **_: Any) -> None:
        mistakes: dict[str, Any] = {}
        for channel, template in data["templates"].items():
            for language, body in template.body.items():
                found = _wrong_texts(data, body, template.subject and template.subject[language])
                if found:
                    mistakes.setdefault(channel, {})[language] = found
        if mistakes:
            raise ValidationError({"templates": mistakes})


def _wrong_texts(notice: dict[str, Any], body: str, subject: str | None) -> Any:
    """The mistakes of one text of a notice: a list for a message, by part for a mail."""
    found: dict[str, list[Mistake]] = {"body": list(mistakes_in(body, on=notice["on"], to=notice["to"]))}
    if subject is not None:
        found["subject"] = list(mistakes_in(subject, on=notice["on"], to=notice["to"]))
    if "complainant" in notice["to"]:
        found["body"] += missing_from(body, notice["on"])
    if subject is None:
        return found["body"]
    return {part: wrong for part, wrong in found.items() if wrong}


def _satisfied_from(*, scale: int = read.Survey.scale, satisfied_from: int | None = None, **told: Any) -> read.Survey:
    """Four fifths of the scale and more are satisfied where the Procedure does not say."""
    return read.Survey(scale=scale, satisfied_from=satisfied_from or ceil(scale * 4 / 5), **told)


class SurveyShape(Section):
    makes = staticmethod(_satisfied_from)
    after = id_field(required=True)
    question = Localised(required=True)
    scale = whole(2, 10)
    satisfied_from = whole(2, 10)
    reminders = whole(0, 10)

    @validates_schema
    def can_be_satisfied(self, data: dict[str, Any], **_: Any) -> None:
        scale = data.get("scale", read.Survey.scale)
        if data.get("satisfied_from", 0) > scale:
            raise ValidationError({"satisfied_from": [f"lies above the scale, which ends at {scale}"]})
