"""R9: the database crashes under load, in each of three ways. Nothing acknowledged is lost, nothing is done twice,
and who asks meanwhile is told to come back in a moment."""

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest

from libs.common.testing.servers import PostgresServer
from libs.common.testing.waiting import eventually
from tests.conftest import run_on, running
from tests.faults.crowd import FOREVER, Answer, Guests
from tests.faults.intake_alone import SLUG, IntakeAlone

CRASHES = 5
SECONDS_AFTER_A_CRASH = 5.0


@dataclass(frozen=True)
class Crash:
    """When the database went, and when it answered again; monotonic."""

    kind: str
    began: float
    back: float

    def explains(self, failure: Answer) -> bool:
        return self.began <= failure.at <= self.back + SECONDS_AFTER_A_CRASH


def test_crashes_of_the_database_lose_nothing_double_nothing_and_show_only_503(intake, server, seed):
    crowd = Guests(intake.url, SLUG, FOREVER, threads=4, per_second=100)
    writing = crowd.start()
    crashes = crash_again_and_again(server, random.Random(seed))
    crowd.enough.set()
    writing.join(60)
    print([(crash.kind, round(crash.back - crash.began, 1)) for crash in crashes])
    print(len(crowd.acknowledged), Counter(answer.status for answer in crowd.answers))
    assert crowd.refused == []
    assert_all_stored_once(intake, crowd)
    assert_all_published(intake, crowd)
    failures = crowd.failures()
    assert {(failure.status, failure.retry_after) for failure in failures} == {(503, "1")}
    assert [failure for failure in failures if not any(crash.explains(failure) for crash in crashes)] == []


def test_a_crash_does_not_show_again_when_idle_connections_are_taken_up_later(intake, server):
    """Eight connections are open when the server dies; the first request after it is enough to replace them all."""
    assert statuses_at_once(intake, 8) == {201}
    kill_the_server(server)
    alone = Guests(intake.url, SLUG, 1, threads=1)
    alone.run()
    assert {answer.status for answer in alone.failures()} <= {503}
    assert statuses_at_once(intake, 8) == {201}


def statuses_at_once(intake: IntakeAlone, count: int) -> set[int]:
    """Each guest asks several times, so that all are being answered at one moment."""
    crowd = Guests(intake.url, SLUG, 6 * count, threads=count, per_second=1_000)
    crowd.run()
    return {answer.status for answer in crowd.answers}


def crash_again_and_again(server: PostgresServer, chosen: random.Random) -> list[Crash]:
    kinds: dict[str, Callable[[PostgresServer], None]] = {
        "kill -9 of the server": kill_the_server,
        "kill -9 of one backend": kill_a_backend,
        "immediate stop": stop_at_once,
    }
    plan = [*kinds, *chosen.sample(list(kinds), CRASHES - len(kinds))]
    chosen.shuffle(plan)
    crashes = []
    for kind in plan:
        threading.Event().wait(chosen.uniform(1, 2))
        began = time.monotonic()
        kinds[kind](server)
        eventually(lambda: answers(server), within=60)
        crashes.append(Crash(kind, began, time.monotonic()))
    threading.Event().wait(1)
    return crashes


def kill_the_server(server: PostgresServer) -> None:
    server.kill()
    server.start()


def kill_a_backend(server: PostgresServer) -> None:
    """The server ends all its connections itself, and recovers."""
    with connect(server) as connection:
        question = "SELECT pid FROM pg_stat_activity WHERE usename = 'redress_intake_web' LIMIT 1"
        row = connection.execute(question).fetchone()
        assert row, "intake is not connected"
        on_its_machine(connection, f"kill -9 {row[0]}")


def stop_at_once(server: PostgresServer) -> None:
    with connect(server) as connection:
        on_its_machine(connection, 'kill -QUIT "$(head -n 1 postmaster.pid)"')
    server.stop()
    server.start()


def connect(server: PostgresServer) -> psycopg.Connection:
    return psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True)


def on_its_machine(connection: psycopg.Connection, command: str) -> None:
    """Run in the server's data folder, wherever that is; the connection may be gone before it answers, and the
    command before it has read what it is given."""
    with contextlib.suppress(psycopg.OperationalError, psycopg.errors.InternalError_):
        connection.execute(f"COPY (SELECT 1) TO PROGRAM '{command}'")


def answers(server: PostgresServer) -> bool:
    try:
        with connect(server) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def assert_all_stored_once(intake: IntakeAlone, crowd: Guests) -> None:
    stored = [str(row[0]) for row in intake.rows("SELECT complaint_id FROM complaints")]
    keys = [row[0] for row in intake.plumbing("SELECT key FROM idempotency")]
    assert sorted(stored) == sorted(crowd.acknowledged)
    assert sorted(keys) == sorted(crowd.acknowledged.values())


def assert_all_published(intake: IntakeAlone, crowd: Guests) -> None:
    """Each complaint was said once; said again is the same event."""
    eventually(lambda: intake.plumbing("SELECT count(*) FROM outbox") == [(0,)], within=30)
    said = {envelope.event_id: str(envelope.subject) for envelope in intake.published.envelopes}
    assert sorted(said.values()) == sorted(crowd.acknowledged)
    assert {envelope.sequence for envelope in intake.published.envelopes} == {1}


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """Keeps what it has confirmed: it is to be killed."""
    yield from running(PostgresServer)


@pytest.fixture
def intake(server: PostgresServer, tmp_path) -> Iterator[IntakeAlone]:
    run_on(server, "CREATE DATABASE redress_intake")
    alone = IntakeAlone(server.url.removesuffix("/postgres") + "/redress_intake", tmp_path)
    try:
        alone.start()
        yield alone
    finally:
        alone.stop()
