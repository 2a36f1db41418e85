"""What dispatch does by the clock: pass over who did not answer a call (DI-8), check the ledger (DI-10)."""

from libs.common import telemetry
from libs.common.unit_of_work import UnitsOfWork
from services.dispatch.handlers.calling import call_next
from services.dispatch.handlers.ledger_checks import check_ledger
from services.dispatch.store import Store, ledger_checks, summons

BATCH = 100


def call_the_next(units: UnitsOfWork[Store]) -> int:
    """Work one batch of due calls, of all tenants in turns; returns how many were looked at.

    They are claimed first and worked one by one afterwards: a step on a case takes the case before its calls, and
    so does this, so that neither waits for the other. Who dies in it gives its claims back after a minute.
    """
    if not summons.anything_due(units.database, units.clock.now()):
        return 0
    with units.transaction() as transaction:
        claimed = summons.claim(transaction.connection, transaction.now, BATCH)
    for due in claimed:
        about = telemetry.about(tenant=due.tenant_id)
        with about, telemetry.span("call the next"), units.begin(due.tenant_id) as work:
            call_next(work, due.complaint_id, due.summons_id)
    return len(claimed)


def check_ledgers(units: UnitsOfWork[Store]) -> int:
    """Hold the ledgers whose period is over against the cases; returns how many."""
    with units.transaction() as transaction:
        claimed = ledger_checks.claim(transaction.connection, transaction.now, BATCH)
        for due in claimed:
            check_ledger(transaction.work_for(due["tenant_id"]), due)
    return len(claimed)
