"""Every promise is kept on both databases or it is none."""

from collections.abc import Iterator

import pytest

from libs.common.testing.fixtures import database, service, tenant, urls
from libs.common.testing.servers import PostgresServer

__all__ = ["database", "service", "tenant", "urls"]


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A server that may be killed: those who share the other one keep connections to it."""
    server = PostgresServer(fsync=False)
    server.start()
    yield server
    server.discard()
