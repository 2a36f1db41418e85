"""How long a story is, and when in it people complain."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

A_WEEK = timedelta(weeks=1)
IN_BUSY_WEEKS = 0.6


@dataclass(frozen=True)
class Length:
    """From the least to the most. `busy`: how many weeks draw most of the complaints; none: they are spread."""

    weeks: tuple[int, int]
    complaints: tuple[int, int]
    busy: int = 0

    def moments(self, chosen: random.Random, weeks: int) -> Iterator[timedelta]:
        """When after the beginning somebody complains."""
        rushes = [chosen.random() * (weeks - 1) * A_WEEK for _ in range(self.busy)]
        for _ in range(chosen.randint(*self.complaints)):
            if rushes and chosen.random() < IN_BUSY_WEEKS:
                yield chosen.choice(rushes) + chosen.random() * A_WEEK
            else:
                yield chosen.random() * (weeks * A_WEEK)


ORDINARY = Length(weeks=(3, 6), complaints=(1, 2))
# Months, so that the ends of months and quarters are crossed while cases are open.
LONG = Length(weeks=(13, 17), complaints=(30, 60), busy=3)
