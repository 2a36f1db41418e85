"""The servers that other tests kill: they really die, and come back with what they should."""

import subprocess
import sys
from collections.abc import Iterator

import amqp
import psycopg
import pytest
from psycopg import Connection

from libs.common.testing.servers import NoServer, PostgresServer, RabbitServer, local, processes
from libs.common.testing.waiting import eventually


def test_what_postgres_committed_survives_a_kill(postgres_server):
    run(postgres_server, "create table committed as select 1 as n")
    postgres_server.kill()
    postgres_server.start()
    assert run(postgres_server, "select n from committed") == [(1,)]


def test_killing_postgres_ends_every_process_and_open_connection(postgres_server):
    with open_connection(postgres_server) as connection:
        backend = connection.info.backend_pid
        postgres_server.kill()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
    assert backend not in processes.running_processes()


def test_postgres_keeps_its_address_and_data_over_a_restart(postgres_server):
    address = postgres_server.url
    run(postgres_server, "create table kept ()")
    postgres_server.restart()
    assert postgres_server.url == address
    assert run(postgres_server, "select * from kept") == []


def test_a_wiped_postgres_is_empty(postgres_server):
    run(postgres_server, "create table lost ()")
    postgres_server.wipe()
    with pytest.raises(psycopg.errors.UndefinedTable):
        run(postgres_server, "select * from lost")


def test_starting_a_running_server_changes_nothing(postgres_server):
    before = run(postgres_server, "select pg_postmaster_start_time()")
    postgres_server.start()
    assert run(postgres_server, "select pg_postmaster_start_time()") == before


@pytest.mark.parametrize(("fsync", "expected"), [(True, "on"), (False, "off")])
def test_syncing_to_disk_is_given_up_only_on_request(fsync, expected):
    server = PostgresServer(fsync=fsync)
    try:
        server.start()
        assert run(server, "show fsync") == [(expected,)]
    finally:
        server.discard()


def test_a_fresh_database_is_empty_each_time(postgres_database):
    with psycopg.connect(postgres_database.replace("+psycopg", "")) as connection:
        tables = connection.execute("select * from pg_tables where schemaname = 'public'").fetchall()
    assert tables == []


def test_a_confirmed_message_survives_a_kill_and_not_a_wipe(rabbit_server):
    publish(rabbit_server, "kept", "a complaint")
    rabbit_server.settle()
    rabbit_server.kill()
    rabbit_server.start()
    assert first_of(rabbit_server, "kept") == "a complaint"
    rabbit_server.wipe()
    with pytest.raises(amqp.NotFound):
        first_of(rabbit_server, "kept")


def test_servers_end_with_the_process_that_started_them(pytestconfig):
    program = """
import os, signal
from libs.common.testing.servers import PostgresServer
server = PostgresServer(fsync=False)
server.start()
print(server.url, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    command = [sys.executable, "-c", program]
    parent = subprocess.run(command, cwd=pytestconfig.rootpath, capture_output=True, text=True, check=False)
    assert parent.stdout, parent.stderr
    eventually(lambda: refuses(parent.stdout.strip().replace("+psycopg", "")))


def test_without_engine_and_binaries_the_reason_is_named(monkeypatch):
    monkeypatch.setattr("libs.common.testing.servers.container_engine_answers", lambda: False)
    monkeypatch.setattr(local.Path, "glob", lambda *_: [])
    monkeypatch.setattr(local.shutil, "which", lambda _: None)
    with pytest.raises(NoServer, match="initdb is not installed"):
        PostgresServer()
    with pytest.raises(NoServer, match="rabbitmq-server is not installed"):
        RabbitServer()


def test_a_condition_that_never_comes_true_fails_with_its_last_outcome():
    with pytest.raises(AssertionError, match="last outcome: 0"):
        eventually(lambda: 0, within=0.05)


def test_a_condition_that_asserts_is_asked_again():
    answers = iter([False, True])

    def condition() -> bool:
        assert next(answers)
        return True

    assert eventually(condition)


@pytest.fixture(scope="module")
def synced_postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.discard()


@pytest.fixture
def postgres_server(synced_postgres: PostgresServer) -> PostgresServer:
    synced_postgres.start()
    return synced_postgres


@pytest.fixture
def rabbit_server(rabbit: RabbitServer) -> Iterator[RabbitServer]:
    yield rabbit
    rabbit.start()


def open_connection(server: PostgresServer) -> Connection:
    return psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True)


def run(server: PostgresServer, statement: str) -> list[tuple]:
    with open_connection(server) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def refuses(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=1).close()
    except psycopg.OperationalError:
        return True
    return False


def channel_to(server: RabbitServer) -> amqp.Channel:
    address = server.url.removeprefix("amqp://guest:guest@").removesuffix("//")
    connection = amqp.Connection(address, confirm_publish=True, read_timeout=10, write_timeout=10)
    connection.connect()
    return connection.channel()


def publish(server: RabbitServer, queue: str, text: str) -> None:
    channel = channel_to(server)
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    channel.basic_publish(amqp.Message(text, delivery_mode=2), routing_key=queue, confirm_timeout=10)
    channel.connection.close()


def first_of(server: RabbitServer, queue: str) -> str:
    channel = channel_to(server)
    try:
        return eventually(lambda: channel.basic_get(queue)).body
    finally:
        channel.connection.close()
