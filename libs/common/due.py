"""Claim due rows: the one mechanism behind inbox retries, clocks, deliveries and schedules.

A table takes part by having `tenant_id`, `due_at` (None = nothing to do), `attempts` and the two indexes of
`plumbing.due_indexes`. A claim moves `due_at` forward by a lease: whoever dies with a claimed row gives it
back when the lease ends. Rows are taken in turns from the tenants, so that a flood of one is not felt by
the others (R13).
"""

import random
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, TextClause, TextualSelect, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection, RowMapping

from libs.common.db import Database, UtcDateTime


def claim(
    connection: Connection,
    table: Table,
    *,
    now: datetime,
    limit: int,
    lease: timedelta = timedelta(minutes=1),
    fresh_only: bool = False,
    key: str = "event_id",
) -> list[RowMapping]:
    """Up to `limit` rows with `due_at <= now`, the oldest of each tenant, now leased and one attempt older;
    in no order. `fresh_only`: rows never tried. Rows that another process holds are passed over. When more
    tenants wait than rows are wanted, the lot decides whose turn it is."""
    tenants = _tenants(connection, table, now, fresh_only)
    if not tenants:
        return []
    tenants = random.sample(tenants, min(limit, len(tenants)))
    values = {"now": now, "lease": now + lease, "share": limit // len(tenants), "tenants": tenants}
    statement = _claiming(table, connection.dialect.name, fresh_only, key)
    return list(connection.execute(statement, values).mappings())


def whose_turn(database: Database, table: Table, now: datetime) -> list[UUID]:
    """The tenants with rows due, in an order that the lot decides; for work that takes each tenant's rows in a
    transaction of its own. One look at an index when nothing is due."""
    with database.read() as connection:
        tenants = _tenants(connection, table, now, False) if anything_due(connection, table, now) else []
    return random.sample(tenants, len(tenants))


def anything_due(connection: Connection, table: Table, now: datetime) -> bool:
    """One look at the front of the index, whatever the number of waiting rows."""
    return connection.execute(_probe(table), {"now": now}).first() is not None


@cache
def _probe(table: Table) -> TextClause:
    statement = text(f"SELECT 1 FROM {table.name} WHERE due_at <= :now LIMIT 1")  # noqa: S608 (our own names)
    return statement.bindparams(bindparam("now", type_=UtcDateTime))


def _tenants(connection: Connection, table: Table, now: datetime, fresh_only: bool) -> list[Any]:
    return [row.tenant_id for row in connection.execute(_tenant_walk(table, fresh_only), {"now": now})]


@cache
def _tenant_walk(table: Table, fresh_only: bool) -> TextualSelect:
    """Tenants with due rows, found by hopping from tenant to tenant along the index."""
    name, fresh = table.name, "AND d.attempts = 0" if fresh_only else ""
    statement = text(
        f"""WITH RECURSIVE t AS (
              SELECT * FROM (SELECT tenant_id FROM {name} WHERE due_at IS NOT NULL ORDER BY tenant_id LIMIT 1) f
              UNION ALL
              SELECT (SELECT n.tenant_id FROM {name} n WHERE n.tenant_id > t.tenant_id AND n.due_at IS NOT NULL
                      ORDER BY n.tenant_id LIMIT 1) FROM t WHERE t.tenant_id IS NOT NULL)
            SELECT tenant_id FROM t WHERE tenant_id IS NOT NULL AND EXISTS
              (SELECT 1 FROM {name} d WHERE d.tenant_id = t.tenant_id AND d.due_at <= :now {fresh})"""  # noqa: S608
    )
    return statement.bindparams(bindparam("now", type_=UtcDateTime)).columns(table.c.tenant_id)


@cache
def _claiming(table: Table, dialect: str, fresh_only: bool, key: str) -> TextualSelect:
    chosen, columns = _chosen(table.name, dialect, key, "AND attempts = 0" if fresh_only else ""), _columns(table)
    statement = f"""{chosen}
        UPDATE {table.name} SET due_at = :lease, attempts = attempts + 1
        WHERE (tenant_id, {key}) IN (SELECT tenant_id, {key} FROM chosen) RETURNING {columns}"""  # noqa: S608
    return _typed(statement, dialect).bindparams(bindparam("lease", type_=UtcDateTime)).columns(*table.columns)


def _columns(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


def _typed(statement: str, dialect: str) -> TextClause:
    tenants = (
        bindparam("tenants", type_=ARRAY(Uuid))
        if dialect == "postgresql"
        else bindparam("tenants", expanding=True, type_=Uuid)
    )
    return text(statement).bindparams(tenants, bindparam("now", type_=UtcDateTime))


def _chosen(name: str, dialect: str, key: str, fresh: str) -> str:
    return _chosen_postgresql(name, key, fresh) if dialect == "postgresql" else _chosen_sqlite(name, key, fresh)


def _chosen_postgresql(name: str, key: str, fresh: str) -> str:
    return f"""WITH chosen AS MATERIALIZED (
          SELECT o.tenant_id, o.{key} FROM unnest(:tenants) t(tenant_id) CROSS JOIN LATERAL (
            SELECT x.tenant_id, x.{key} FROM {name} x
            WHERE x.tenant_id = t.tenant_id AND x.due_at <= :now {fresh}
            ORDER BY x.due_at LIMIT :share FOR UPDATE SKIP LOCKED) o)"""  # noqa: S608


def _chosen_sqlite(name: str, key: str, fresh: str) -> str:
    return f"""WITH chosen AS MATERIALIZED (
          SELECT tenant_id, {key} FROM (
            SELECT tenant_id, {key}, row_number() OVER (PARTITION BY tenant_id ORDER BY due_at) AS turn
            FROM {name} WHERE due_at <= :now {fresh} AND tenant_id IN :tenants) ranked
          WHERE turn <= :share)"""  # noqa: S608
