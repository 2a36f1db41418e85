"""SQLite only: those who wait for the one writer share its COMMIT, and each is told the truth about it."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from libs.common.db import UNITS_PER_COMMIT, Database, DatabaseAway
from libs.common.testing.waiting import eventually


def test_units_in_line_share_one_commit(database):
    commits = commits_of(database)
    results = behind_a_slow_one(database, [add(n) for n in range(20)])
    assert all(result.exception() is None for result in results)
    assert seen(database) == [*range(20), 1000]
    assert len(commits) == 1


def test_at_most_sixty_four_units_share_one_commit(database):
    commits = commits_of(database)
    behind_a_slow_one(database, [add(n) for n in range(2 * UNITS_PER_COMMIT)])
    assert len(seen(database)) == 2 * UNITS_PER_COMMIT + 1
    assert len(commits) == 3


def test_nobody_else_sees_a_unit_before_the_common_commit(database):
    early = []

    def check(connection) -> None:
        early.append(seen(database))

    behind_a_slow_one(database, [add(1), add(2), check])
    assert early == [[]]


def test_one_that_fails_in_line_takes_only_its_own_rows_along(database):
    first, failed, last = behind_a_slow_one(database, [add(1), fail, add(2)])
    assert (first.exception(), last.exception()) == (None, None)
    assert isinstance(failed.exception(), ZeroDivisionError)
    assert seen(database) == [1, 2, 1000]


def test_a_last_one_that_fails_still_commits_the_others(database):
    *_, failed = behind_a_slow_one(database, [add(1), add(2), fail])
    assert isinstance(failed.exception(), ZeroDivisionError)
    assert seen(database) == [1, 2, 1000]


def test_when_sqlite_undoes_the_whole_transaction_everybody_is_told_and_nobody_hangs(database):
    *others, breaker = behind_a_slow_one(database, [add(1), add(2), add(3), break_the_transaction])
    assert isinstance(breaker.exception(), DBAPIError)
    assert {type(other.exception()) for other in others} <= {DatabaseAway, type(None)}
    assert seen(database) == [n for n, other in enumerate(others, 1) if other.exception() is None]


def test_a_full_disk_fails_the_units_and_the_next_ones_work_again(database):
    with database.write() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(OperationalError, match="full"), database.write() as connection:
        connection.execute(text("INSERT INTO seen SELECT value FROM generate_large"))
    with database.write() as connection:
        connection.execute(text("PRAGMA max_page_count = 100000"))
        add(7)(connection)
    assert seen(database) == [7]


def test_a_commit_that_fails_is_told_to_all_who_were_in_it(database):
    refuse_the_next_commit(database)
    results = behind_a_slow_one(database, [add(1), add(2)])
    assert [type(result.exception()) for result in results] == [DatabaseAway, DatabaseAway]
    with database.write() as connection:
        add(3)(connection)
    assert seen(database) == [3]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path}/group.db")
    with found.write() as connection:
        connection.execute(text("CREATE TABLE seen (n)"))
        connection.execute(
            text(
                """CREATE VIEW generate_large AS WITH RECURSIVE counting(value) AS
                   (SELECT 1 UNION ALL SELECT value + 1 FROM counting LIMIT 50000) SELECT value FROM counting"""
            )
        )
    yield found
    found.close()


def behind_a_slow_one(database: Database, units: list) -> list[Future]:
    """Run the units in this order, all of them in line while a first unit (which adds 1000) is at work."""
    group = database._group
    results: list[Future] = []
    with ThreadPoolExecutor(len(units)) as threads, suppress(DatabaseAway), database.write() as connection:
        add(1000)(connection)
        for number, unit in enumerate(units, 1):
            results.append(threads.submit(run, database, unit))
            eventually(lambda number=number: group._waiting == number)
    return results


def run(database: Database, unit) -> None:
    with database.write() as connection:
        unit(connection)


def add(n: int):
    return lambda connection: connection.execute(text("INSERT INTO seen VALUES (:n)"), {"n": n})


def fail(connection) -> None:
    add(-1)(connection)
    raise ZeroDivisionError


def break_the_transaction(connection) -> None:
    """What SQLite does by itself on a full disk or an I/O error, deep within a statement."""
    connection.exec_driver_sql("ROLLBACK")
    connection.exec_driver_sql("SELECT * FROM nowhere")


def seen(database: Database) -> list[int]:
    with database.read() as connection:
        return sorted(connection.execute(text("SELECT n FROM seen")).scalars())


def commits_of(database: Database) -> list[str]:
    found: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(connection, cursor, statement, *_) -> None:
        if statement == "COMMIT":
            found.append(statement)

    return found


def refuse_the_next_commit(database: Database) -> None:
    refused = threading.Event()

    @event.listens_for(database.engine, "before_cursor_execute", retval=True)
    def refuse(connection, cursor, statement, parameters, *_):
        if statement == "COMMIT" and not refused.is_set():
            refused.set()
            return "COMMIT TO NOTHING", parameters
        return statement, parameters
