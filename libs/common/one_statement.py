"""Insert rows of several tables in one round trip, if a key is still free.

On PostgreSQL it is one data-modifying statement outside any explicit transaction: it binds the tenant for
row-level security, claims the key, and inserts the rest only if the claim was won. On SQLite, which has no
round trips, it is a plain transaction. Both are all or nothing and durable on return.
"""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import JSON, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import IntegrityError

from libs.common.db import Database, DatabaseAway, NotUtc, UtcDateTime

DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

Row = tuple[Table, Mapping[str, Any]]
Part = tuple[Table, tuple[str, ...]]


class KeyTaken(Exception):
    """A unique key other than the claimed one is taken; its text names the key."""


@dataclass(frozen=True)
class Claim:
    """The row whose key decides: when it exists already, nothing is inserted."""

    table: Table
    values: Mapping[str, Any]


def insert_once(database: Database, tenant_id: UUID, claim: Claim | None, rows: Sequence[Row]) -> bool:
    """Insert all rows for this tenant; False, and nothing inserted, when the claim's key is taken.

    Raises KeyTaken when another unique key is taken, DatabaseAway when nobody knows what happened.
    """
    if database.dialect == "postgresql":
        return _in_one_statement(database, tenant_id, claim, rows)
    try:
        return _in_one_transaction(database, tenant_id, claim, rows)
    except IntegrityError as failure:
        raise KeyTaken(str(failure.orig)) from failure


def _in_one_transaction(database: Database, tenant_id: UUID, claim: Claim | None, rows: Sequence[Row]) -> bool:
    with database.write() as connection:
        if claim:
            wanted = sqlite_insert(claim.table).values({**claim.values, "tenant_id": tenant_id})
            if connection.execute(wanted.on_conflict_do_nothing()).rowcount == 0:
                return False
        for table, values in rows:
            connection.execute(table.insert(), {**values, "tenant_id": tenant_id})
    return True


def _in_one_statement(database: Database, tenant_id: UUID, claim: Claim | None, rows: Sequence[Row]) -> bool:
    parts = [*([(claim.table, claim.values)] if claim else []), *rows]
    named = tuple((table, tuple(name for name in row if name != "tenant_id")) for table, row in parts)
    statement = _prebuilt(named[0] if claim else None, named[1:] if claim else named)
    values = [str(tenant_id)]
    values += [
        _plain(is_json, row[name])
        for part, (_, row) in zip(named, parts, strict=True)
        for name, is_json in zip(part[1], _which_are_json(part), strict=True)
    ]
    try:
        pooled = database.autocommit.raw_connection()
    except psycopg.OperationalError as failure:
        raise DatabaseAway(type(failure).__name__) from failure
    driver: Any = pooled.driver_connection
    try:
        return bool(_run(driver, statement, values))
    except psycopg.errors.UniqueViolation as failure:
        raise KeyTaken(failure.diag.constraint_name) from failure
    except psycopg.OperationalError as failure:
        if driver.closed:
            pooled.invalidate()
            database.forget_connections()
        raise DatabaseAway(type(failure).__name__) from failure
    finally:
        pooled.close()


def _run(connection: Any, statement: str, values: Sequence[Any]) -> Any:
    """Prepared by the server and sent as it is: nothing is parsed again in this process."""
    with psycopg.RawCursor(connection) as cursor:
        [counted] = cursor.execute(statement, values, prepare=True).fetchall()
        return counted[0]


@cache
def _prebuilt(claim: Part | None, rows: tuple[Part, ...]) -> str:
    """Every part selects from the part before it, so that the tenant is bound before any row is checked."""
    numbers = itertools.count(2)  # $1 is the tenant
    parts = ["tenant AS (SELECT set_config('app.tenant', $1::text, true) AS id)"]
    if claim:
        parts.append(f"claimed AS ({_insert(claim, numbers, 'tenant')} ON CONFLICT DO NOTHING RETURNING 1)")
    else:
        parts.append("claimed AS (SELECT 1 FROM tenant WHERE id <> '')")
    parts += [f"part{place} AS ({_insert(row, numbers, 'claimed')})" for place, row in enumerate(rows)]
    return f"WITH {', '.join(parts)} SELECT count(*) FROM claimed"  # noqa: S608 (names from our tables)


def _insert(part: Part, numbers: Iterator[int], source: str) -> str:
    table, names = part
    chosen = ", ".join(("$1::text::uuid", *(f"${next(numbers)}::{_type_of(table, name)}" for name in names)))
    columns = ", ".join(("tenant_id", *names))
    return f"INSERT INTO {table.name} ({columns}) SELECT {chosen} FROM {source}"  # noqa: S608


@cache
def _which_are_json(part: Part) -> tuple[bool, ...]:
    table, names = part
    return tuple(isinstance(table.c[name].type, JSON) for name in names)


def _plain(is_json: bool, value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise NotUtc(value)
    return json.dumps(value) if is_json else value


def _type_of(table: Table, name: str) -> str:
    column_type = table.c[name].type
    if isinstance(column_type, UtcDateTime):
        return "timestamptz"
    return str(column_type.compile(dialect=DIALECT)).split("(")[0]
