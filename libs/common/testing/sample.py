"""A tiny service for the contract suites: one table of notes and the plumbing around it, on either database.

It hears `complaint.withdrawn.v1` and notes each reason; nothing here is part of the product.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, PrimaryKeyConstraint, String, Table, Text, UniqueConstraint, Uuid, create_engine, select

from libs.common import events, schema
from libs.common.db import Database, UtcDateTime, new_metadata
from libs.common.envelope import Envelope
from libs.common.events.intake import ComplaintWithdrawn
from libs.common.inbox import Inbox
from libs.common.outbox import Bell
from libs.common.plumbing import make_plumbing
from libs.common.tenancy import TenantConnection
from libs.common.testing.roles import Urls
from libs.common.testing.still_clock import StillClock
from libs.common.unit_of_work import UnitsOfWork, Work

NAME = "sample"

metadata = new_metadata()
plumbing = make_plumbing(metadata)
notes = Table(
    "notes",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("note_id", Uuid, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("text", Text, nullable=False),
    Column("label", String(60)),
    Column("noted_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "note_id"),
    UniqueConstraint("tenant_id", "label"),
)


class Notes:
    """The store: one tenant's notes."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, subject: UUID, text: str, at: datetime, label: str | None = None) -> None:
        self._rows.insert(notes, note_id=uuids.uuid7(), subject=subject, text=text, noted_at=at, label=label)

    def about(self, subject: UUID) -> list[str]:
        """The texts in the order of noting."""
        mine = select(notes.c.text).where(self._rows.mine(notes), notes.c.subject == subject)
        return [row["text"] for row in self._rows.all(mine.order_by(notes.c.note_id))]

    def count(self) -> int:
        return len(self._rows.all(select(notes.c.note_id).where(self._rows.mine(notes))))


Handler = Callable[[Any, Work[Notes]], None]


class Sample:
    """The service on its two roles; `rung` counts how often the relay was woken."""

    def __init__(self, urls: Urls) -> None:
        self.urls = urls
        self.clock = StillClock()
        self.web = Database(urls.web)
        self.worker = Database(urls.worker) if urls.worker != urls.web else self.web
        self.plumbing = plumbing
        self.bell = Bell()
        self.rung = 0
        self.units = UnitsOfWork(self.web, plumbing, Notes, self.clock, self._ring)
        self.worker_units = UnitsOfWork(self.worker, plumbing, Notes, self.clock, self._ring)

    def inbox(self, handler: Handler | None = None) -> Inbox[Notes]:
        """An inbox whose every withdrawn complaint is answered by `handler`, or noted."""
        return Inbox(NAME, self.worker_units, {ComplaintWithdrawn: handler or note})

    def noted(self, tenant_id: UUID, subject: UUID) -> list[str]:
        with self.units.read(tenant_id) as store:
            return store.about(subject)

    def close(self) -> None:
        self.web.close()
        self.worker.close()

    def _ring(self) -> None:
        self.rung += 1
        self.bell.ring()


def note(event: ComplaintWithdrawn, work: Work[Notes]) -> None:
    work.store.add(event.subject, event.reason or "", work.now)


def withdrawn(tenant_id: UUID, subject: UUID, text: str, at: datetime) -> ComplaintWithdrawn:
    """Something to say about a subject."""
    return ComplaintWithdrawn(tenant_id=tenant_id, subject=subject, occurred_at=at, reason=text)


def told(tenant_id: UUID, subject: UUID, sequence: int, text: str, at: datetime, *, source: str = "intake") -> Envelope:
    """The same as it arrives at a hearer."""
    event = withdrawn(tenant_id, subject, text, at)
    body = events.encode(event).decode()
    return Envelope(uuids.uuid7(), source, event.type, at, tenant_id, subject, sequence, body)


def migrate(url: str) -> None:
    """Make the tables as a service's migration does; on PostgreSQL `url` is the owner's."""
    engine = create_engine(url)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        with Operations.context(context):
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
            schema.create_plumbing(NAME)
            notes.create(connection)
            schema.protect(notes.name)
        schema.grant(connection, NAME)
    engine.dispose()
