"""Timed work: at the end of a period, drawing those who are called back and the cases that are reviewed."""

from collections.abc import Callable

from libs.common import due
from libs.common.service import Job
from libs.common.unit_of_work import UnitsOfWork
from services.reporting.handlers.draws import draw_what_is_due
from services.reporting.store import Store
from services.reporting.tables import draws

BATCH = 20
MINUTE = 60.0


def jobs(units: UnitsOfWork[Store]) -> tuple[Job, ...]:
    """`units` are the worker's."""
    return (Job("draws", drawing(units), MINUTE),)


def drawing(units: UnitsOfWork[Store]) -> Callable[[], int]:
    """Draw for the periods that are over; returns how many."""

    def run() -> int:
        with units.transaction() as transaction:
            claimed = due.claim(transaction.connection, draws, now=transaction.now, limit=BATCH, key="draw_id")
            for row in claimed:
                draw_what_is_due(transaction.work_for(row["tenant_id"]), row)
        return len(claimed)

    return run
