"""The standing of a complainant (IN-11): what supervisors say of somebody who complained in bad faith.

It informs the people who handle this person's complaints, and decides nothing: no rule, department or time limit
knows of it, and every complaint is handled as any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.intake.domain.acceptance import NotAccepted

KINDS = ("malicious", "false")
MAY_SET = ("supervisor", "coordinator", "manager")
SEE_PAST = frozenset({*MAY_SET, "auditor"})
LONGEST = timedelta(days=731)

IN_THE_FUTURE: Mapping[str, str] = MappingProxyType(
    {
        "zh-Hans": "请填写将来的时间，最长两年",
        "zh-Hant": "請填寫將來的時間，最長兩年",
        "en": "A standing ends in the future, within two years",
    }
)


class NoStanding(Exception):
    """Of this complainant nothing can be said, or nothing more."""


class NoSuchStanding(Exception):
    """Nothing of this id is said of the complainant."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What was said, by whom, until when. `reason` and `lifting` are masked; `lifted_at` None: it was not lifted.

    `complaint_id`: on whose page it was set.
    """

    standing_id: UUID
    complaint_id: UUID
    kind: str
    reason: str
    set_at: datetime
    set_by: UUID
    expires_at: datetime
    lifted_at: datetime | None = None
    lifted_by: UUID | None = None
    lifting: str | None = None

    def holds(self, now: datetime) -> bool:
        """Until it is lifted, and never past its end."""
        return self.lifted_at is None and now < self.expires_at


@dataclass(frozen=True)
class KnownBy:
    """The keyed prints of phone and e-mail; they lead to nobody, but from one complaint of a person to the next."""

    phone_print: bytes | None
    email_print: bytes | None


def expiry(given: datetime, now: datetime) -> datetime:
    """When it ends, aware: after `now` and at most two years ahead. Raises NotAccepted."""
    if not now < given <= now + LONGEST:
        raise NotAccepted("expires_at", IN_THE_FUTURE)
    return given


def known_by(complainant: Mapping[Any, Any] | None, *, anonymous: bool) -> KnownBy | None:
    """By what this person is recognised; None for the anonymous, the erased, and who left neither phone nor e-mail."""
    if complainant is None or anonymous:
        return None
    prints = KnownBy(complainant["phone_print"], complainant["email_print"])
    return prints if prints.phone_print or prints.email_print else None
