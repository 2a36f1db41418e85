"""What the fault tests share: a seed that is printed, so that a failure can be had again."""

import os

import pytest


@pytest.fixture
def seed() -> int:
    """The run's seed: FAULTS_SEED, or always the same."""
    chosen = int(os.environ.get("FAULTS_SEED", "20260928"))
    print(f"seed={chosen}")
    return chosen
