"""The simulated platform, built once for each test process."""

from collections.abc import Iterator

import pytest

from tests.simulation.platform import Simulated


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    simulated = Simulated(tmp_path_factory.mktemp("simulated"))
    simulated.start()
    yield simulated
    simulated.stop()
