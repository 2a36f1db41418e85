"""The place in a work list where the next page goes on: the order of its last row, not a number of rows."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.dispatch.domain.refusals import NotAcceptable


@dataclass(frozen=True)
class Place:
    """What a list is ordered by: when the case is next due, when it was received, its id."""

    queue_at: datetime
    received_at: datetime
    complaint_id: UUID


@dataclass(frozen=True)
class LedgerPlace:
    """What the ledger is ordered by: when the compensation was proposed, its id."""

    proposed_at: datetime
    compensation_id: UUID


def write(place: Place) -> str:
    return _packed(place.queue_at.isoformat(), place.received_at.isoformat(), str(place.complaint_id))


def read(cursor: str) -> Place:
    """Raises NotAcceptable for what `write` did not write."""
    with _only_own():
        queue_at, received_at, complaint_id = _unpacked(cursor)
        return Place(_utc(queue_at), _utc(received_at), UUID(complaint_id))


def write_ledger(place: LedgerPlace) -> str:
    return _packed(place.proposed_at.isoformat(), str(place.compensation_id))


def read_ledger(cursor: str) -> LedgerPlace:
    """Raises NotAcceptable for what `write_ledger` did not write."""
    with _only_own():
        proposed_at, compensation_id = _unpacked(cursor)
        return LedgerPlace(_utc(proposed_at), UUID(compensation_id))


@contextmanager
def _only_own() -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, AttributeError, OverflowError) as failure:
        raise NotAcceptable.field("cursor", "is not a cursor of this list") from failure


def _packed(*content: str) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _unpacked(cursor: str) -> Any:
    return json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)
