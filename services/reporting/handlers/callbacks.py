"""Calling back a random share of those whose cases were closed (RE-4)."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.tenants import ProcedurePublished
from libs.common.privacy.masking import mask_text
from libs.common.procedure.reading import read
from libs.common.unit_of_work import Work
from services.reporting.domain.callbacks import draw, drawn_at, hash_of, period_around
from services.reporting.domain.fact import day_of
from services.reporting.domain.kpis import Share
from services.reporting.domain.period import A_DAY, Period
from services.reporting.store import Store

SEED_BYTES = 16
DRAWS_SHOWN = 60


class NoSuchDraw(Exception):
    """There is no draw with this id, or it has not been drawn yet."""


class NotDrawn(Exception):
    """This complaint is not among those that were drawn."""


class NothingWasSaid(Exception):
    """Somebody who was not reached cannot have said whether they are satisfied."""

    errors = [{"detail": "Leave it out, or say that they were reached.", "pointer": "#/satisfied"}]


@dataclass(frozen=True, kw_only=True)
class Call:
    """What became of one call. `satisfied` None: not reached, or they did not say."""

    reached: bool
    satisfied: bool | None
    note: str | None
    by: UUID


def keep_procedure(event: ProcedurePublished, work: Work[Store]) -> None:
    """Where the Procedure wants call-backs, the draw of the first period under it is planned."""
    work.store.procedures.keep(event)
    wanted = read(event.document).callbacks
    day = day_of(max(event.active_from, work.now), work.store.known.zone())
    if wanted and day:
        _plan(work, wanted.every, period_around(day, wanted.every))


def draw_those_to_call(work: Work[Store], row: Any) -> None:
    """The period of the claimed draw is over: draw, and plan the next. Nothing is drawn under other rules."""
    _, procedure = work.store.procedures.in_force(work.now)
    wanted, period = procedure.callbacks, Period(row["first"], row["last"])
    if wanted is None or wanted.every != row["every"]:
        work.store.callbacks.drop(row["draw_id"])
    else:
        population, seed = work.store.callbacks.population(period), secrets.token_hex(SEED_BYTES)
        work.store.callbacks.keep(
            row["draw_id"],
            draw(seed, population, wanted.share),
            share_percent=wanted.share.percent,
            seed=seed,
            population=[str(complaint_id) for complaint_id in population],
            population_sha256=hash_of(population),
            drawn_at=work.now,
        )
    if wanted:
        _plan(work, wanted.every, period_around(period.last + A_DAY, wanted.every))


def draws(store: Store) -> list[dict[str, Any]]:
    """The latest draws and their figures, the newest first."""
    return [
        dict(row) | {"satisfaction": Share(row["satisfied"], row["answered"])}
        for row in store.callbacks.draws(DRAWS_SHOWN)
    ]


def draw_of(store: Store, draw_id: UUID) -> dict[str, Any]:
    """One draw with all that is needed to repeat it, and what each call came to. Raises NoSuchDraw."""
    row = store.callbacks.draw(draw_id)
    if row is None:
        raise NoSuchDraw
    return dict(row) | {"drawn": [dict(called) for called in store.callbacks.drawn(draw_id)]}


def record_call(work: Work[Store], draw_id: UUID, complaint_id: UUID, call: Call) -> dict[str, Any]:
    """Keep what became of a call; the last word counts. Raises NoSuchDraw, NotDrawn, NothingWasSaid."""
    if call.satisfied is not None and not call.reached:
        raise NothingWasSaid
    if work.store.callbacks.draw(draw_id) is None:
        raise NoSuchDraw
    note = mask_text(call.note) if call.note else None
    said = {"reached": call.reached, "satisfied": call.satisfied, "note": note, "by": call.by, "at": work.now}
    if not work.store.callbacks.record(draw_id, complaint_id, **said):
        raise NotDrawn
    return next(dict(row) for row in work.store.callbacks.drawn(draw_id) if row["complaint_id"] == complaint_id)


def _plan(work: Work[Store], every: str, period: Period) -> None:
    work.store.callbacks.plan(uuids.uuid7(), every, period, drawn_at(period, work.store.known.zone()))
