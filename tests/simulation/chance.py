"""One seed decides everything: while `determined`, nothing in this process draws from anywhere else."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.clock import Clock

VERSION_7, VARIANT = 0x7 << 76, 0b10 << 62
TURNS = 1 << 12


class Ids:
    """UUIDs of version 7 by the run's own clock, each greater than the one before."""

    def __init__(self, clock: Clock, chosen: random.Random) -> None:
        self._clock = clock
        self._chosen = chosen
        self._last = 0

    def next(self) -> UUID:
        millisecond = int(self._clock.now().timestamp() * 1000)
        self._last = max(self._last + 1, millisecond * TURNS)
        when, turn = divmod(self._last, TURNS)
        return UUID(int=when << 80 | VERSION_7 | turn << 64 | VARIANT | self._chosen.getrandbits(62))


@contextmanager
def determined(seed: int, clock: Clock) -> Iterator[random.Random]:
    """What decides about faults and people. Ids, secrets and jitter come from other streams of the same seed,
    so that one more id does not change the story."""
    drawn, before = random.Random(f"drawn {seed}"), random.getstate()
    random.seed(f"jitter {seed}")
    try:
        with (
            patch.object(os, "urandom", drawn.randbytes),
            patch.object(random, "_urandom", drawn.randbytes),  # what `secrets` draws from
            patch.object(uuids, "uuid7", Ids(clock, drawn).next),
        ):
            yield random.Random(f"story {seed}")
    finally:
        random.setstate(before)
