"""Reading what a form sent, and showing it again with what was wrong."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.datastructures import FileStorage

from services.portal.domain.answers import RequestRefused
from services.portal.domain.filing import field_shown
from services.portal.domain.money import in_minor
from services.portal.pages.wording import t, time_zone

MOST_FILES = 5
UNDER_WAY = 409  # the first copy of this very form may still be on its way
Keep = Callable[..., Mapping[str, Any]]  # name, content, content type and key; the file as it is kept
NAMES_OF_KEPT_FILES = re.compile(r"[\x00-\x1f]")


@dataclass
class Form:
    """One rendering of a form. `key` is its Idempotency-Key: however often it is sent, it counts once.
    After a refusal the form is another one, with a new key; after silence, or while a first copy is being
    carried out, it is still the same."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)
    key: str = field(default_factory=lambda: str(uuid4()))

    @classmethod
    def sent(cls) -> "Form":
        return cls(values=request.form.to_dict(), files=_kept_files(), key=_sent_key())

    def text(self, name: str) -> str | None:
        """The trimmed text of a field; None when empty."""
        return str(self.values.get(name, "")).strip() or None

    def ticked(self, name: str) -> bool:
        return bool(self.values.get(name))

    def moment(self, name: str) -> str | None:
        """A local date and time of the tenant's zone, as UTC ISO 8601 with Z; None when empty or unreadable."""
        try:
            local = datetime.fromisoformat(self.text(name) or "")
            return _utc(local.replace(tzinfo=local.tzinfo or ZoneInfo(time_zone())))
        except (ValueError, OverflowError):
            if self.text(name):
                self.errors[name] = t("field.not_a_time")
            return None

    def amount(self, name: str, currency: str | None) -> int | None:
        """An amount typed in major units, in minor ones; None when empty or unreadable."""
        text = self.text(name)
        amount = in_minor(text, currency) if text and currency else None
        if text and amount is None:
            self.errors[name] = t("field.not_an_amount")
        return amount

    def need(self, names: Iterable[str]) -> None:
        """Mark every one of these fields that was left empty."""
        self.mark(name for name in names if not self.text(name))

    def mark(self, names: Iterable[str]) -> None:
        """Say of these fields that they must be filled in."""
        for name in names:
            self.errors.setdefault(name, t("field.required"))

    def refused(self, refusal: RequestRefused, shown: Iterable[str]) -> None:
        """Put each complaint of the service beside its field; what names no shown field stands on top."""
        known = set(shown)
        if refusal.status != UNDER_WAY:
            self.key = str(uuid4())
        for name, detail in refusal.fields.items():
            place = field_shown(name)
            if place in known:
                self.errors[place] = detail or t("field.wrong")
            else:
                self.general.append(f"{name}: {detail}")
        self.general += refusal.general
        if not self.errors and not self.general:
            self.general.append(t("form.refused"))

    def silent(self) -> None:
        """No answer came: the same form may be sent again without harm."""
        self.general.append(t("form.not_available"))

    @property
    def clean(self) -> bool:
        return not self.errors and not self.general

    def add_files(self, keep: Keep, *, most: int = MOST_FILES) -> None:
        """Hand the chosen files to intake before the form itself, and remember what they are called there.
        Raises ServiceUnavailable."""
        chosen = [upload for upload in request.files.getlist("files") if upload.filename]
        if len(self.files) + len(chosen) > most:
            self.errors["attachments"] = t("files.too_many", most=most)
            return
        for upload in chosen:
            self._add_file(keep, upload)

    def _add_file(self, keep: Keep, upload: FileStorage) -> None:
        content = upload.read()
        name = NAMES_OF_KEPT_FILES.sub("", upload.filename or "file")[-120:]
        key = str(uuid5(UUID(self.key), f"{len(self.files)} {name} {sha256(content).hexdigest()}"))
        try:
            stored = keep(name, content, upload.mimetype or "application/octet-stream", key=key)
        except RequestRefused as refused:
            reasons = [*refused.fields.values(), *refused.general]
            self.errors["attachments"] = f"{name}: {'; '.join(reasons) or t('files.refused')}"
            return
        self.files.append({"id": str(stored["attachment_id"]), "name": name})

    @property
    def file_ids(self) -> list[str]:
        return [kept["id"] for kept in self.files]


def given(**content: Any) -> dict[str, Any]:
    """The content without what was left empty."""
    return {name: value for name, value in content.items() if value not in (None, "", [])}


def _sent_key() -> str:
    try:
        return str(UUID(request.form.get("form_key", "")))
    except ValueError:
        return str(uuid4())


def _kept_files() -> list[dict[str, str]]:
    kept = (entry.partition(" ") for entry in request.form.getlist("kept_file"))
    return [{"id": key, "name": name} for key, _, name in kept if _is_id(key)][:MOST_FILES]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
