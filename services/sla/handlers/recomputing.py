"""A case that changed has other limits: what is open is counted again, what is finished stays (SL-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from libs.common.procedure.document import Limit, Procedure
from libs.common.unit_of_work import Work
from services.sla.domain.case import Case, Part, begins_in_this_round, limits_that_hold
from services.sla.domain.clocks import Clock
from services.sla.domain.waiting import History
from services.sla.handlers.clocks import recount, start_clock, stop_clocks
from services.sla.store import Store


@dataclass(frozen=True)
class _Change:
    """A change of a case, when it was made and what it is called."""

    case: Case
    procedure: Procedure
    history: History
    at: datetime
    reason: str


def recompute(work: Work[Store], case: Case, changed_at: datetime, reason: str) -> None:
    """Stop open clocks whose limit no longer holds, start those that now do, keep the rest.

    A limit that now holds counts from its first milestone, so the time used so far is kept, and so are the
    waits until now (SL-6).
    """
    work.store.cases.save(case)
    procedure = work.store.rules.procedure(case.procedure_version)
    change = _Change(case, procedure, work.store.histories.of(case.complaint_id), changed_at, reason)
    clocks = work.store.clocks.take(case.complaint_id)
    _recompute_one(work, change, [clock for clock in clocks if clock.part_id is None])
    for part in work.store.parts.of(case.complaint_id):
        if not part.is_over:
            _recompute_one(work, change, [clock for clock in clocks if clock.part_id == part.part_id], part)


def _recompute_one(work: Work[Store], change: _Change, clocks: Sequence[Clock], part: Part | None = None) -> None:
    """For the limits of the whole case, or of one part."""
    case, procedure = change.case, change.procedure
    limits = {limit.id: limit for limit in limits_that_hold(case, procedure, work.store.rules.zone(), part)}
    running = [clock for clock in clocks if clock.is_open]
    over = [clock for clock in running if clock.limit_id not in limits]
    stop_clocks(work, case, over, change.at, change.reason)
    for clock in running:
        if clock.limit_id in limits:
            recount(work, case, clock, limits[clock.limit_id], change.history)
    for limit in limits.values():
        if not _was_counted(limit, clocks, case) and begins_in_this_round(case, limit, part):
            start_clock(work, case, procedure, limit, change.history, part)


def _was_counted(limit: Limit, clocks: Sequence[Clock], case: Case) -> bool:
    counted = [clock for clock in clocks if clock.limit_id == limit.id and clock.stopped_at is None]
    return any(clock.is_open or clock.round == case.round for clock in counted)
