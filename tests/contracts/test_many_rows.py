"""Many rows in one statement: the same rows are there on SQLite and PostgreSQL, whatever their columns hold."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import JSON, Boolean, Column, Integer, LargeBinary, String, Table, Uuid, select
from sqlalchemy.exc import StatementError

from libs.common.db import Database, NotUtc, UtcDateTime, new_metadata
from libs.common.many_rows import LEFT_ALONE, added, among, insert_many, raised, replaced

NOON = datetime(2026, 9, 28, 12, 0, 0, 250_000, tzinfo=UTC)
things = Table(
    "things",
    new_metadata(),
    Column("id", Uuid, primary_key=True),
    Column("word", String(20)),
    Column("at", UtcDateTime),
    Column("sealed", LargeBinary),
    Column("open", Boolean),
    Column("told", JSON),
)
counts = Table("counts", things.metadata, Column("word", String(20), primary_key=True), Column("count", Integer))


def test_what_was_put_in_comes_back(kept):
    rows = [
        thing(word='“漏水” \\ "', at=NOON, sealed=b"\x00\xff'", open=True, told=[["a", {"b": None}], 1.5]),
        thing(word="", at=None, sealed=None, open=False, told={}),
    ]
    with kept.write() as connection:
        assert insert_many(connection, things, rows) == 2
    assert sorted(of(kept), key=str) == sorted(rows, key=str)


def test_no_rows_are_no_work(kept):
    with kept.write() as connection:
        assert insert_many(connection, things, []) == 0


def test_a_time_without_a_zone_is_refused(kept):
    with pytest.raises((NotUtc, StatementError)), kept.write() as connection:
        insert_many(connection, things, [thing(at=NOON), thing(at=NOON.replace(tzinfo=None))])
    assert of(kept) == []


def test_of_rows_that_are_there_only_the_new_are_counted(kept):
    old, new = thing(word="old"), thing(word="new")
    with kept.write() as connection:
        insert_many(connection, things, [old])
        again = {**old, "word": "again"}
        assert insert_many(connection, things, [again, new], LEFT_ALONE) == 1
    assert sorted(row["word"] for row in of(kept)) == ["new", "old"]


@pytest.mark.parametrize(
    ("when_there", "given", "changed", "is_now"),
    [
        (replaced(things), "a", 1, ("a", None)),
        (replaced(things, "at"), "a", 1, ("m", None)),
        (raised(things, "word"), "z", 1, ("z", NOON)),
        (raised(things, "word"), "a", 0, ("m", NOON)),
        (raised(things, "word"), "m", 0, ("m", NOON)),
    ],
)
def test_a_row_that_is_there_is_changed_as_was_asked(kept, when_there, given, changed, is_now):
    old = thing(word="m", at=NOON)
    with kept.write() as connection:
        insert_many(connection, things, [old])
        assert insert_many(connection, things, [{**old, "word": given, "at": None}], when_there) == changed
    assert [(row["word"], row["at"]) for row in of(kept)] == [is_now]


def test_counts_are_added_to_those_that_are_there(kept):
    with kept.write() as connection:
        for rows in ([("a", 1), ("b", 1)], [("b", 2), ("c", 1)]):
            insert_many(connection, counts, [{"word": word, "count": count} for word, count in rows], added(counts))
        found = connection.execute(select(counts).order_by(counts.c.word)).all()
    assert [tuple(row) for row in found] == [("a", 1), ("b", 3), ("c", 1)]


@pytest.mark.parametrize("many", [0, 1, 3])
def test_those_asked_for_are_found_however_many(kept, many):
    rows = [thing(word=str(number)) for number in range(4)]
    with kept.write() as connection:
        insert_many(connection, things, rows)
        wanted = among(connection.dialect.name, things.c.word, [str(number) for number in range(many)])
        assert len(connection.execute(select(things).where(wanted)).all()) == many


def thing(**known):
    return {"id": uuid4(), "word": None, "at": None, "sealed": None, "open": None, "told": []} | known


def of(kept):
    with kept.read() as connection:
        return [dict(row) for row in connection.execute(select(things)).mappings()]


@pytest.fixture
def kept(urls):
    database = Database(urls.owner)
    with database.write() as connection:
        things.metadata.create_all(connection)
    yield database
    database.close()
