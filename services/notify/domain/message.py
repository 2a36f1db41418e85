"""A notice on its way out: one message to one address, and what became of it.

Reasons never repeat an address or a partner's free text, because they travel on in `NoticeFailed`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

_KEY = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True, kw_only=True)
class Message:
    """One notice to one address by one channel.

    `to` is an e-mail address or an E.164 number. `message_key` is the same at every attempt: the
    Message-ID of a mail, the OutId of an SMS; letters, digits and `._-`, at most 128, else ValueError.
    `sender_name` is how the reader knows the tenant: the From name, or the registered SMS signature.
    `template_code` and `slots` are for providers that send only approved templates.
    """

    to: str = field(repr=False)
    subject: str | None = field(default=None, repr=False)
    text: str = field(repr=False)
    language: str
    message_key: str
    sender_name: str
    template_code: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    in_reply_to: str | None = None

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.message_key):
            raise ValueError(f"not a message key: {self.message_key!r}")


@dataclass(frozen=True)
class Handed:
    """The partner took the message for delivery."""

    provider_reference: str


@dataclass(frozen=True)
class Refused:
    """The partner certainly did not take it; `permanent` when trying again cannot help."""

    permanent: bool
    reason: str


@dataclass(frozen=True)
class Uncertain:
    """The answer was lost after sending: it may or may not go out."""

    reason: str


Outcome = Handed | Refused | Uncertain


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """What a provider says later about one message. The telephone number in it is left out: it lives in
    intake only, and since we send to one number at a time, `provider_reference` is enough to know the
    delivery. `message_key` is None when the provider did not repeat ours. `reported_at` is UTC."""

    provider_reference: str
    message_key: str | None
    arrived: bool
    reason: str
    reported_at: datetime


class ReportNotUnderstood(Exception):
    """A call-back that is no report: `pointer` (RFC 6901) names the place, `detail` what belongs there."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(f"{pointer or '/'}: {detail}")
        self.pointer = pointer
        self.detail = detail
        self.errors = [{"detail": detail, "pointer": f"#{pointer}"}]


class Gateway(Protocol):
    """A channel's way out."""

    @property
    def repeatable(self) -> bool:
        """Sending the same `message_key` again cannot tell somebody twice."""

    def send(self, message: Message, now: datetime) -> Outcome:
        """Hand the message over. `now` is aware; it dates the mail or the signature."""
