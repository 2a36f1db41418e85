"""Holding the ledger of compensation against the cases when a period is over (DI-10, P6: half-yearly)."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.procedure.document import Procedure
from libs.common.procedure.periods import A_DAY, days_around, looked_back_at
from libs.common.unit_of_work import Work
from services.dispatch.domain.ledger_check import check
from services.dispatch.store import Store


def plan_from(work: Work[Store], procedure: Procedure, active_from: datetime) -> None:
    """Where the Procedure wants it, the check of the first period under it is planned."""
    if wanted := procedure.oversight.ledger:
        begins = max(active_from, work.now).astimezone(work.store.staff.zone()).date()
        _plan(work, wanted.every, begins)


def check_ledger(work: Work[Store], due: Any) -> None:
    """The period of the claimed check is over: compare, keep what was found, also when that is nothing, and plan the
    next. Under other rules there is no check."""
    _, procedure = work.store.procedures.in_force(work.now)
    wanted = procedure.oversight.ledger
    if wanted is None or wanted.every != due["every"]:
        work.store.ledger_checks.drop(due["check_id"])
    else:
        _check(work, due["check_id"], due["first"], due["last"])
    if wanted:
        _plan(work, wanted.every, due["last"] + A_DAY)


def checks(store: Store) -> dict[str, Any]:
    """The last hundred, the latest period first."""
    return {"items": store.ledger_checks.latest()}


def _check(work: Work[Store], check_id: UUID, first: date, last: date) -> None:
    kept, zone = work.store.ledger_checks, work.store.staff.zone()
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    concerned = kept.concerned(start, end)
    found = check(kept.promises(concerned), kept.said(concerned), kept.archived(concerned))
    numbers = kept.numbers({UUID(each["complaint_id"]) for each in found.differences})
    differences = [each | {"number": numbers.get(each["complaint_id"])} for each in found.differences]
    kept.keep(check_id, checked_at=work.now, entries=found.entries, totals=found.totals, differences=differences)


def _plan(work: Work[Store], every: str, day: date) -> None:
    first, last = days_around(day, every)
    work.store.ledger_checks.plan(uuids.uuid7(), every, first, last, looked_back_at(last, work.store.staff.zone()))
