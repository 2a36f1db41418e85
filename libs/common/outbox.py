"""The outbox: what a service says is a row in the transaction that made it true; the relay publishes it.

Rows leave the outbox for `sent` only after the broker confirmed them. Publishing twice is harmless (every
reader checks `sequence`), losing one is not.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import uuid_utils.compat as uuids
from sqlalchemy import Integer, Select, Table, TextualSelect, bindparam, text
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection, RowMapping

from libs.common import events
from libs.common.broker import Broker
from libs.common.db import Database, UtcDateTime
from libs.common.envelope import Envelope
from libs.common.many_rows import insert_many
from libs.common.plumbing import Plumbing

WINDOW = 500
TURN = 0x72656C6179  # the advisory lock of a database's relay
KEPT = timedelta(days=7)


def append(
    connection: Connection,
    plumbing: Plumbing,
    said: Sequence[tuple[events.Event, UUID | None, str | None]],
) -> None:
    """Put events (each with its cause and traceparent) into the outbox, in the running transaction."""
    if not said:
        return
    # As numbers: to look a UUID up costs a call of Python's, and there are thousands in a batch.
    subjects = [(happening.tenant_id.int, happening.subject.int) for happening, _, _ in said]
    last = _reserve(connection, plumbing.streams, Counter(subjects))
    rows = []
    for subject, (happening, cause_id, traceparent) in zip(subjects, said, strict=True):
        last[subject] = sequence = last[subject] + 1
        rows.append(row_of(happening, uuids.uuid7(), sequence, cause_id, traceparent))
    insert_many(connection, plumbing.outbox, rows)


def row_of(
    happening: events.Event, event_id: UUID, sequence: int, cause_id: UUID | None, traceparent: str | None
) -> dict[str, Any]:
    return {
        "tenant_id": happening.tenant_id,
        "event_id": event_id,
        "type": happening.type,
        "subject": happening.subject,
        "sequence": sequence,
        "body": events.encode(happening).decode(),
        "occurred_at": happening.occurred_at,
        "cause_id": cause_id,
        "traceparent": traceparent,
    }


def _reserve(connection: Connection, streams: Table, wanted: Counter[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The last sequence used per tenant and subject before the wanted ones. Locks the subjects' counters in key order,
    so that two transactions never wait for each other."""
    rows = [
        {"t": f"{tenant:032x}", "s": f"{subject:032x}", "n": many} for (tenant, subject), many in sorted(wanted.items())
    ]
    statement = _reserving(streams, connection.dialect.name)
    found = connection.execute(statement, {"rows": msgspec.json.encode(rows).decode()}).fetchall()
    keys = [(tenant_id.int, subject.int) for tenant_id, subject, _ in found]
    return {key: sequence - wanted[key] for key, (_, _, sequence) in zip(keys, found, strict=True)}


@cache
def _reserving(streams: Table, dialect: str) -> TextualSelect:
    if dialect == "postgresql":
        wanted = "SELECT t, s, n FROM json_to_recordset(CAST(:rows AS json)) AS given(t uuid, s uuid, n int)"
    else:
        each = (f"json_extract(value, '$.{name}')" for name in "tsn")
        wanted = f"SELECT {', '.join(each)} FROM json_each(:rows) WHERE true"  # noqa: S608 (constants)
    statement = text(
        f"""INSERT INTO streams (tenant_id, subject, sequence) {wanted}
            ON CONFLICT (tenant_id, subject) DO UPDATE SET sequence = streams.sequence + excluded.sequence
            RETURNING tenant_id, subject, sequence"""  # noqa: S608 (no values in it)
    )
    return statement.columns(streams.c.tenant_id, streams.c.subject, streams.c.sequence)


