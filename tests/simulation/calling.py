"""The judge on what is looked back at: which cases could be drawn of each period, and the draw, repeated (RE-4)."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from deploy.databases import Databases
from tests.simulation.platform import FOUNDED, Tenant

DRAWS = """SELECT draw_id, first, last, drawn_at, seed, population, population_sha256, share_percent
    FROM draws WHERE tenant_id = :tenant AND purpose = :purpose AND drawn_at IS NOT NULL ORDER BY first"""
DRAWN = "SELECT draw_id, complaint_id FROM drawn WHERE tenant_id = :tenant ORDER BY place"
SAID = "SELECT subject, type, body, occurred_at FROM sent WHERE tenant_id = :tenant ORDER BY subject, sequence"
A_DAY = timedelta(days=1)
LONGEST = {"month": timedelta(days=31), "quarter": timedelta(days=92), "half-year": timedelta(days=184)}
# How much later than it was said something may be heard; the draw itself waits six hours.
LATE = timedelta(hours=12)


@dataclass(frozen=True)
class Change:
    """A case was closed at that moment, or began again (`closed` None)."""

    at: datetime
    closed: datetime | None


def drawn_wrongly(databases: Databases, tenant: Tenant, rested_at: datetime) -> Iterator[str]:
    """Each period that is over was drawn from once: from those whose cases stood closed, and as the draw says."""
    oversight = tenant.procedure.oversight
    for purpose, wanted in (("call_back", oversight.callbacks), ("review", oversight.reviews)):
        if wanted is not None:
            yield from _drawn_wrongly(databases, tenant, rested_at, purpose, wanted.every)


def _drawn_wrongly(
    databases: Databases, tenant: Tenant, rested_at: datetime, purpose: str, every: str
) -> Iterator[str]:
    rows = list(databases.rows("reporting", DRAWS, only=tenant.tenant_id, purpose=purpose))
    yield from _gaps([(_day(row[1]), _day(row[2])) for row in rows], LONGEST[every], rested_at)
    changes, drawn = _changes(databases, tenant), _drawn(databases, tenant)
    for draw_id, first, last, drawn_at, seed, people, digest, percent in rows:
        population = json.loads(str(people))
        if digest != hashlib.sha256("\n".join(population).encode()).hexdigest():
            yield f"the population of {first} to {last} is not the one that was drawn from"
        if drawn.get(str(draw_id), []) != _draw(str(seed), population, int(str(percent))):
            yield f"others were drawn of {first} to {last} than the seed says: {drawn.get(str(draw_id))}"
        yield from _others(population, changes, (_day(first), _day(last)), _stored(drawn_at), tenant)


def _gaps(periods: Sequence[tuple[date, date]], longest: timedelta, rested_at: datetime) -> Iterator[str]:
    for (_, last), (first, _) in zip(periods, periods[1:], strict=False):
        if first != last + A_DAY:
            yield f"the period after {last} that was drawn from begins on {first}"
    drawn_until = periods[-1][1] if periods else FOUNDED.date()
    if (rested_at - LATE).date() > drawn_until + longest + A_DAY:
        yield f"nobody was drawn after {drawn_until}"


def _others(
    population: Sequence[str], changes: dict[str, list[Change]], days: tuple[date, date], at: datetime, tenant: Tenant
) -> Iterator[str]:
    """Who is in the population and was not closed then, or the other way round; what had just been said may count."""
    for complaint, moves in changes.items():
        known = [each for each in moves if each.at <= at]
        if any(each.at > at - LATE for each in known):
            continue
        closed = known[-1].closed if known else None
        there = closed is not None and days[0] <= closed.astimezone(tenant.zone).date() <= days[1]
        if there != (complaint in population):
            yield f"{complaint}, closed at {closed}, {'stands' if not there else 'is missing'} among those of {days}"


def _draw(seed: str, population: Sequence[str], percent: int) -> list[str]:
    """As its description tells anybody to repeat it."""
    number = (len(population) * percent + 99) // 100
    ranked = sorted(population, key=lambda complaint: hashlib.sha256(f"{seed}:{complaint}".encode()).hexdigest())
    return ranked[:number]


def _changes(databases: Databases, tenant: Tenant) -> dict[str, list[Change]]:
    changes: dict[str, list[Change]] = {}
    for subject, kind, body, at in databases.rows("dispatch", SAID, only=tenant.tenant_id):
        if kind in ("case.closed.v1", "case.reopened.v1"):
            closed = datetime.fromisoformat(json.loads(str(body))["closed_at"]) if kind == "case.closed.v1" else None
            changes.setdefault(str(UUID(str(subject))), []).append(Change(_stored(at), closed))
    return changes


def _drawn(databases: Databases, tenant: Tenant) -> dict[str, list[str]]:
    drawn: dict[str, list[str]] = {}
    for draw_id, complaint_id in databases.rows("reporting", DRAWN, only=tenant.tenant_id):
        drawn.setdefault(str(draw_id), []).append(str(UUID(str(complaint_id))))
    return drawn


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


def _stored(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
