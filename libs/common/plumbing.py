"""The tables that carry events in and out of every service, made into the service's own metadata.

`outbox` waits for the broker, `sent` was confirmed by it (kept 7 days), `inbox` was received, `applied` says
how far a sender's story about one subject has been taken in, `streams` counts our own story, `idempotency`
remembers answered requests. `procedures` keeps what the tenants service published.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from libs.common.db import UtcDateTime

DUE, DONE, PARKED = 0, 1, 2


@dataclass(frozen=True)
class Plumbing:
    outbox: Table
    sent: Table
    inbox: Table
    applied: Table
    streams: Table
    idempotency: Table
    procedures: Table

    @property
    def open_to_worker(self) -> tuple[Table, ...]:
        """What a worker may read and write for all tenants at once."""
        return (self.outbox, self.sent, self.inbox, self.applied, self.streams, self.idempotency)


def make_plumbing(metadata: MetaData) -> Plumbing:
    """Every service has these tables; they migrate with the service."""
    return Plumbing(
        outbox=_said("outbox", metadata, PrimaryKeyConstraint("tenant_id", "event_id")),
        sent=_said(
            "sent",
            metadata,
            Column("sent_at", UtcDateTime, nullable=False),
            Index(None, "tenant_id", "subject", "sequence"),
            Index(None, "sent_at"),
        ),
        inbox=_inbox(metadata),
        applied=Table(
            "applied",
            metadata,
            Column("tenant_id", Uuid, nullable=False),
            Column("source", String(32), nullable=False),
            Column("subject", Uuid, nullable=False),
            Column("sequence", Integer, nullable=False),
            PrimaryKeyConstraint("tenant_id", "source", "subject"),
        ),
        streams=Table(
            "streams",
            metadata,
            Column("tenant_id", Uuid, nullable=False),
            Column("subject", Uuid, nullable=False),
            Column("sequence", Integer, nullable=False),
            PrimaryKeyConstraint("tenant_id", "subject"),
        ),
        idempotency=Table(
            "idempotency",
            metadata,
            Column("tenant_id", Uuid, nullable=False),
            Column("route", String(120), nullable=False),
            Column("key", String(255), nullable=False),
            Column("body_sha256", LargeBinary(32), nullable=False),
            Column("status", SmallInteger, nullable=False),
            Column("response", Text, nullable=False),
            Column("created_at", UtcDateTime, nullable=False),
            PrimaryKeyConstraint("tenant_id", "route", "key"),
            Index(None, "created_at"),
        ),
        procedures=Table(
            "procedures",
            metadata,
            Column("tenant_id", Uuid, nullable=False),
            Column("version", Integer, nullable=False),
            Column("active_from", UtcDateTime, nullable=False),
            Column("document", Text, nullable=False),
            PrimaryKeyConstraint("tenant_id", "version"),
        ),
    )


def _said(name: str, metadata: MetaData, *further: Column[Any] | Index | PrimaryKeyConstraint) -> Table:
    return Table(
        name,
        metadata,
        Column("tenant_id", Uuid, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("type", String(80), nullable=False),
        Column("subject", Uuid, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("body", Text, nullable=False),
        Column("occurred_at", UtcDateTime, nullable=False),
        Column("cause_id", Uuid),
        Column("traceparent", String(55)),
        *further,
    )


def _inbox(metadata: MetaData) -> Table:
    inbox = Table(
        "inbox",
        metadata,
        Column("tenant_id", Uuid, nullable=False),
        Column("source", String(32), nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("type", String(80), nullable=False),
        Column("subject", Uuid, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("body", Text),  # gone once the event was handled
        Column("occurred_at", UtcDateTime, nullable=False),
        Column("cause_id", Uuid),
        Column("traceparent", String(55)),
        Column("received_at", UtcDateTime, nullable=False),
        Column("state", SmallInteger, nullable=False),
        Column("attempts", SmallInteger, nullable=False),
        Column("due_at", UtcDateTime),
        Column("last_error", String(300)),
        PrimaryKeyConstraint("tenant_id", "source", "event_id"),
        UniqueConstraint("tenant_id", "source", "subject", "sequence"),
        Index("ix_inbox_received_at", "received_at"),
    )
    due_indexes(inbox)
    return inbox


def due_indexes(table: Table) -> None:
    """The two partial indexes that `due.claim` needs: is anything due, and whose."""
    waiting = table.c.due_at.isnot(None)
    for name, columns in (
        (f"ix_{table.name}_due", (table.c.due_at,)),
        (f"ix_{table.name}_due_by_tenant", (table.c.tenant_id, table.c.due_at)),
    ):
        Index(name, *columns, postgresql_where=waiting, sqlite_where=waiting)
