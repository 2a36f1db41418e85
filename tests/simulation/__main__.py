"""`python -m tests.simulation --seed 7` tells one story line by line; without a seed, new ones until one ends badly."""

import argparse
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.simulation.length import LONG, ORDINARY
from tests.simulation.platform import Simulated
from tests.simulation.telling import tell

STORIES, LONG_AFTER = 100, 25


def main(words: list[str]) -> int:
    """1 when a story ended with a broken promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="tell this one story, with every step")
    parser.add_argument("--long", action="store_true", help="months instead of weeks")
    given = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        platform = Simulated(Path(folder))
        platform.start()
        try:
            return _tell_all(platform, given.seed, given.long)
        finally:
            platform.stop()


def _tell_all(platform: Simulated, only: int | None, long: bool) -> int:
    seeds: Iterator[int] = iter([only]) if only is not None else (secrets.randbelow(10**9) for _ in range(STORIES))
    for told, seed in enumerate(seeds, start=1):
        length = LONG if long or told % LONG_AFTER == 0 else ORDINARY
        ending = tell(platform, seed, print if only is not None else lambda _: None, length)
        print(ending, flush=True)
        if ending.broken:
            return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(0)
