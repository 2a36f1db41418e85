"""Units of work: one transaction per request or batch of events, committed at the edge, never in a handler.

A handler gets a `Work`: its store (bound to one tenant), the present moment, and `record` for what it has to
say. Rows and events commit together.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from sqlalchemy.engine import Connection

from libs.common import outbox, tenancy
from libs.common.clock import Clock
from libs.common.db import Database
from libs.common.events import Event
from libs.common.plumbing import Plumbing
from libs.common.telemetry import current_traceparent
from libs.common.tenancy import TenantConnection

StoreT = TypeVar("StoreT")


@runtime_checkable
class Gathers(Protocol):
    """A store that gathers changes of a whole batch and writes them together."""

    def flush(self) -> None: ...


@dataclass
class Work(Generic[StoreT]):
    """What a handler works with. `cause` is the event being answered, None for a request."""

    store: StoreT
    now: datetime
    tenant_id: UUID
    cause: UUID | None = None
    said: list[tuple[Event, UUID | None, str | None]] = field(default_factory=list)

    def record(self, happening: Event) -> None:
        """Say it, once the transaction commits."""
        self.said.append((happening, self.cause, current_traceparent()))


class Transaction(Generic[StoreT]):
    """One transaction that may work for several tenants in turn; for batches of events and due rows."""

    def __init__(
        self,
        connection: Connection,
        plumbing: Plumbing,
        store: Callable[[TenantConnection], StoreT],
        now: datetime,
    ) -> None:
        self.connection = connection
        self.now = now
        self._plumbing = plumbing
        self._store = store
        self._mine: TenantConnection | None = None
        self._works: StoreT | None = None
        self.said: list[tuple[Event, UUID | None, str | None]] = []

    def work_for(self, tenant_id: UUID, cause: UUID | None = None) -> Work[StoreT]:
        """A Work for this tenant; from here on the transaction speaks for it alone."""
        if self._mine is None or self._mine.tenant_id != tenant_id:
            self.flush()
            tenancy.bind(self.connection, tenant_id)
            self._mine = TenantConnection(self.connection, tenant_id)
            self._works = self._store(self._mine)
        assert self._works is not None
        return Work(self._works, self.now, tenant_id, cause, self.said)

    def flush(self) -> None:
        """Send what was gathered; called before the tenant changes and before the transaction ends."""
        if isinstance(self._works, Gathers):
            self._works.flush()
        if self._mine is not None:
            self._mine.flush()

    def finish(self) -> None:
        self.flush()
        outbox.append(self.connection, self._plumbing, self.said)


class UnitsOfWork(Generic[StoreT]):
    """Opens units of work on one service's database."""

    def __init__(
        self,
        database: Database,
        plumbing: Plumbing,
        store: Callable[[TenantConnection], StoreT],
        clock: Clock,
        after_commit: Callable[[], Any],
        after_every: Callable[[], Any] | None = None,
    ) -> None:
        """`after_commit` is called when events were said, `after_every` after any unit of work."""
        self.database = database
        self.plumbing = plumbing
        self.clock = clock
        self._store = store
        self._after_commit = after_commit
        self._after_every = after_every

    @contextmanager
    def begin(self, tenant_id: UUID) -> Iterator[Work[StoreT]]:
        """A unit of work for one tenant; commits on leaving, then rings the relay."""
        with self.transaction() as transaction:
            yield transaction.work_for(tenant_id)

    @contextmanager
    def transaction(self) -> Iterator[Transaction[StoreT]]:
        """A unit of work over several tenants; commits on leaving, then rings the relay."""
        with self.database.write() as connection:
            transaction = Transaction(connection, self.plumbing, self._store, self.clock.now())
            yield transaction
            transaction.finish()
        if transaction.said:
            self._after_commit()
        if self._after_every:
            self._after_every()

    @contextmanager
    def read(self, tenant_id: UUID) -> Iterator[StoreT]:
        """A store to look things up in; nothing is changed."""
        with self.database.read() as connection:
            tenancy.bind(connection, tenant_id)
            yield self._store(TenantConnection(connection, tenant_id))
