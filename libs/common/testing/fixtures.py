"""The sample service on both databases, for every suite that proves a promise of the plumbing."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from libs.common.testing import sample
from libs.common.testing.roles import Urls, give_roles
from libs.common.testing.sample import Sample

__all__ = ["database", "service", "tenant", "urls"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def urls(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Urls:
    """A fresh database with the sample's tables."""
    if database == "sqlite":
        address = f"sqlite:///{tmp_path}/sample.db"
        found = Urls(address, address, address)
    else:
        found = give_roles(request.getfixturevalue("postgres_database"), sample.NAME)
    sample.migrate(found.owner)
    return found


@pytest.fixture
def service(urls: Urls) -> Iterator[Sample]:
    built = Sample(urls)
    yield built
    built.close()


@pytest.fixture
def tenant() -> UUID:
    return uuid4()
