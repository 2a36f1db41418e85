"""Ends that are counted again: public holidays are announced, or the house changes its opening hours (SL-2)."""

from datetime import date
from uuid import UUID

from libs.common.unit_of_work import Work
from services.sla.handlers.cases import known_case
from services.sla.handlers.clocks import recount
from services.sla.store import Store
from services.sla.store.clocks import Unsettled


def provisional_cases(store: Store) -> list[UUID]:
    """Cases with a clock for which a year is announced that was not when it was counted."""
    return list(
        dict.fromkeys(clock.complaint_id for clock in store.clocks.provisional() if _is_announced(clock, store))
    )


def _is_announced(clock: Unsettled, store: Store) -> bool:
    limit = store.rules.procedure(clock.procedure_version).limit(clock.limit_id)
    assert limit is not None  # the version that it was started under
    calendar = store.rules.calendar(clock.procedure_version, limit.calendar)
    return not all(calendar.is_provisional(date(year, 1, 1)) for year in clock.years)


def outdated_cases(store: Store, limit: int) -> list[UUID]:
    """Up to `limit` cases with a clock that was counted before a calendar of the house changed."""
    store.rules.look_again()
    return store.clocks.outdated(limit)


def recount_case(work: Work[Store], complaint_id: UUID) -> None:
    """All that runs for it, by the rules of its own version and the calendars of today."""
    case = known_case(work, complaint_id)
    procedure = work.store.rules.procedure(case.procedure_version)
    history = work.store.histories.of(complaint_id)
    for clock in work.store.clocks.take(complaint_id):
        limit = procedure.limit(clock.limit_id)
        if clock.is_open and limit is not None:
            recount(work, case, clock, limit, history)
    work.store.clocks.settle(complaint_id)
