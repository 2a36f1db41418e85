"""Tenants: nothing is read or written but for one of them.

`TenantConnection` is the only way a store reaches its tables. It adds the tenant to every row it inserts and
offers `mine(table)` for every question; on PostgreSQL row-level security holds the same line a second time
(forced, for a role that does not own the tables), bound by `bind` at the start of every transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, Table
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

    def mine(self, table: Table) -> ColumnElement[bool]:
        """The condition every statement carries."""
        return _of(table, self.tenant_id)

    def among(self, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
        """Whether the column has one of the values, however many there are."""
        return among(self._connection.dialect.name, column, values)

    def insert(self, table: Table, **values: Any) -> None:
        row = {**values, "tenant_id": self.tenant_id}
        self._gathered.setdefault((table, tuple(row)), []).append(row)

    def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]], when_there: str) -> None:
        """Insert rows, each with its tenant, at once; `when_there` is a clause of `many_rows`."""
        self.flush()
        insert_many(self._connection, table, rows, when_there)

    def execute(self, statement: Executable, values: Sequence[Mapping[str, Any]] | None = None) -> CursorResult[Any]:
        self.flush()
        return self._connection.execute(statement, values)

    def one(self, statement: Executable) -> RowMapping | None:
        """The first row, or None."""
        return self.execute(statement).mappings().first()

    def all(self, statement: Executable) -> Sequence[RowMapping]:
        return self.execute(statement).mappings().all()

    def flush(self) -> None:
        gathered, self._gathered = self._gathered, {}
        for (table, _), rows in gathered.items():
            insert_many(self._connection, table, rows)


@lru_cache(maxsize=4096)
def _of(table: Table, tenant_id: UUID) -> ColumnElement[bool]:
    return table.c.tenant_id == tenant_id
