"""Databases: one per service, PostgreSQL or a SQLite file, the same code for both.

A SQLite file has one writer at a time; those who wait for it share one fsync (`GroupCommit`), so that
`synchronous=FULL` costs little under load. PostgreSQL does the same by itself.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import msgspec
from sqlalchemy import DateTime, Engine, MetaData, TypeDecorator, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
UNITS_PER_COMMIT = 64


def _as_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


JSON_COLUMNS: dict[str, Any] = {"json_serializer": _as_json, "json_deserializer": msgspec.json.decode}
"""How they are written and read: a fifth of the standard library's time, of which many rows have some."""


class NotUtc(Exception):
    """A time without a zone was about to be stored."""


class DatabaseAway(Exception):
    """The database does not answer; the work was not done, or nobody knows (a lost COMMIT)."""


def new_metadata() -> MetaData:
    return MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored and returned in UTC. SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise NotUtc(value)
        value = _in_utc(value)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else _in_utc(value)


def _in_utc(value: datetime) -> datetime:
    """Nearly all are in UTC already: not to convert them is a good part of reading a row."""
    return value if value.tzinfo is UTC else value.astimezone(UTC)


class Database:
    """One service's database. `write()` and `read()` are transactions; the write is durable on leaving."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = make_url(url)
        self.dialect = self.url.get_backend_name()
        self.engine = _sqlite(url) if self.dialect == "sqlite" else _postgresql(url, pool_size)
        self._pool_size = pool_size
        self._group = GroupCommit(self.engine) if self.dialect == "sqlite" else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction. Raises DatabaseAway when the database is not there."""
        with self._noticing_its_absence():
            if self._group:
                with self._group.unit() as connection:
                    yield connection
            else:
                with self.engine.begin() as connection:
                    yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that changes nothing."""
        with self._noticing_its_absence(), self.engine.connect() as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def _noticing_its_absence(self) -> Iterator[None]:
        try:
            with away_is_said():
                yield
        except DatabaseAway:
            self.forget_connections()
            raise

    def forget_connections(self) -> None:
        """The server was away: the idle ones were cut as well, and would fail one by one, perhaps hours later."""
        if self.dialect == "postgresql":
            self.engine.dispose()
            if "autocommit" in self.__dict__:
                self.autocommit.dispose()

    @cached_property
    def autocommit(self) -> Engine:
        """PostgreSQL outside explicit transactions, for statements that are whole in themselves."""
        return _postgresql(self.url.render_as_string(hide_password=False), self._pool_size, autocommit=True)

    def close(self) -> None:
        if self._group:
            self._group.close()
        if "autocommit" in self.__dict__:
            self.autocommit.dispose()
        self.engine.dispose()


@contextmanager
def away_is_said() -> Iterator[None]:
    """Turn a lost or refused connection into DatabaseAway; other database errors pass."""
    try:
        yield
    except DBAPIError as failure:
        if failure.connection_invalidated or _could_not_connect(failure):
            raise DatabaseAway(type(failure).__name__) from failure
        raise


def _could_not_connect(failure: DBAPIError) -> bool:
    words = (
        "connection failed",
        "could not connect",
        "server closed",
        "terminating connection",
        "starting up",
        "timeout expired",
    )
    return isinstance(failure, OperationalError) and any(word in str(failure.orig) for word in words)


def _postgresql(url: str, pool_size: int, *, autocommit: bool = False) -> Engine:
    settings = (
        "-c timezone=UTC -c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000"
    )
    return create_engine(
        url,
        **JSON_COLUMNS,
        isolation_level="AUTOCOMMIT" if autocommit else None,
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=5,
        pool_use_lifo=True,
        connect_args={
            "connect_timeout": 3,
            "options": settings,
            "keepalives_idle": 10,
            "tcp_user_timeout": 10_000,
        },
    )


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        **JSON_COLUMNS,
        pool_size=8,
        max_overflow=8,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("groups_commits"):
            connection.exec_driver_sql("BEGIN")

    return engine


class GroupCommit:
    """One writer at a time, one COMMIT for all who were in line.

    A unit that leaves others waiting for the turn leaves the COMMIT to them; the last one in line (or the
    64th) commits, and everybody returns only then. A unit that fails is rolled back alone.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._batch: _Batch | None = None

    @contextmanager
    def unit(self) -> Iterator[Connection]:
        with self._counting:
            self._waiting += 1
        failed: BaseException | None = None
        with self._turn:
            with self._counting:
                self._waiting -= 1
            connection, batch = self._opened()
            try:
                connection.exec_driver_sql("SAVEPOINT unit")
                yield connection
                connection.exec_driver_sql("RELEASE unit")
            except BaseException as failure:  # noqa: BLE001 (raised below, after the turn was passed on)
                failed = failure
                self._undo(connection, batch, failure)
            else:
                batch.units += 1
                self._commit_if_last(batch)
        if failed is not None:
            batch.settle()
            raise failed
        batch.wait()

    def close(self) -> None:
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _opened(self) -> tuple[Connection, "_Batch"]:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(groups_commits=True)
        if self._batch is None:
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._batch = _Batch()
        return self._connection, self._batch

    def _undo(self, connection: Connection, batch: "_Batch", failure: BaseException) -> None:
        """Undo one unit. A full disk makes SQLite undo the whole transaction: then everybody's unit is lost."""
        try:
            connection.exec_driver_sql("ROLLBACK TO unit")
            connection.exec_driver_sql("RELEASE unit")
        except DBAPIError:
            self._give_up(connection, batch, failure)
        else:
            self._commit_if_last(batch)

    def _give_up(self, connection: Connection, batch: "_Batch", failure: BaseException) -> None:
        self._batch = None
        with suppress(DBAPIError):  # nothing to roll back when SQLite has done so itself
            connection.exec_driver_sql("ROLLBACK")
        batch.end(failure)

    def _commit_if_last(self, batch: "_Batch") -> None:
        with self._counting:
            others_will = self._waiting > 0
        if others_will and batch.units < UNITS_PER_COMMIT:
            return
        assert self._connection is not None
        try:
            self._connection.exec_driver_sql("COMMIT")
        except BaseException as failure:  # noqa: BLE001 (told to everyone whose unit was in the commit)
            self._give_up(self._connection, batch, failure)
        else:
            self._batch = None
            batch.end(None)


class _Batch:
    def __init__(self) -> None:
        self.units = 0
        self._ended = threading.Event()
        self._failure: BaseException | None = None

    def end(self, failure: BaseException | None) -> None:
        self._failure = failure
        self._ended.set()

    def settle(self) -> None:
        """For a unit that failed over what it saw of another's: wait until that is certain."""
        self._ended.wait()

    def wait(self) -> None:
        self._ended.wait()
        if self._failure is not None:
            raise DatabaseAway("the common commit failed") from self._failure


def reachable(database: Database) -> bool:
    """Whether a statement can be run now; for /readyz."""
    try:
        with database.read() as connection:
            connection.execute(text("select 1"))
    except (DatabaseAway, DBAPIError):
        return False
    return True
