"""Showing the clocks of a case: which binds, how each stands, and why it is due when it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from libs.common.procedure.document import Procedure
from libs.common.procedure.vocabulary import INTERNAL
from services.sla.domain.clocks import Clock, State, binding
from services.sla.domain.deadlines import Step
from services.sla.domain.wording import explain_steps, for_the_complainant
from services.sla.store import Store
from services.sla.store.clocks import clock_of, steps_of

SHOWN_IN = ("zh-Hans", "zh-Hant", "en")
NOT_KEPT = frozenset({State.BREACHED, State.MET_LATE})
TOLD_TO_THE_COMPLAINANT = ("limit_id", "milestone_to", "due_at", "state", "met_at")


class NoSuchCase(Exception):
    """No case of that complaint is known here."""


class NoSuchClock(Exception):
    """There is no clock with this id."""


def clocks_of(store: Store, complaint_id: UUID) -> list[dict[str, Any]]:
    """All clocks of a case, ended ones too, the earliest due first. Raises NoSuchCase."""
    procedure = _procedure_of(store, complaint_id)
    rows = store.clocks.listed(complaint_id)
    binds = _binding([clock_of(row) for row in rows])
    return [_shown(row, procedure, row["clock_id"] in binds) for row in rows]


def clocks_for_the_complainant(store: Store, complaint_id: UUID) -> list[dict[str, Any]]:
    """What was promised to them, in short: the limits of the whole case that hold, but for the house's own.

    By when one is due that waits is not known before the wait is over (SL-6).

    Raises NoSuchCase.
    """
    procedure = _procedure_of(store, complaint_id)
    zone = store.rules.zone().key
    promised = [row for row in store.clocks.listed(complaint_id) if _is_promised(row)]
    return [
        {name: row[name] for name in TOLD_TO_THE_COMPLAINANT}
        | {
            "due_at": None if row["state"] == State.PAUSED else row["due_at"],
            "name": _name(procedure, row["limit_id"]),
            "explanation": _in_words(
                for_the_complainant(steps_of(row["explanation"]), zone, late=row["state"] in NOT_KEPT)
            ),
        }
        for row in promised
    ]


def _is_promised(row: Mapping[str, Any]) -> bool:
    return row["part_id"] is None and row["stopped_at"] is None and row["milestone_to"] not in INTERNAL


def clock(store: Store, clock_id: UUID) -> dict[str, Any]:
    """One clock as `clocks_of` shows it. Raises NoSuchClock."""
    complaint_id = store.clocks.case_of(clock_id)
    if complaint_id is None:
        raise NoSuchClock
    return next(shown for shown in clocks_of(store, complaint_id) if shown["clock_id"] == clock_id)


def _binding(clocks: Sequence[Clock]) -> set[UUID]:
    """Of the case's clocks, and of those of each part for itself."""
    holders = {clock.part_id for clock in clocks}
    own = [[clock for clock in clocks if clock.part_id == holder] for holder in holders]
    return {clock.clock_id for each in own for clock in binding(each).values()}


def _procedure_of(store: Store, complaint_id: UUID) -> Procedure:
    case = store.cases.find(complaint_id)
    if case is None:
        raise NoSuchCase
    return store.rules.procedure(case.procedure_version)


def _shown(row: Mapping[str, Any], procedure: Procedure, binds: bool) -> dict[str, Any]:
    return {
        **row,
        "name": _name(procedure, row["limit_id"]),
        "binding": binds,
        "explanation": _in_words(steps_of(row["explanation"])),
    }


def _name(procedure: Procedure, limit_id: str) -> dict[str, str]:
    limit = procedure.limit(limit_id)
    return dict(limit.name) if limit else {}


def _in_words(steps: Iterable[Step]) -> list[dict[str, str]]:
    told = list(steps)
    lines = zip(*(explain_steps(told, language) for language in SHOWN_IN), strict=True)
    return [dict(zip(SHOWN_IN, line, strict=True)) for line in lines]
