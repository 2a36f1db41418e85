"""The words of notices, per channel, as marshmallow fields."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from libs.common.procedure.document import Template
from libs.common.procedure.mistakes import LONGEST_NAME
from libs.common.procedure.shapes.values import LONGEST_TEXT, Localised, unknown
from libs.common.procedure.vocabulary import LANGUAGES


class SmsTemplate(fields.Field[Template]):
    """A text by language, and the provider's `code` for it where the provider needs one."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Template:
        texts = dict(value) if isinstance(value, Mapping) else value
        code = texts.pop("code", None) if isinstance(texts, dict) else None
        if code is not None and (not isinstance(code, str) or not 0 < len(code) <= LONGEST_NAME):
            raise ValidationError({"code": [f"write the provider's code, at most {LONGEST_NAME} characters"]})
        return Template(code=code, body=Localised().deserialize(texts))

    def _serialize(self, value: Template | None, attr: Any, obj: Any, **kwargs: Any) -> dict[str, str] | None:
        if value is None:
            return None
        return ({"code": value.code} if value.code else {}) | dict(value.body)


class MailTemplate(fields.Field[Template]):
    """A subject and a body by language."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Template:
        if not isinstance(value, Mapping) or not value:
            raise ValidationError("write the mail by language, such as {en: {subject: …, body: …}}")
        mistakes: dict[str, Any] = {}
        for language, mail in value.items():
            if language not in LANGUAGES:
                mistakes[language] = unknown(language, LANGUAGES, "language").messages
            elif wrong := _wrong_mail(mail):
                mistakes[language] = wrong
        if mistakes:
            raise ValidationError(mistakes)
        subject = {language: mail["subject"] for language, mail in value.items()}
        return Template(subject=subject, body={language: mail["body"] for language, mail in value.items()})

    def _serialize(self, value: Template | None, attr: Any, obj: Any, **kwargs: Any) -> dict[str, Any] | None:
        if value is None or value.subject is None:
            return None
        return {language: {"subject": value.subject[language], "body": body} for language, body in value.body.items()}


def _wrong_mail(mail: Any) -> dict[str, Any]:
    if not isinstance(mail, Mapping):
        return {"_schema": ["write a subject and a body"]}
    wrong: dict[str, Any] = {
        part: unknown(part, ("subject", "body"), "part of a mail").messages
        for part in mail
        if part not in ("subject", "body")
    }
    for part in ("subject", "body"):
        text = mail.get(part)
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
            wrong[part] = [f"write a text of 1 to {LONGEST_TEXT} characters"]
    # A line break in a subject would be a header of its own.
    if "subject" not in wrong and not mail["subject"].isprintable():
        wrong["subject"] = ["a subject is one line"]
    return wrong
