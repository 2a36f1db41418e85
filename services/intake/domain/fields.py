"""A partner's JSON, read field by field."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

LONGEST_ID = 200


class NotReadable(ValueError):
    """`field` (a path such as `data/reviews/0/review_id`) is not what `message` says it has to be."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
        self.errors = [{"detail": message, "pointer": f"#/{field}"}]


class Fields:
    """The fields of one object of a message, read by type; every complaint names the path of the field."""

    def __init__(self, values: object, at: str = "") -> None:
        if not isinstance(values, Mapping):
            raise NotReadable(at, "an object")
        self.values: Mapping[str, Any] = values
        self._at = at

    def path(self, name: str) -> str:
        """Where the field stands in the whole message."""
        return f"{self._at}/{name}" if self._at else name

    def part(self, name: str) -> "Fields":
        """The object in a field; empty when absent or null."""
        value = self.values.get(name)
        return Fields({} if value is None else value, self.path(name))

    def items(self, name: str) -> list["Fields"]:
        """The list of objects in a field, which has to be there."""
        listed = self.values.get(name)
        if not isinstance(listed, list):
            raise NotReadable(self.path(name), "a list")
        return [Fields(each, f"{self.path(name)}/{index}") for index, each in enumerate(listed)]

    def text(self, name: str) -> str | None:
        """Trimmed and without NUL; None when absent, null or blank."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise NotReadable(self.path(name), "text or null")
        return (value or "").replace("\x00", "").strip() or None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty when absent or null."""
        listed = self.values.get(name) or []
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise NotReadable(self.path(name), "a list of texts")
        return tuple(listed)

    def reference(self, name: str) -> str | None:
        """An id as text, written as text or as a whole number; None when absent, null or blank."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise NotReadable(self.path(name), "text or a whole number")
        reference = str(value).strip()
        if len(reference) > LONGEST_ID or re.search(r"[\x00-\x1f\x7f]", reference):
            raise NotReadable(self.path(name), f"at most {LONGEST_ID} visible characters")
        return reference or None

    def identifier(self, name: str) -> str:
        """A reference that has to be there."""
        reference = self.reference(name)
        if reference is None:
            raise NotReadable(self.path(name), "the platform's own id of this item")
        return reference

    def one_of(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the allowed words, or the default when there is none."""
        word = self.text(name) or default
        if word not in allowed:
            raise NotReadable(self.path(name), f"one of {', '.join(allowed)}")
        return word

    def number(self, name: str) -> float | None:
        """A finite number, also when written as text; None when absent, null or blank."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        numeric = isinstance(value, str) and re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value.strip(), re.ASCII)
        if isinstance(value, bool) or not (numeric or isinstance(value, int | float)):
            raise NotReadable(self.path(name), "a number or null")
        number = float(value) if numeric else value
        if not abs(number) < 1_000_000:
            raise NotReadable(self.path(name), "a number below a million")
        return float(number)

    def day(self, name: str) -> date | None:
        """A date, also the date of a longer time; None when absent, null or blank."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise NotReadable(self.path(name), "a date such as 2026-03-01") from None

    def moment(self, name: str, assumed: tzinfo, zone: tzinfo) -> tuple[datetime | None, str | None]:
        """A time as UTC with its precision (`second` or `day`). Without an offset it is in `assumed`; a date
        alone is its first moment in `zone`."""
        text = self.text(name)
        if text is None:
            return None, None
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                return datetime.combine(date.fromisoformat(text), time(), zone).astimezone(UTC), "day"
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=assumed)).astimezone(UTC), "second"
        except (ValueError, OverflowError):
            raise NotReadable(self.path(name), "a time such as 2026-03-01T20:15:00+08:00") from None
