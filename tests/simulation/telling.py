"""One seed from the first morning to the verdict, and what the databases held at its end."""

import hashlib
import logging
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.simulation.faults import FATE
from tests.simulation.judge import verdict
from tests.simulation.length import LONG, ORDINARY, Length
from tests.simulation.platform import Simulated
from tests.simulation.story import Story


@dataclass(frozen=True)
class Ending:
    """`broken`: the promises that did not hold, with examples."""

    seed: int
    steps: int
    failures: int
    broken: tuple[str, ...]
    length: Length = ORDINARY

    def __str__(self) -> str:
        long = " LONG=1" if self.length is LONG else ""
        words = f"seed={self.seed}{long}: {self.steps} steps, {self.failures} failures around commits"
        if not self.broken:
            return f"{words}, every promise kept"
        return "\n  ".join((f"{words}; again with: make simulate SEED={self.seed}{long}", *self.broken))


def tell(
    platform: Simulated, seed: int, say: Callable[[str], None] = lambda _: None, length: Length = ORDINARY
) -> Ending:
    """Play a seed and judge it. Whatever the platform raised ends the story and is part of the verdict."""
    story = Story(platform, seed, say, length)
    with _without_logs():
        try:
            story.play()
            broken = verdict(story)
        except Exception as failure:  # noqa: BLE001 (the verdict names it)
            broken = [f"{platform.clock.now():%F %T} {type(failure).__name__}: {failure}"]
    return Ending(seed, story.steps, FATE.deaths, tuple(broken), length)


@contextmanager
def _without_logs() -> Any:
    """A story is full of failures that the platform rightly logs."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def digest(platform: Simulated) -> str:
    """Of every row of every service, whatever the order of the rows."""
    told = hashlib.sha256()
    for name, service in sorted(platform.services.items()):
        with service.database.read() as connection:
            listing = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            for table in connection.exec_driver_sql(listing).scalars().all():
                rows = sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {table}")))  # noqa: S608
                told.update(f"{name}.{table}\n".encode() + "\n".join(rows).encode())
    return told.hexdigest()