class Relay:
    """Publishes one service's outbox. One relay works an outbox at a time: order per subject is kept."""

    def __init__(self, service: str, database: Database, plumbing: Plumbing, broker: Broker) -> None:
        self._service = service
        self._database = database
        self._plumbing = plumbing
        self._broker = broker

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Whether this process may work the outbox; it keeps the turn until it leaves or dies."""
        if self._database.dialect != "postgresql":
            yield True
            return
        url = self._database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            [mine] = connection.execute("SELECT pg_try_advisory_lock(%s)", (TURN,)).fetchall()[0]
            yield bool(mine)

    def publish_waiting(self, now: Callable[[], datetime]) -> int:
        """Publish up to one window of waiting events, in turns from the tenants; returns how many.

        Raises what the broker raises; then nothing has moved and all of it is published again.
        """
        with self._database.read() as connection:
            rows = _waiting(connection, self._plumbing.outbox)
        if not rows:
            return 0
        self._broker.publish([_envelope(self._service, row) for row in rows])
        with self._database.write() as connection:
            _move_to_sent(connection, rows, now())
        return len(rows)


def _waiting(connection: Connection, outbox: Table) -> list[RowMapping]:
    tenants = list(connection.execute(_tenants(outbox)).scalars())
    tenants = random.sample(tenants, min(WINDOW, len(tenants)))
    share = WINDOW // max(1, len(tenants))
    rows: list[RowMapping] = []
    for tenant_id in tenants:
        rows += connection.execute(_oldest(outbox), {"of_tenant": tenant_id, "share": share}).mappings()
    return rows


@cache
def _oldest(outbox: Table) -> Select[Any]:
    mine = outbox.select().where(outbox.c.tenant_id == bindparam("of_tenant"))
    return mine.order_by(outbox.c.event_id).limit(bindparam("share", type_=Integer))


@cache
def _tenants(outbox: Table) -> TextualSelect:
    """Those with something to say, found by hopping from tenant to tenant along the index."""
    statement = text("""WITH RECURSIVE t AS (
      SELECT * FROM (SELECT tenant_id FROM outbox ORDER BY tenant_id LIMIT 1) first
      UNION ALL
      SELECT (SELECT o.tenant_id FROM outbox o WHERE o.tenant_id > t.tenant_id ORDER BY o.tenant_id LIMIT 1)
      FROM t WHERE t.tenant_id IS NOT NULL)
    SELECT tenant_id FROM t WHERE tenant_id IS NOT NULL""")
    return statement.columns(outbox.c.tenant_id)


_COLUMNS = "tenant_id, event_id, type, subject, sequence, body, occurred_at, cause_id, traceparent"


def _move_to_sent(connection: Connection, rows: Sequence[RowMapping], now: datetime) -> None:
    if connection.dialect.name == "postgresql":
        tenants, ids = [row["tenant_id"] for row in rows], [row["event_id"] for row in rows]
        connection.execute(_MOVED_AT_ONCE, {"tenants": tenants, "events": ids, "now": now})
        return
    keys = [{"t": row["tenant_id"], "e": row["event_id"], "now": now} for row in rows]
    connection.execute(_COPIED, keys)
    connection.execute(_DELETED, keys)


_MOVED_AT_ONCE = text(
    f"""WITH moved AS (DELETE FROM outbox o USING unnest(:tenants, :events) AS k(tenant_id, event_id)
          WHERE o.tenant_id = k.tenant_id AND o.event_id = k.event_id RETURNING o.*)
        INSERT INTO sent ({_COLUMNS}, sent_at) SELECT {_COLUMNS}, :now FROM moved"""  # noqa: S608
).bindparams(
    bindparam("tenants", type_=ARRAY(UuidType)),
    bindparam("events", type_=ARRAY(UuidType)),
    bindparam("now", type_=UtcDateTime),
)

_THIS_ONE = "FROM outbox WHERE tenant_id = :t AND event_id = :e"
_KEY = (bindparam("t", type_=UuidType), bindparam("e", type_=UuidType))
_COPIED = text(f"INSERT INTO sent ({_COLUMNS}, sent_at) SELECT {_COLUMNS}, :now {_THIS_ONE}").bindparams(  # noqa: S608
    *_KEY, bindparam("now", type_=UtcDateTime)
)
_DELETED = text(f"DELETE {_THIS_ONE}").bindparams(*_KEY)


def _envelope(source: str, row: RowMapping) -> Envelope:
    return Envelope(
        event_id=row["event_id"],
        source=source,
        type=row["type"],
        occurred_at=row["occurred_at"],
        tenant_id=row["tenant_id"],
        subject=row["subject"],
        sequence=row["sequence"],
        body=row["body"],
        cause_id=row["cause_id"],
        traceparent=row["traceparent"],
    )


def replay(database: Database, plumbing: Plumbing, since: datetime) -> int:
    """Move everything sent since then back into the outbox (the broker was lost); returns how many."""
    this = "FROM sent WHERE sent_at >= :since"
    insert = f"INSERT INTO outbox ({_COLUMNS}) SELECT {_COLUMNS}"
    unless_waiting = "ON CONFLICT DO NOTHING"
    if database.dialect == "postgresql":
        # One statement, so that nothing the relay sends meanwhile is deleted without having been copied.
        steps = [f"WITH moved AS (DELETE {this} RETURNING *) {insert} FROM moved {unless_waiting}"]  # noqa: S608
    else:
        steps = [f"{insert} {this} {unless_waiting}", f"DELETE {this}"]
    with database.write() as connection:
        when = bindparam("since", since, type_=UtcDateTime)
        return [connection.execute(text(step).bindparams(when)).rowcount for step in steps][0]


def forget_sent(database: Database, plumbing: Plumbing, now: datetime) -> int:
    """Drop what was sent more than seven days ago; returns how many rows or partitions went."""
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            return int(connection.execute(text("SELECT redress_keep_sent()")).scalar_one())
        return connection.execute(plumbing.sent.delete().where(plumbing.sent.c.sent_at < now - KEPT)).rowcount


class Bell:
    """Wakes who waits for work in this process, after a commit. A lost ring is repaired by the sweep.

    A ring wakes one of those who wait; it is kept when nobody does.
    """

    def __init__(self) -> None:
        self._rung = False
        self._waiting = threading.Condition()

    def ring(self) -> None:
        with self._waiting:
            self._rung = True
            self._waiting.notify()

    def wait(self, seconds: float) -> bool:
        """True when rung; forgets the ring."""
        with self._waiting:
            if not self._rung:
                self._waiting.wait(seconds)
            rung, self._rung = self._rung, False
            return rung
