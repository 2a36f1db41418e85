"""Waiting for what happens elsewhere: another thread, process or server. The only place that sleeps."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

Outcome = TypeVar("Outcome")

PAUSE = 0.02
# A machine that others share may take several times as long; only what fails takes the whole of it.
PATIENCE = 5 if os.environ.get("CI") else 1


def eventually(condition: Callable[[], Outcome], within: float = 10.0) -> Outcome:
    """The first true outcome of `condition`, asked again and again for at most `within` seconds, under CI five times
    as long.

    A condition that asserts counts as not yet true. Raises AssertionError with the last outcome at the end.
    """
    deadline = time.monotonic() + within * PATIENCE
    while True:
        outcome, failure = ask(condition)
        if outcome:
            return outcome
        if time.monotonic() >= deadline:
            raise AssertionError(
                f"not within {within * PATIENCE:g} s; last outcome: {failure or outcome!r}"
            ) from failure
        time.sleep(PAUSE)


def ask(condition: Callable[[], Outcome]) -> tuple[Outcome | None, AssertionError | None]:
    try:
        return condition(), None
    except AssertionError as failure:
        return None, failure
