"""Whose complainants are called back, and which cases are reviewed (RE-4): the periods, and a draw to be repeated.

The draw: write the seed, a colon and the complaint's id (in small letters, with hyphens), take the SHA-256 of
that, order by it, and take the first of them: the share of all, rounded up. The seed is made by chance once
the population is fixed, so nobody could know beforehand who is drawn; seed and population stay, so everybody
can check afterwards who had to be.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.common.procedure.duration import Share
from libs.common.procedure.periods import days_around, looked_back_at
from services.reporting.domain.period import Period

CALL_BACK, REVIEW = PURPOSES = ("call_back", "review")


def draw(seed: str, population: Sequence[UUID], share: Share) -> list[UUID]:
    """The drawn of the population, in the order in which they were drawn; at least one of anybody."""
    number = -(-len(population) * share.percent // 100)
    return sorted(population, key=lambda complaint_id: _rank(seed, complaint_id))[:number]


def hash_of(population: Sequence[UUID]) -> str:
    """SHA-256, in hex, of the ids as they stand, one on each line."""
    return hashlib.sha256("\n".join(map(str, population)).encode()).hexdigest()


def period_around(day: date, every: str) -> Period:
    """The calendar month, quarter or half-year with this day in it."""
    return Period(*days_around(day, every))


def drawn_at(period: Period, zone: ZoneInfo) -> datetime:
    """When the draw of a period is due, in the tenant's zone."""
    return looked_back_at(period.last, zone)


def _rank(seed: str, complaint_id: UUID) -> bytes:
    return hashlib.sha256(f"{seed}:{complaint_id}".encode()).digest()
