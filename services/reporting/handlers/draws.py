"""Looking back at a random share of the closed cases (RE-4): calling people back, reviewing how it was done."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.tenants import ProcedurePublished
from libs.common.privacy.masking import mask_text
from libs.common.procedure.document import Procedure
from libs.common.procedure.oversight import CallBacks, Reviews
from libs.common.procedure.reading import read
from libs.common.unit_of_work import Work
from services.reporting.domain.draws import CALL_BACK, PURPOSES, REVIEW, draw, drawn_at, hash_of, period_around
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


class NotTheReviewer(Exception):
    """A case is reviewed by one of the roles that the Procedure named for it, and never by who handled it."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What became of one call. `satisfied` None: not reached, or they did not say."""

    reached: bool
    satisfied: bool | None
    note: str | None
    by: UUID


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a review found: whether the Procedure was kept. `roles` are those of the reviewer."""

    kept: bool
    note: str | None
    by: UUID
    roles: frozenset[str]


def keep_procedure(event: ProcedurePublished, work: Work[Store]) -> None:
    """Where the Procedure looks back, the draw of the first period under it is planned."""
    work.store.procedures.keep(event)
    procedure = read(event.document)
    day = day_of(max(event.active_from, work.now), work.store.known.zone())
    for purpose in PURPOSES:
        wanted = _wanted(procedure, purpose)
        if wanted and day:
            _plan(work, purpose, wanted.every, period_around(day, wanted.every))


def draw_what_is_due(work: Work[Store], row: Any) -> None:
    """The period of the claimed draw is over: draw, and plan the next. Nothing is drawn under other rules."""
    _, procedure = work.store.procedures.in_force(work.now)
    purpose, period = row["purpose"], Period(row["first"], row["last"])
    wanted = _wanted(procedure, purpose)
    if wanted is None or wanted.every != row["every"]:
        work.store.draws.drop(row["draw_id"])
    else:
        population = work.store.draws.population(period, anonymous_too=purpose == REVIEW)
        seed = secrets.token_hex(SEED_BYTES)
        work.store.draws.keep(
            row["draw_id"],
            draw(seed, population, wanted.share),
            share_percent=wanted.share.percent,
            roles=list(wanted.by) if isinstance(wanted, Reviews) else None,
            seed=seed,
            population=[str(complaint_id) for complaint_id in population],
            population_sha256=hash_of(population),
            drawn_at=work.now,
        )
    if wanted:
        _plan(work, purpose, wanted.every, period_around(period.last + A_DAY, wanted.every))


def call_backs(store: Store) -> list[dict[str, Any]]:
    """The latest draws of those to be called and their figures, the newest first."""
    return [
        dict(row) | {"called": row["done"], "satisfaction": Share(row["satisfied"], row["answered"])}
        for row in store.draws.latest(CALL_BACK, DRAWS_SHOWN)
    ]


def reviews(store: Store) -> list[dict[str, Any]]:
    """The latest draws of cases to be reviewed and their figures, the newest first."""
    return [
        dict(row) | {"reviewed": row["done"], "kept": Share(row["kept"], row["done"])}
        for row in store.draws.latest(REVIEW, DRAWS_SHOWN)
    ]


def draw_of(store: Store, purpose: str, draw_id: UUID) -> dict[str, Any]:
    """One draw with all that is needed to repeat it, and what came of each. Raises NoSuchDraw."""
    row = store.draws.find(purpose, draw_id)
    if row is None:
        raise NoSuchDraw
    return row | {"drawn": [dict(each) for each in store.draws.drawn(draw_id)]}


def record_call(work: Work[Store], draw_id: UUID, complaint_id: UUID, call: Call) -> dict[str, Any]:
    """Keep what became of a call; the last word counts. Raises NoSuchDraw, NotDrawn, NothingWasSaid."""
    if call.satisfied is not None and not call.reached:
        raise NothingWasSaid
    _the(draw_of(work.store, CALL_BACK, draw_id)["drawn"], complaint_id)
    said = {"reached": call.reached, "satisfied": call.satisfied}
    return _record(work, draw_id, complaint_id, call, said)


def record_finding(work: Work[Store], draw_id: UUID, complaint_id: UUID, finding: Finding) -> dict[str, Any]:
    """Keep what a review found; the last word counts. Raises NoSuchDraw, NotDrawn, NotTheReviewer."""
    reviewed = draw_of(work.store, REVIEW, draw_id)
    case = _the(reviewed["drawn"], complaint_id)
    if not finding.roles & set(reviewed["roles"]) or case["assignee_id"] == finding.by:
        raise NotTheReviewer
    return _record(work, draw_id, complaint_id, finding, {"kept": finding.kept})


def _record(
    work: Work[Store], draw_id: UUID, complaint_id: UUID, said: Call | Finding, outcome: dict[str, Any]
) -> dict[str, Any]:
    note = mask_text(said.note) if said.note else None
    work.store.draws.record(draw_id, complaint_id, **outcome, note=note, by=said.by, at=work.now)
    return _the(work.store.draws.drawn(draw_id), complaint_id)


def _the(drawn: Iterable[Any], complaint_id: UUID) -> dict[str, Any]:
    found = next((dict(each) for each in drawn if each["complaint_id"] == complaint_id), None)
    if found is None:
        raise NotDrawn
    return found


def _wanted(procedure: Procedure, purpose: str) -> CallBacks | Reviews | None:
    return procedure.oversight.callbacks if purpose == CALL_BACK else procedure.oversight.reviews


def _plan(work: Work[Store], purpose: str, every: str, period: Period) -> None:
    work.store.draws.plan(uuids.uuid7(), purpose, every, period, drawn_at(period, work.store.known.zone()))
