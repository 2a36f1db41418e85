"""Tenants: nothing is read or written but for one of them.

`TenantConnection` is the only way a store reaches its tables. It adds the tenant to every row it inserts, to every
row it asks for by its values, and offers `mine(table)` for every other question; on PostgreSQL row-level security
holds the same line a second time (forced, for a role that does not own the tables), bound by `bind` at the start of
every transaction.

Statements are kept: to build one costs four times as much as to run it. `of`, `first`, `change` and `remove` keep one
for each shape; a store that asks more keeps its own at module level, with `theirs(table)` in it.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, Executable, Select, Table, Update, bindparam, delete, select, update
from sqlalchemy.engine import Connection, CursorResult, RowMapping

from libs.common.many_rows import among, insert_many


class NoTenant(Exception):
    """A transaction was opened for no tenant; even a read without one is a mistake."""


def bind(connection: Connection, tenant_id: UUID) -> None:
    """Let row-level security show this tenant's rows and no others until the transaction ends."""
    if tenant_id is None:
        raise NoTenant
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT set_config('app.tenant', %s, true)", (str(tenant_id),))


class TenantConnection:
    """A transaction that speaks for one tenant.

    Inserts are gathered and sent as one statement a table, before anything else is asked and at the end: a
    batch of a hundred events costs a few statements.
    """

    def __init__(self, connection: Connection, tenant_id: UUID) -> None:
        if tenant_id is None:
            raise NoTenant
        self.tenant_id = tenant_id
        self._connection = connection
        self._gathered: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = {}

    def insert(self, table: Table, **values: Any) -> None:
        row = {**values, "tenant_id": self.tenant_id}
        self._gathered.setdefault((table, tuple(row)), []).append(row)

    def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]], when_there: str) -> None:
        """Insert rows at once; `when_there` is a clause of `many_rows`."""
        self.flush()
        insert_many(self._connection, table, [{**row, "tenant_id": self.tenant_id} for row in rows], when_there)

    def of(self, table: Table, *order: ColumnElement[Any], **having: Any) -> list[dict[str, Any]]:
        """The rows that have these values (None: none there), in this order."""
        return [dict(row) for row in self.all(_selecting(table, _shape(having), order), **_named(having))]

    def first(
        self, table: Table, *order: ColumnElement[Any], to_change: bool = False, **having: Any
    ) -> dict[str, Any] | None:
        """The first row of `of`, or None. `to_change` keeps it from others until the transaction ends."""
        row = self.one(_selecting(table, _shape(having), order, to_change), **_named(having))
        return dict(row) if row else None

    def only(self, table: Table, **having: Any) -> dict[str, Any]:
        """The one row that has these values. Raises NoResultFound."""
        return dict(self.run(_selecting(table, _shape(having), ()), **_named(having)).mappings().one())

    def change(self, table: Table, to: Mapping[str, Any], **having: Any) -> int:
        """Give the rows that have these values others; returns how many there were."""
        return self.run(_updating(table, _shape(having), tuple(to)), **to, **_named(having)).rowcount

    def remove(self, table: Table, **having: Any) -> int:
        """Delete the rows that have these values; returns how many there were."""
        return self.run(_deleting(table, _shape(having)), **_named(having)).rowcount

    def run(self, statement: Executable, **values: Any) -> CursorResult[Any]:
        """Run a kept statement with these values, and the tenant's where it says `theirs`.

        In an update a value that is called as a column of the table is set: name others differently.
        """
        self.flush()
        return self._connection.execute(statement, {**values, TENANT: self.tenant_id})

    def one(self, statement: Executable, **values: Any) -> RowMapping | None:
        """The first row, or None; with values for a kept statement."""
        return self.run(statement, **values).mappings().first()

    def all(self, statement: Executable, **values: Any) -> Sequence[RowMapping]:
        """The rows; with values for a kept statement."""
        return self.run(statement, **values).mappings().all()

    def execute(self, statement: Executable, values: Sequence[Mapping[str, Any]] | None = None) -> CursorResult[Any]:
        """Run a statement built for this occasion, once for each of the rows of values."""
        self.flush()
        return self._connection.execute(statement, values)

    def mine(self, table: Table) -> ColumnElement[bool]:
        """The condition of every statement that is built for one occasion."""
        return _of(table, self.tenant_id)

    def among(self, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
        """Whether the column has one of the values, however many there are."""
        return among(self._connection.dialect.name, column, values)

    def flush(self) -> None:
        gathered, self._gathered = self._gathered, {}
        for (table, _), rows in gathered.items():
            insert_many(self._connection, table, rows)


TENANT = "tenant_id_"

Shape = tuple[tuple[str, bool], ...]
"""Columns, and whether they have a value."""


@cache
def theirs(table: Table) -> ColumnElement[bool]:
    """The condition of every statement that is kept: whose tenant is said when it is run."""
    return table.c.tenant_id == bindparam(TENANT, type_=table.c.tenant_id.type)


@lru_cache(maxsize=4096)
def _of(table: Table, tenant_id: UUID) -> ColumnElement[bool]:
    return table.c.tenant_id == tenant_id


def _shape(having: Mapping[str, Any]) -> Shape:
    return tuple([(name, value is not None) for name, value in having.items()])


def _named(having: Mapping[str, Any]) -> dict[str, Any]:
    """As the kept statements call them: an update may ask for the old value of a column that gets a new one."""
    return {f"{name}_": value for name, value in having.items() if value is not None}


@lru_cache(maxsize=1024)  # an order that is made anew at each call is not found again
def _selecting(
    table: Table, shape: Shape, order: tuple[ColumnElement[Any], ...], to_change: bool = False
) -> Select[Any]:
    chosen = select(table).where(*_having(table, shape)).order_by(*order)
    return chosen.with_for_update() if to_change else chosen


@cache
def _updating(table: Table, shape: Shape, to: tuple[str, ...]) -> Update:
    values = {name: bindparam(name, type_=table.c[name].type) for name in to}
    return update(table).where(*_having(table, shape)).values(values)


@cache
def _deleting(table: Table, shape: Shape) -> Delete:
    return delete(table).where(*_having(table, shape))


def _having(table: Table, shape: Shape) -> list[ColumnElement[bool]]:
    asked = (
        table.c[name] == bindparam(f"{name}_", type_=table.c[name].type) if given else table.c[name].is_(None)
        for name, given in shape
    )
    return [theirs(table), *asked]
