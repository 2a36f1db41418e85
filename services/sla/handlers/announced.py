"""Public holidays that are announced after a clock began (SL-2)."""

from datetime import date
from uuid import UUID

from libs.common.unit_of_work import Work
from services.sla.handlers.cases import known_case
from services.sla.handlers.clocks import calendar_of, recount
from services.sla.store import Store
from services.sla.store.clocks import Unsettled


def cases_to_recount(store: Store) -> list[UUID]:
    """Cases with a clock for which a year is announced that was not when it was counted."""
    return list(
        dict.fromkeys(clock.complaint_id for clock in store.clocks.provisional() if _is_announced(clock, store))
    )


def _is_announced(clock: Unsettled, store: Store) -> bool:
    procedure = store.rules.procedure(clock.procedure_version)
    limit = procedure.limit(clock.limit_id)
    assert limit is not None  # the version that it was started under
    calendar = calendar_of(procedure, limit)
    return not all(calendar.is_provisional(date(year, 1, 1)) for year in clock.years)


def recount_case(work: Work[Store], complaint_id: UUID) -> None:
    case = known_case(work, complaint_id)
    procedure = work.store.rules.procedure(case.procedure_version)
    history = work.store.histories.of(complaint_id)
    for clock in work.store.clocks.take(complaint_id):
        limit = procedure.limit(clock.limit_id)
        if clock.is_open and clock.provisional and limit is not None:
            recount(work, case, clock, procedure, limit, history)
