"""E11: each planted mistake is found within fifty seeds, else the simulation has gone blind."""

import pytest

from tests.simulation.mistakes import MISTAKES
from tests.simulation.telling import tell

WITHIN = 50


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_planted_mistake_is_found(platform, mistake):
    with mistake():
        assert any(tell(platform, seed).broken for seed in range(WITHIN))
