"""The small values a Procedure is written in, as marshmallow fields: read, and written back."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import time
from typing import Any, TypeVar

from marshmallow import ValidationError, fields, validate

from libs.common.procedure.duration import NotASpan, Share, Span, parse_share, parse_span, parse_warning
from libs.common.procedure.mistakes import LONGEST_NAME, Mistake, nearest
from libs.common.procedure.vocabulary import LANGUAGES
from libs.common.procedure.words import plain

LONGEST_TEXT = 4_000
MOST_WORDS = 500
NOT_EMPTY = validate.Length(1, error="name at least one")
ID = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,{LONGEST_NAME - 1}}}", re.ASCII)
CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
Parsed = TypeVar("Parsed")


def unknown(name: object, known: Iterable[str], kind: str) -> ValidationError:
    """The error for a name that is not among the known ones, with the nearest of them."""
    known = tuple(known)
    listed = f"; known: {', '.join(known)}" if len(known) <= 30 else ""
    return ValidationError([Mistake("", f"is not a known {kind}{listed}", nearest(name, known))])


class OneOf(validate.Validator):
    """Refuses a name outside a fixed vocabulary."""

    def __init__(self, known: Iterable[str], kind: str) -> None:
        self.known = tuple(known)
        self.kind = kind

    def __call__(self, name: str) -> str:
        if name not in self.known:
            raise unknown(name, self.known, self.kind)
        return name


def an_id(value: str) -> str:
    """Refuses what is not an id: small letters, digits, `_` and `-`, at most 60."""
    if ID.fullmatch(value) is None:
        raise ValidationError("is not an id: use small letters, digits, _ and -, at most 60")
    return value


class Names(fields.Field[tuple[str, ...]]):
    """One word or a list of words, none twice; of a fixed vocabulary when `known` is given."""

    def __init__(self, known: Iterable[str] | None = None, kind: str = "name", **options: Any) -> None:
        super().__init__(**options)
        self.known = None if known is None else tuple(known)
        self.kind = kind

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[str, ...]:
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list) or len(words) > MOST_WORDS:
            raise ValidationError(f"write one word or a list of at most {MOST_WORDS}")
        mistakes = {at: found for at, word in enumerate(words) if (found := self._wrong(word, words[:at]))}
        if mistakes:
            raise ValidationError(mistakes if isinstance(value, list) else mistakes[0])
        return tuple(words)

    def _wrong(self, word: Any, before: list[Any]) -> list[Any]:
        if not isinstance(word, str) or not plain(word) or len(word) > LONGEST_NAME:
            return [f"write a word of at most {LONGEST_NAME} characters"]
        if word in before:
            return ["is given twice"]
        if self.known is not None and word not in self.known:
            return list(unknown(word, self.known, self.kind).messages)
        return []

    def _serialize(self, value: tuple[str, ...] | None, attr: Any, obj: Any, **kwargs: Any) -> list[str] | None:
        return None if value is None else list(value)


class Localised(fields.Field[dict[str, str]]):
    """A text in one or more languages."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict[str, str]:
        if not isinstance(value, Mapping) or not value:
            raise ValidationError("write the text by language, such as {zh-Hans: …, en: …}")
        mistakes: dict[str, Any] = {}
        for language, text in value.items():
            if language not in LANGUAGES:
                mistakes[language] = unknown(language, LANGUAGES, "language").messages
            elif not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
                mistakes[language] = [f"write a text of 1 to {LONGEST_TEXT} characters"]
        if mistakes:
            raise ValidationError(mistakes)
        return dict(value)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> dict[str, str] | None:
        return None if value is None else dict(value)


class SpanText(fields.Field[Span]):
    """A span such as `3wd`; zero only where it is allowed."""

    def __init__(self, *, zero: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.zero = zero

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Span:
        span = _parsed(parse_span, value, "a span of time, such as 2h or 3wd")
        if span.amount == 0 and not self.zero:
            raise ValidationError("must be longer than nothing")
        return span

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str:
        return str(value)


class WarningText(fields.Field[Share | Span]):
    """A share of the limit such as `75%`, or a span before its end such as `30min`."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Share | Span:
        return _parsed(parse_warning, value, "a share such as 75%, or a span such as 30min")

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)


class ShareText(fields.Field[Share]):
    """A share such as `20%`, 1% to 99%."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Share:
        return _parsed(parse_share, value, "a share such as 20%")

    def _serialize(self, value: Share | None, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)


def _parsed(parse: Callable[[str], Parsed], value: Any, right: str) -> Parsed:
    if not isinstance(value, str):
        raise ValidationError(f"write {right}")
    try:
        return parse(value)
    except NotASpan as error:
        raise ValidationError(str(error)) from error


class Clock(fields.Field[time]):
    """A time of day, `HH:MM`."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> time:
        if not isinstance(value, str) or CLOCK.fullmatch(value) is None:
            raise ValidationError("is not a time of day: write HH:MM, 00:00 to 23:59")
        return time.fromisoformat(value)

    def _serialize(self, value: time | None, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{value:%H:%M}"
