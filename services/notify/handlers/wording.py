"""The words of one notice to one reader, made at the moment of sending and kept nowhere (NO-2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.common.procedure.document import Notice, Procedure, Template, in_language
from services.notify.domain.contact import Contact
from services.notify.domain.digest import line
from services.notify.domain.message import Message
from services.notify.domain.notice import Promise
from services.notify.domain.sms import check_variables
from services.notify.domain.templates import (
    SlotMissing,
    TemplateRefused,
    TextTooLong,
    Value,
    as_text,
    one_line,
    render,
    slots_of,
    without_gaps,
)
from services.notify.store.rows import Row


class CannotBeWritten(Exception):
    """The template does not make a message that this channel can carry; says why, without any value."""


@dataclass(frozen=True)
class Letter:
    """Everything a notice is written from, but for the reader.

    `promise`: what it may name as next; `survey_token`: what the link to the survey carries.
    """

    notice: Row
    case: Row
    tenant: Row
    procedure: Procedure
    promise: Promise | None
    survey_token: str | None = field(default=None, repr=False)
    gathered: tuple["Letter", ...] = ()  # what a digest tells of

    @property
    def person_id(self) -> UUID | None:
        """The member of staff it is for; None for the complainant."""
        return None if self.notice["recipient"] == "complainant" else UUID(self.notice["recipient"])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tenant["time_zone"])

    @property
    def worded(self) -> Notice:
        """The notice as the Procedure words it; a published version never changes."""
        return next(each for each in self.procedure.notices if each.id == self.notice["template"])


def write(
    letter: Letter, reader: Contact, channel: str, message_key: str, *, public_url: str, signature: str | None
) -> Message:
    """The message for this reader. `signature`: the registered one for SMS, None for the tenant's name.

    Raises CannotBeWritten.
    """
    template = letter.worded.templates[channel]
    values = _values(letter, reader, public_url)
    try:
        if channel == "sms":
            return _sms(letter, reader, template, values, message_key, signature)
        return _mail(letter, reader, template, values, message_key)
    except (SlotMissing, TemplateRefused, TextTooLong) as mistake:
        raise CannotBeWritten(f"{type(mistake).__name__}: {mistake}") from mistake


def _sms(
    letter: Letter, reader: Contact, template: Template, values: Mapping[str, Value], key: str, signature: str | None
) -> Message:
    """Providers send approved templates whole, so nothing can be left out of one."""
    body = in_language(template.body, reader.language)
    text = render(body, values, reader.language, single_line=True)
    slots = {name: one_line(as_text(values[name], reader.language)) for name in slots_of(body)}
    if mistakes := check_variables(slots):
        raise CannotBeWritten("; ".join(mistakes))
    return Message(
        to=reader.addresses["sms"],
        subject=None,
        text=text,
        language=reader.language,
        message_key=key,
        sender_name=signature or letter.tenant["name"],
        template_code=template.code,
        slots=slots,
    )


def _mail(letter: Letter, reader: Contact, template: Template, values: Mapping[str, Value], key: str) -> Message:
    """A sentence that would name what nobody knows, such as a time, is left out."""
    subject = without_gaps(in_language(template.subject or {"": ""}, reader.language), values)
    body = without_gaps(in_language(template.body, reader.language), values)
    if not body.strip():
        raise CannotBeWritten("nothing is left to say without what is not known")
    return Message(
        to=reader.addresses["email"],
        subject=render(subject, values, reader.language, single_line=True) or None,
        text=render(body, values, reader.language),
        language=reader.language,
        message_key=key,
        sender_name=letter.tenant["name"],
    )


def _values(letter: Letter, reader: Contact, public_url: str) -> dict[str, Value]:
    """What can be filled in for this reader; what is not known is absent."""
    case, language = letter.case, reader.language
    if letter.gathered:
        alerts = "\n".join(_line(alert, language) for alert in letter.gathered)
        return {"count": len(letter.gathered), "alerts": alerts, "tenant": letter.tenant["name"]}
    category = letter.procedure.category(case["category"])
    values: dict[str, Value | None] = {
        "number": case["number"],
        "category": in_language(category.name, language) if category else case["category"],
        "tenant": letter.tenant["name"],
        "result": letter.notice["result"],
        "party": letter.notice["party"],
        "reason": letter.notice["explanation"],
        "step": _step(letter, language),
        "deadline": _local(letter, letter.promise.ends_at if letter.promise else None),
        "new_deadline": _local(letter, letter.notice["new_ends_at"]),
        "tracking_link": _tracking_link(letter, reader, public_url),
        "survey_link": _survey_link(letter, public_url),
    }
    return {name: value for name, value in values.items() if value}


def _line(alert: Letter, language: str) -> str:
    until = _local(alert, alert.promise.ends_at if alert.promise else None)
    said = as_text(until, language) if until else None
    return line(language, alert.notice["kind"], alert.case["number"], _step(alert, language), said)


def _step(letter: Letter, language: str) -> str | None:
    limit_id = letter.promise.limit_id if letter.promise else None
    limit = letter.procedure.limit(limit_id) if limit_id else None
    return in_language(limit.name, language) if limit else None


def _local(letter: Letter, moment: datetime | None) -> datetime | None:
    """On the tenant's wall."""
    return moment and moment.astimezone(letter.zone)


def _survey_link(letter: Letter, public_url: str) -> str | None:
    if letter.survey_token is None:
        return None
    return f"{public_url.rstrip('/')}/t/{quote(letter.tenant['slug'])}/survey#{letter.survey_token}"


def _tracking_link(letter: Letter, reader: Contact, public_url: str) -> str | None:
    """Behind the # the secret never reaches a server's log."""
    if reader.tracking_secret is None:
        return None
    page = f"{public_url.rstrip('/')}/t/{quote(letter.tenant['slug'])}/progress"
    return f"{page}?{urlencode({'number': letter.case['number']})}#{quote(reader.tracking_secret)}"
