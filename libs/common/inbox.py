"""The inbox: store, then process; effects exactly once, in order per subject, whatever arrives.

`receive` takes a batch: what is next in its sender's story is handled and marked done in one transaction. When
anything fails, what remains are the stored rows, and `work_due` takes them up: fresh rows together, rows that
have failed alone, with growing pauses, until they are parked with their error. A parked or missing event holds
back only what its own sender says about the same subject.

A handler may raise `NotYetKnown` when it needs what another sender has not told yet; that is no failure.
"""

import logging
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DBAPIError

from libs.common import due, telemetry
from libs.common.db import Database, DatabaseAway
from libs.common.envelope import Envelope
from libs.common.events import REGISTRY, Event, decode
from libs.common.inbox_rows import InboxRows, Stream, place_of, stream_of
from libs.common.plumbing import DUE, PARKED, Plumbing
from libs.common.unit_of_work import Transaction, UnitsOfWork, Work

log = logging.getLogger(__name__)

StoreT = TypeVar("StoreT")
Subscriptions = Mapping[type[Event], Callable[[Any, Work[StoreT]], None]]
"""Which handler answers which event: the whole of a service's `consumers.py`."""

BATCH = 100
ATTEMPTS = 3
ATTEMPTS_WHEN_AWAY = 12
SOON = timedelta(milliseconds=200)
GAP_CHECK = timedelta(seconds=5)
LEASE = timedelta(seconds=15)  # longer than any statement may take
CALM = timedelta(seconds=5)


class NotYetKnown(Exception):
    """The handler needs something another sender has not told yet; try again shortly."""


@dataclass(frozen=True)
class _Failure:
    row: RowMapping
    reason: str
    patient: bool  # the cause is elsewhere (database, another sender): be patient with it
    died: bool = False

    @property
    def attempts(self) -> int:
        """Failures so far: deaths do not count once the event has answered at all."""
        first = self.row["last_error"] is None and not self.died
        return 1 if first else int(self.row["attempts"])


