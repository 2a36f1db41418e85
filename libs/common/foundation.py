"""What every service stands on: its database in two roles, units of work, bells, health and the operator's API.

A service's `main` lays the foundation and adds what is its own; nothing else in a service chooses.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from libs.common import db, migrate, web
from libs.common.auth import PublicKeys
from libs.common.clock import Clock, clock
from libs.common.db import Database
from libs.common.inbox import Inbox, Subscriptions
from libs.common.outbox import Bell
from libs.common.plumbing import Plumbing
from libs.common.service import Job, Service
from libs.common.tenancy import TenantConnection
from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint
from libs.common.web.operations import operations_blueprint

StoreT = TypeVar("StoreT")
WORKER_CONNECTIONS = 6


class Settings(Protocol):
    """The settings every service with a database has."""

    @property
    def database_url(self) -> str: ...
    @property
    def worker_database_url(self) -> str: ...
    @property
    def keys_dir(self) -> Path: ...
    @property
    def clock_file(self) -> Path | None: ...
    @property
    def pool_size(self) -> int: ...


@dataclass(frozen=True)
class Foundation(Generic[StoreT]):
    """`units` work as the web role, `worker_units` as the worker's; on SQLite both are the same database."""

    name: str
    keys: PublicKeys
    clock: Clock
    plumbing: Plumbing
    database: Database
    worker_database: Database
    units: UnitsOfWork[StoreT]
    worker_units: UnitsOfWork[StoreT]
    relay_bell: Bell
    inbox_bell: Bell

    def service(
        self,
        *,
        blueprints: Sequence[Blueprint],
        errors: Mapping[type[Exception], int],
        subscriptions: Subscriptions[StoreT],
        jobs: tuple[Job, ...] = (),
    ) -> Service:
        """The service: `errors` says which HTTP status its handlers' exceptions mean."""
        operations = operations_blueprint(self.name, self.worker_database, self.plumbing, self.clock, self.inbox_bell)
        app = web.create_app(
            self.name,
            [*blueprints, operations],
            keys=self.keys,
            clock=self.clock,
            ready=lambda: db.reachable(self.database) and migrate.is_current(self.name, self.database),
            errors=errors,
        )
        return Service(
            name=self.name,
            app=app,
            database=self.worker_database,
            plumbing=self.plumbing,
            units=self.units,
            inbox=Inbox(self.name, self.worker_units, subscriptions),
            clock=self.clock,
            relay_bell=self.relay_bell,
            inbox_bell=self.inbox_bell,
            jobs=jobs,
        )


def lay_foundation(
    name: str,
    config: Settings,
    plumbing: Plumbing,
    store: Callable[[TenantConnection], StoreT],
    ticking: Clock | None = None,
    also_ring: Callable[[], None] | None = None,
) -> Foundation[StoreT]:
    """Open the databases and read the keys. `ticking` is the clock to use instead of the configured one;
    `also_ring` wakes a job of the service's own after every unit of work."""
    ticking = ticking or clock(config.clock_file)
    database = Database(config.database_url, pool_size=config.pool_size)
    same = config.worker_database_url == config.database_url
    worker_database = database if same else Database(config.worker_database_url, pool_size=WORKER_CONNECTIONS)
    relay_bell = Bell()
    return Foundation(
        name=name,
        keys=PublicKeys(config.keys_dir),
        clock=ticking,
        plumbing=plumbing,
        database=database,
        worker_database=worker_database,
        units=UnitsOfWork(database, plumbing, store, ticking, relay_bell.ring, also_ring),
        worker_units=UnitsOfWork(worker_database, plumbing, store, ticking, relay_bell.ring, also_ring),
        relay_bell=relay_bell,
        inbox_bell=Bell(),
    )
