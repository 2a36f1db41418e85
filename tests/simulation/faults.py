"""What goes wrong, and how often: processes die around their commits, connections break, partners fail."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection

from libs.common.db import Database, DatabaseAway

DEATH = 0.012
LOST_CONNECTION = 0.006


class Killed(BaseException):
    """The process ended here, as by kill -9; no `except Exception` of the platform may notice."""


@dataclass
class Fate:
    """Decides about every commit while a story is told; before and after it nothing goes wrong."""

    chosen: random.Random = field(default_factory=random.Random)
    at_work: bool = False
    deaths: int = 0

    def of_commit(self) -> tuple[BaseException | None, BaseException | None]:
        """What happens right before, and what right after a commit."""
        if not self.at_work:
            return None, None
        drawn, before = self.chosen.random(), self.chosen.random() < 0.5
        if drawn >= DEATH + LOST_CONNECTION:
            return None, None
        self.deaths += 1
        failure = Killed() if drawn < DEATH else DatabaseAway("the connection broke at the commit")
        return (failure, None) if before else (None, failure)


FATE = Fate()


class FallibleDatabase(Database):
    """A database whose process may die, or whose connection may break, around any commit; without fsync."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        super().__init__(url, pool_size=pool_size)
        event.listen(self.engine, "connect", _without_fsync)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        before, after = FATE.of_commit()
        with super().write() as connection:
            yield connection
            if before:
                raise before
        if after:
            raise after


def _without_fsync(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
