"""The evidence chain of one case (PR-4): every step carries the hash of the one before it.

What people wrote stands beside the chain, not in it: a step holds only its digest, so that the words may be
erased one day and the chain still verifies, while words that were changed do not.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

GENESIS = bytes(32)
LEAF = b"\x00"
WORDS_DIGEST = "words_sha256"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happened to a case, `n` counted from 1.

    `details` and `words` are canonical JSON; `words` is None where nothing was written or where it was erased.
    """

    complaint_id: UUID
    n: int
    at: datetime
    actor: str
    action: str
    details: str
    words: str | None = None


@dataclass(frozen=True)
class Link:
    """A step as it is kept: with the hash before it and its own."""

    step: Step
    prev: bytes
    hash: bytes


@dataclass(frozen=True)
class Head:
    """How long a chain is and how it ends; kept apart from it, so that a cut-off end shows."""

    count: int = 0
    hash: bytes = GENESIS


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces; ids and times as text, times in UTC."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text)


def details_of(facts: Mapping[str, Any], words: str | None) -> str:
    """Canonical details of a step: the facts, and the digest of the words if there are any."""
    return canonical({**facts, WORDS_DIGEST: _digest(words)} if words is not None else facts)


def link(prev: bytes, step: Step) -> bytes:
    """SHA-256 over a leaf prefix (RFC 6962), the hash before, and the step without its words."""
    content = {
        "complaint_id": step.complaint_id,
        "n": step.n,
        "at": step.at,
        "actor": step.actor,
        "action": step.action,
        "details": step.details,
    }
    return hashlib.sha256(LEAF + prev + canonical(content).encode()).digest()


def verify(links: Sequence[Link], head: Head | None = None) -> int | None:
    """The number of the first step that is not as it was written, or that is missing; None when all are.

    Without `head` steps missing at the end cannot be noticed.
    """
    prev = GENESIS
    for n, kept in enumerate(links, start=1):
        if head is not None and n > head.count:
            return n
        if kept.step.n != n or kept.prev != prev or kept.hash != link(prev, kept.step):
            return n
        if not _words_fit(kept.step):
            return n
        prev = kept.hash
    if head is None or (head.count, head.hash) == (len(links), prev):
        return None
    return len(links) + 1 if head.count > len(links) else len(links)


def files_of(links: Sequence[Link]) -> Iterator[tuple[int, str]]:
    """The SHA-256 of every file that the chain names, with its step: the complainant's, those of steps, vouchers."""
    for kept in links:
        details: dict[str, Any] = json.loads(kept.step.details)
        voucher = details.get("payment", {}).get("voucher_sha256")
        for sha256 in (*details.get("attachments", ()), *([voucher] if voucher else ())):
            yield kept.step.n, sha256


def _words_fit(step: Step) -> bool:
    if step.words is None:
        return True
    details: dict[str, Any] = json.loads(step.details)
    return details.get(WORDS_DIGEST) == _digest(step.words)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in evidence")
