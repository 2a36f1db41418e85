"""Telling whoever sent a complaint on how far it is (DI-16): what they are told, and when it is tried again.

Booking platforms' own reply interfaces are not spoken: a connector that pushed a review to our door may be
told by the account's status address, and where there is none a person tells and writes it down.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

KINDS = ("ota", "hotline_12345", "regulator", "consumer_association")
ACCEPTED, WAITING, IN_PROGRESS, RESULT, CLOSED, REOPENED = STATUSES = (
    "accepted",
    "waiting",
    "in_progress",
    "result",
    "closed",
    "reopened",
)
OWED, HANDED, COVERED, GIVEN_UP = "owed", "handed", "covered", "given_up"
STILL_TO_HAND_BACK = (OWED, GIVEN_UP)
ADDRESS = "address"
# How people hand a status back: on the other side's own screen, by phone, by letter.
BY_HAND = ("screen", "phone", "letter")
SAYS_THE_RESULT = frozenset((RESULT, CLOSED))
ASK_AGAIN = frozenset((408, 409, 425, 429))
PAUSES = (
    *(timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
WHOSE_IT_IS_BY_CHANNEL: Mapping[str, str] = MappingProxyType({"regulator": "regulator", "ota": "ota"})


@dataclass(frozen=True)
class Answer:
    """What a partner's address answered. `final`: asking again would change nothing."""

    taken: bool
    final: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Telling:
    """One status as a partner is told it. `ref` is the partner's own; `result` was written for the complainant."""

    ref: str
    number: str
    status: str
    at: datetime
    result: str | None


def answer_of(http_status: int) -> Answer:
    """2xx is taken; a redirection is never followed; of the refusals only those that may pass are asked again."""
    if 200 <= http_status < 300:
        return Answer(True)
    passes = http_status in ASK_AGAIN or http_status >= 500
    return Answer(False, not passes, f"the address answered {http_status}")


def next_attempt(attempts: int, now: datetime, spread: float) -> datetime | None:
    """When to try again after so many attempts; None: it is given up, after three days and a few hours. `spread`,
    0 to 1, adds up to a tenth, so that not all come back in the same moment."""
    if attempts > len(PAUSES):
        return None
    return now + PAUSES[attempts - 1] * (1 + spread / 10)


def body_of(telling: Telling) -> bytes:
    """The message in JSON; a reference that came by our door is told apart as its platform gave it."""
    platform, _, item = telling.ref.partition(":")
    kind, _, item_id = item.partition(":")
    data: dict[str, Any] = {
        "external": {"platform": platform, "kind": kind, "id": item_id} if item_id else {"id": telling.ref},
        "number": telling.number,
        "status": telling.status,
        "at": _utc(telling.at),
    }
    if telling.status in SAYS_THE_RESULT:
        data["result"] = telling.result
    return json.dumps({"type": "complaint.status", "timestamp": _utc(telling.at), "data": data}).encode()


def whose_reference(kind: str | None, channel: str) -> str | None:
    """The kind of an outside reference: as said, else as the channel tells; None where nobody knows."""
    return kind or WHOSE_IT_IS_BY_CHANNEL.get(channel)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
