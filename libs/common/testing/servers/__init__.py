"""Throw-away PostgreSQL and RabbitMQ servers that a test may kill.

A container when an engine answers, otherwise the machine's own binaries in a temporary folder, on ports of
their own. Neither ever touches a server that was there before.
"""

import time
from collections.abc import Callable
from typing import Protocol

import amqp
import psycopg

from libs.common.testing.servers.container import (
    container_engine_answers,
    postgres_container,
    rabbit_container,
)
from libs.common.testing.servers.local import LocalPostgres, LocalRabbit
from libs.common.testing.servers.missing import NoServer
from libs.common.testing.servers.ports import free_port
from libs.common.testing.waiting import eventually

__all__ = ["NoServer", "PostgresServer", "RabbitServer", "Server"]

BOOT_SECONDS = 60.0
SETTLE_SECONDS = 2.5


class Machine(Protocol):
    """What the server runs on: a container or local processes. Data outlives everything but `wipe`."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    def wipe(self) -> None: ...


class Server:
    """One server with a life of its own; nothing runs until `start`. `url` stays the same over restarts."""

    def __init__(self, machine: Machine, url: str, answers: Callable[[], bool]) -> None:
        self.url = url
        self._machine = machine
        self._answers = answers
        self._running = False

    def start(self) -> None:
        """Return when the server answers. Does nothing to a running server. Raises NoServer."""
        if self._running:
            return
        self._machine.start()
        self._running = True
        try:
            eventually(self._answers, within=BOOT_SECONDS)
        except AssertionError as silence:
            self.kill()
            raise NoServer(f"{self.url} did not answer within {BOOT_SECONDS:g} s") from silence

    def stop(self) -> None:
        """An orderly end; the data stays."""
        if self._running:
            self._machine.stop()
        self._running = False

    def kill(self) -> None:
        """SIGKILL to every process of the server. What was synced to disk stays, nothing else is promised."""
        if self._running:
            self._machine.kill()
        self._running = False

    def restart(self) -> None:
        self.stop()
        self.start()

    def wipe(self) -> None:
        """The disk is lost: all data goes, and the same address answers again with an empty server."""
        self.kill()
        self._machine.wipe()
        self.start()

    def discard(self) -> None:
        """Stop for good and leave nothing behind."""
        self.kill()
        self._machine.wipe()


class PostgresServer(Server):
    """PostgreSQL whose superuser needs no password. `fsync=False` is faster and survives no power cut."""

    def __init__(self, *, fsync: bool = True) -> None:
        port = free_port()
        settings = {"fsync": "on" if fsync else "off", "max_connections": "200"}
        in_container = container_engine_answers()
        machine = postgres_container(port, settings) if in_container else LocalPostgres(port, settings)
        url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        super().__init__(machine, url, lambda: postgres_answers(port))


class RabbitServer(Server):
    """A single RabbitMQ node with the user `guest`."""

    def __init__(self) -> None:
        port = free_port()
        machine = rabbit_container(port) if container_engine_answers() else LocalRabbit(port)
        super().__init__(machine, f"amqp://guest:guest@127.0.0.1:{port}//", lambda: rabbit_answers(port))

    def settle(self) -> None:
        """Wait until a kill spares the quorum queues declared so far.

        RabbitMQ syncs its list of them a moment after the declaration (0.5 s lost one on 3.10, 2 s did not);
        a queue that the list lacks comes back without a leader and answers nobody.
        """
        settled = time.monotonic() + SETTLE_SECONDS
        eventually(lambda: time.monotonic() >= settled, within=2 * SETTLE_SECONDS)


def postgres_answers(port: int) -> bool:
    try:
        address = f"host=127.0.0.1 port={port} user=postgres dbname=postgres connect_timeout=2"
        with psycopg.connect(address) as connection:
            connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def rabbit_answers(port: int) -> bool:
    connection = amqp.Connection(f"127.0.0.1:{port}", connect_timeout=2, read_timeout=5, write_timeout=5)
    try:
        connection.connect()
        connection.close()
    except (OSError, amqp.AMQPError):
        return False
    return True