class Inbox(Generic[StoreT]):
    """One service's inbox and what it does about each event."""

    def __init__(
        self,
        service: str,
        units: UnitsOfWork[StoreT],
        subscriptions: Subscriptions[StoreT],
    ) -> None:
        self._service = service
        self._units = units
        self._handlers = {event_class.type: handler for event_class, handler in subscriptions.items()}
        self._table = units.plumbing.inbox
        self._rows = InboxRows(units.plumbing)
        self._began = units.clock.now()

    def store(self, envelopes: Sequence[Envelope], attempts: int = 0) -> None:
        """Put envelopes into the inbox, due now; those seen before are left alone."""
        now = self._units.clock.now()
        rows = [self._rows.row(envelope, now) | {"attempts": attempts} for envelope in envelopes]
        with self._units.database.write() as connection:
            self._rows.insert(connection, rows)

    def receive(self, envelopes: Sequence[Envelope], seen_before: bool = False) -> None:
        """Handle what is next in line and store the rest, in one transaction; after a failure store all.

        What was delivered before may have killed the process that handled it, so it is only stored and then
        handled alone. Returns when everything is stored. Raises DatabaseAway.
        """
        if seen_before:
            self.store(envelopes, attempts=1)
            return
        now = self._units.clock.now()
        rows = [self._rows.row(envelope, now) for envelope in envelopes]
        try:
            with self._units.transaction() as transaction:
                handled, later = self._take(transaction, rows)
                self._rows.insert(transaction.connection, later)
                self._rows.insert_done(transaction.connection, handled)
                self._rows.wake_followers(transaction.connection, handled, now)
        except Exception as failure:
            if isinstance(failure, DatabaseAway):
                raise
            log.warning("a batch is handled one by one because of %s", type(failure).__name__)
            self.store(envelopes)

    def work_due(self) -> int:
        """Handle due rows: fresh ones in one transaction, others alone. Returns how many were looked at."""
        if not self._anything_due():
            return 0
        fresh = self._claim(BATCH, fresh_only=True)
        if fresh:
            try:
                self._handle_together(fresh)
            except Exception as failure:
                if isinstance(failure, DatabaseAway):
                    raise
                for row in sorted(fresh, key=place_of):
                    self._handle_alone(row)
        tried = self._claim(1, fresh_only=False) if self._anything_due() else []
        for row in tried:
            self._handle_alone(row)
        return len(fresh) + len(tried)

    def _anything_due(self) -> bool:
        with self._units.database.read() as connection:
            return due.anything_due(connection, self._table, self._units.clock.now())

    def _claim(self, limit: int, fresh_only: bool) -> list[RowMapping]:
        now = self._units.clock.now()
        with self._units.database.write() as connection:
            return due.claim(connection, self._table, now=now, limit=limit, lease=LEASE, fresh_only=fresh_only)

    def _handle_together(self, rows: Sequence[RowMapping]) -> None:
        with self._units.transaction() as transaction:
            handled, later = self._take(transaction, [dict(row) for row in rows])
            self._rows.finish(transaction.connection, handled)
            self._rows.postpone(transaction.connection, later, transaction.now + GAP_CHECK)
            self._rows.wake_followers(transaction.connection, handled, transaction.now)

    def _handle_alone(self, row: RowMapping) -> None:
        never_answered = row["last_error"] is None
        if row["attempts"] > (ATTEMPTS if never_answered else ATTEMPTS_WHEN_AWAY):
            self._fail(_Failure(row, "the process died while handling this", patient=False, died=True))
            return
        if never_answered and row["attempts"] == ATTEMPTS and self._is_young():
            self._give_back(row)
            return
        try:
            self._handle_together([row])
        except DatabaseAway:
            raise
        except NotYetKnown as failure:
            self._fail(_Failure(row, f"not yet known: {failure}", patient=True))
        except Exception as failure:
            log.warning("an event failed", exc_info=True)
            self._fail(_Failure(row, type(failure).__name__, patient=isinstance(failure, DBAPIError)))

    def _is_young(self) -> bool:
        """Where processes die one after the other, the cause is elsewhere: the last attempt waits for a calm one."""
        return self._units.clock.now() - self._began < CALM

    def _give_back(self, row: RowMapping) -> None:
        later = {"due_at": self._units.clock.now() + CALM, "attempts": row["attempts"] - 1}
        with self._units.database.write() as connection:
            connection.execute(self._table.update().where(self._rows.this(row)).values(**later))

    def _fail(self, failure: _Failure) -> None:
        row, now = failure.row, self._units.clock.now()
        attempts = failure.attempts
        parked = attempts >= (ATTEMPTS_WHEN_AWAY if failure.patient else ATTEMPTS)
        change: dict[str, Any] = {
            "attempts": attempts,
            "last_error": failure.reason[:300],
            "due_at": now + pause(attempts),
        }
        if parked:
            change |= {"state": PARKED, "due_at": None}
            log.error("an event is parked: %s from %s: %s", row["type"], row["source"], failure.reason)
        with self._units.database.write() as connection:
            still_due = self._rows.this(row) & (self._table.c.state == DUE)
            connection.execute(self._table.update().where(still_due).values(**change))

    def _take(
        self, transaction: Transaction[StoreT], rows: Iterable[dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Run the handlers of all that is next in line; returns (handled or known already, not yet in line)."""
        waiting = sorted(rows, key=place_of)
        applied = self._rows.how_far(transaction.connection, {stream_of(row) for row in waiting})
        moved: dict[Stream, int] = {}
        handled: list[dict[str, Any]] = []
        later: list[dict[str, Any]] = []
        for row in waiting:
            stream = stream_of(row)
            reached = applied.get(stream, 0)
            if row["sequence"] > reached + 1:
                later.append(row)
                continue
            if row["sequence"] == reached + 1:
                self._handle(transaction, row)
                applied[stream] = moved[stream] = row["sequence"]
                handled.append(row)
            elif row.get("attempts"):
                handled.append(row)  # stored twice over; only its mark is missing
        transaction.flush()
        self._rows.remember(transaction.connection, moved)
        return handled, later

    def _handle(self, transaction: Transaction[StoreT], row: Mapping[str, Any]) -> None:
        handler = self._handlers.get(row["type"])
        if handler is None:
            if row["type"] not in REGISTRY:
                log.info("an event type of a newer release is passed over: %s", row["type"])
            return
        happening = decode(
            row["type"],
            row["body"].encode(),
            tenant_id=row["tenant_id"],
            subject=row["subject"],
            occurred_at=row["occurred_at"],
        )
        with (
            telemetry.about(service=self._service, tenant=row["tenant_id"], complaint=row["subject"]),
            telemetry.span(f"hear {row['type']}", parent=row["traceparent"], event_type=row["type"]),
        ):
            handler(happening, transaction.work_for(row["tenant_id"], row["event_id"]))


def pause(attempts: int) -> timedelta:
    """How long a failed row rests: up to 1, 2, 4 … seconds, at most 15 minutes, at least a moment."""
    longest = min(timedelta(minutes=15), timedelta(seconds=2 ** max(0, attempts - 1)))
    return SOON + (longest - SOON) * random.random()  # noqa: S311 (jitter)


def replay_parked(database: Database, plumbing: Plumbing, event_id: UUID | None, now: datetime) -> int:
    """Make parked events due again (all of them when `event_id` is None); returns how many."""
    inbox = plumbing.inbox
    chosen = inbox.c.state == PARKED
    if event_id is not None:
        chosen &= inbox.c.event_id == event_id
    again = {"state": DUE, "attempts": 0, "last_error": None, "due_at": now}
    with database.write() as connection:
        return connection.execute(inbox.update().where(chosen).values(**again)).rowcount
