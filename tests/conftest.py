"""What every test may ask for: real servers, started when first asked, and a browser."""

import os
import shutil
from collections.abc import Iterator
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
import pytest

from libs.common.testing.servers import NoServer, PostgresServer, RabbitServer, Server

AnyServer = TypeVar("AnyServer", bound=Server)

ON_CI = os.environ.get("CI", "").lower() in {"1", "true"}


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test process alone. Who kills it starts it again."""
    yield from running(lambda: PostgresServer(fsync=False))


@pytest.fixture(scope="session")
def rabbit() -> Iterator[RabbitServer]:
    """A RabbitMQ of this test process alone. Who kills it starts it again."""
    yield from running(RabbitServer)


@pytest.fixture
def postgres_database(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a fresh, empty database."""
    name = f"test_{uuid4().hex}"
    run_on(postgres, f'create database "{name}"')
    yield postgres.url.removesuffix("/postgres") + f"/{name}"
    run_on(postgres, f'drop database "{name}" with (force)')


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright drives the installed Chromium. Root has no sandbox; nothing may call home."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("no Chromium is installed")
    quiet = [
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    switches = ["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet]
    return browser_type_launch_args | {"executable_path": path, "args": switches}


def running(make) -> Iterator[AnyServer]:
    try:
        server = make()
        server.start()
    except NoServer as reason:
        missing(str(reason))
    yield server
    server.discard()


def missing(what: str) -> None:
    """A skip that says why; on CI a failure, because there nothing may be left out."""
    if ON_CI:
        pytest.fail(what)
    pytest.skip(what)


def run_on(server: PostgresServer, statement: str) -> None:
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)
