"""What dispatch does by the clock: who did not answer a call is passed over (DI-8)."""

from libs.common import telemetry
from libs.common.unit_of_work import UnitsOfWork
from services.dispatch.handlers.calling import call_next
from services.dispatch.store import Store, summons

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
