"""Many rows in one statement, whose text is the same for any number of them.

PostgreSQL takes them as one JSON value, so that a thousand rows are read and planned as one; SQLite, which has no
round trips, takes one row after the other.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, LargeBinary, Table, TextClause, Uuid, any_, bindparam, cast, literal, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection, Dialect

from libs.common.db import NotUtc, UtcDateTime

DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], when_there: str = "") -> int:
    """Insert rows that all name the same columns. Returns how many were inserted or changed. Raises NotUtc.

    `when_there`: LEFT_ALONE, `replaced`, `raised` or `added`, for a row whose key is taken; empty, that is an error.
    But for LEFT_ALONE no two of the rows may have one key.
    """
    if not rows:
        return 0
    names = tuple(rows[0])
    if connection.dialect.name == "postgresql":
        _check_zones(table, names, rows)
        return connection.execute(
            _at_once(table, names, when_there), {"rows": msgspec.json.encode(rows).decode()}
        ).rowcount
    return connection.execute(_one_by_one(table, names, when_there), list(rows)).rowcount


LEFT_ALONE = "ON CONFLICT DO NOTHING"


@cache
def replaced(table: Table, *names: str) -> str:
    """The row with the same primary key gets these values, in the named columns or else in all."""
    return _changed(table, names or _beside_key(table), "excluded.{0}")


@cache
def added(table: Table) -> str:
    """The counts are added to those of the row with the same primary key."""
    return _changed(table, _beside_key(table), "{1}.{0} + excluded.{0}")


@cache
def raised(table: Table, name: str) -> str:
    """This column of the row with the same primary key is raised; one that is as high is left alone."""
    return f'{_changed(table, (name,), "excluded.{0}")} WHERE {table.name}."{name}" < excluded."{name}"'


def among(dialect: str, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether the column has one of the values, in a statement that is the same for any number of them."""
    if dialect != "postgresql":
        return column.in_(values)
    array = postgresql.ARRAY(column.type, dimensions=1)
    if isinstance(column.type, Uuid):  # as one text: the driver takes ten times as long over a list of them
        return column == any_(cast(literal("{" + ",".join([str(value) for value in values]) + "}"), array))
    return column == any_(literal(list(values), array))


def _beside_key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if not column.primary_key)


def _changed(table: Table, names: Sequence[str], change: str) -> str:
    key = ", ".join(column.name for column in table.primary_key.columns)
    quoted = [f'"{name}"' for name in names]
    changes = ", ".join(f"{name} = {change.format(name, table.name)}" for name in quoted)
    return f"ON CONFLICT ({key}) DO UPDATE SET {changes}"


def _check_zones(table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    for name in names:
        if isinstance(table.c[name].type, UtcDateTime):
            for row in rows:
                if row[name] is not None and row[name].tzinfo is None:
                    raise NotUtc(row[name])


@cache
def _at_once(table: Table, names: tuple[str, ...], when_there: str) -> TextClause:
    typed = {name: table.c[name].type for name in names}
    in_base64 = {name for name, kind in typed.items() if isinstance(kind, LargeBinary)}
    columns = ", ".join(
        f'"{name}" {"text" if name in in_base64 else kind.compile(DIALECT)}' for name, kind in typed.items()
    )
    chosen = ", ".join(f"""decode("{name}", 'base64')""" if name in in_base64 else f'"{name}"' for name in names)
    rows = f"json_to_recordset(CAST(:rows AS json)) AS given({columns})"
    return text(f"{_insert(table, names)} SELECT {chosen} FROM {rows} {when_there}")  # noqa: S608 (names from our tables)


@cache
def _one_by_one(table: Table, names: tuple[str, ...], when_there: str) -> TextClause:
    values = ", ".join(f":{name}" for name in names)
    statement = text(f"{_insert(table, names)} VALUES ({values}) {when_there}")
    typed = statement.bindparams(*(bindparam(name, type_=table.c[name].type) for name in names))
    return typed.execution_options(preserve_rowcount=True)


def _insert(table: Table, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table.name} ({columns})"
