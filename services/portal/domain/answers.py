"""What a service may answer instead of what was asked, and what that means for a form (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class ServiceUnavailable(Exception):
    """A service did not answer, answered too late, or failed; `service` names it."""

    def __init__(self, service: str) -> None:
        super().__init__(f"{service} is not available")
        self.service = service


class SignInNeeded(Exception):
    """The access token is missing, ended or was taken back."""


CHANGED_SINCE = 412  # somebody else changed it since it was read


class RequestRefused(Exception):
    """A service understood and said no. `fields` maps a field's name to what is wrong with it;
    `general` holds what belongs to no field."""

    def __init__(self, status: int, fields: Mapping[str, str], general: tuple[str, ...]) -> None:
        super().__init__(f"refused with {status}")
        self.status = status
        self.fields = dict(fields)
        self.general = general


class NotAllowed(RequestRefused):
    """The person's role does not permit it (403)."""


class NotThere(RequestRefused):
    """There is no such thing, or it belongs to another tenant (404)."""


class TooMuch(RequestRefused):
    """The caller asked too often (429) or sent too much (413)."""


KINDS: Mapping[int, type[RequestRefused]] = {403: NotAllowed, 404: NotThere, 413: TooMuch, 429: TooMuch}


def refusal(status: int, problem: Any) -> RequestRefused:
    """The refusal a 4xx problem document means; anything but a problem document still gives a refusal."""
    document = problem if isinstance(problem, dict) else {}
    fields: dict[str, str] = {}
    general: list[str] = []
    for error in _errors(document):
        detail = str(error.get("detail") or "")
        name = field_of(str(error.get("pointer") or ""))
        if name:
            fields.setdefault(name, detail)
        elif detail:
            general.append(detail)
    if not fields and not general:
        general = [str(text) for text in (document.get("detail") or document.get("title"),) if text]
    return KINDS.get(status, RequestRefused)(status, fields, tuple(general))


def field_of(pointer: str) -> str:
    """The form field a JSON pointer names: `#/answer_by/0` is `answer_by`; the whole document is ''."""
    return pointer.removeprefix("#").strip("/").split("/")[0]


def _errors(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    errors = document.get("errors")
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


@dataclass(frozen=True)
class Part:
    """One service's share of a page: its answer, or why there is none."""

    value: Any = None
    state: str = "here"  # here | away | not_allowed | missing

    @property
    def here(self) -> bool:
        return self.state == "here"

    @property
    def items(self) -> list[dict[str, Any]]:
        """The lines of a list that was answered; none when it was not."""
        return list(self.value.get("items") or ()) if self.here else []
