"""Lengths of time in logarithmic buckets, each 2^(1/16) as wide as the one before.

Buckets merge by addition, and a percentile read from them is at most 2.2 % off: a bucket's value is the one
that is equally far, in proportion, from both its ends.
"""

from collections.abc import Mapping
from math import floor, log2

PER_DOUBLING = 16
GROWTH = 2 ** (1 / PER_DOUBLING)
UNDER_A_SECOND = -1


def bucket_of(seconds: float) -> int:
    """The bucket of a length; one under a second, or negative because of clocks set by hand, counts as none."""
    return floor(PER_DOUBLING * log2(seconds)) if seconds >= 1 else UNDER_A_SECOND


def seconds_of(bucket: int) -> float:
    """The value that stands for every length in the bucket."""
    return 0.0 if bucket == UNDER_A_SECOND else GROWTH**bucket * 2 * GROWTH / (1 + GROWTH)


def percentile(buckets: Mapping[int, int], percent: int) -> float | None:
    """Seconds within which `percent` (1 to 100) of the lengths lie, by nearest rank; None when there are none."""
    rank = -(-sum(buckets.values()) * percent // 100)
    for bucket in sorted(buckets):
        rank -= buckets[bucket]
        if rank <= 0 < buckets[bucket]:
            return seconds_of(bucket)
    return None
