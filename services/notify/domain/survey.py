"""The satisfaction survey (NO-5): the token of its link, how long it may be answered, when to remind.

A token names its tenant and carries 128 bits that nobody can guess; only its hash is kept.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

SECRET_BYTES = 16
OPEN_FOR = timedelta(days=30)
MAY_BE_CHANGED_FOR = timedelta(hours=12)
BETWEEN_REMINDERS = timedelta(days=2)


class NoSuchSurvey(Exception):
    """This link leads to no survey, or nobody was asked about this complaint."""


class SurveyEnded(Exception):
    """A survey can be answered for 30 days."""


class AnswerIsFinal(Exception):
    """An answer may be changed for 12 hours, and not once the case has begun again."""


class ScoreOutside(Exception):
    """A score that the survey's scale does not have."""

    def __init__(self, scale: int) -> None:
        super().__init__(f"The score goes from 1 to {scale}.")
        self.errors = [{"detail": f"Give a whole number from 1 to {scale}.", "pointer": "#/score"}]


def token_of(tenant_id: UUID, secret: bytes) -> str:
    """43 letters, digits, `-` and `_`. `secret`: SECRET_BYTES that nobody can guess."""
    return urlsafe_b64encode(tenant_id.bytes + secret).decode().rstrip("=")


def tenant_behind(token: str) -> UUID:
    """The tenant that a token names; whether there is such a survey only its hash tells. Raises NoSuchSurvey."""
    try:
        content = urlsafe_b64decode(token + "=")
    except ValueError:
        raise NoSuchSurvey from None
    if len(content) != 16 + SECRET_BYTES or token_of(UUID(bytes=content[:16]), content[16:]) != token:
        raise NoSuchSurvey
    return UUID(bytes=content[:16])


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def judge(now: datetime, asked_at: datetime, answered_at: datetime | None, *, by_staff: bool) -> None:
    """Whether an answer is taken now; staff who hear it by phone may replace an older one at any time.

    Raises SurveyEnded, AnswerIsFinal.
    """
    if now >= asked_at + OPEN_FOR:
        raise SurveyEnded
    if not by_staff and answered_at is not None and now >= answered_at + MAY_BE_CHANGED_FOR:
        raise AnswerIsFinal


def next_reminder(now: datetime, reminded: int, reminders: int) -> datetime | None:
    """When to ask again; None when they were reminded often enough."""
    return now + BETWEEN_REMINDERS if reminded < reminders else None


def cause_of_reminder(survey_id: UUID, reminded: int) -> UUID:
    """The same for the same reminder, so that it goes out once."""
    return uuid5(NAMESPACE_URL, f"{survey_id}/{reminded}")
