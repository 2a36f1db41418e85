"""What sla does by the clock: alarms whose time has come are heard, and when a case was kept long enough."""

from itertools import groupby

from libs.common import telemetry
from libs.common.unit_of_work import UnitsOfWork
from services.sla.handlers.alarms import fire_due
from services.sla.handlers.retention import end_retention
from services.sla.store import Store, alarms, retentions

BATCH = 2000


def fire_alarms(units: UnitsOfWork[Store]) -> int:
    """Work one batch of due alarms, of all tenants in turns; returns how many are settled.

    Claim, new states and events are one transaction: whoever dies in it leaves every alarm due.
    """
    if not alarms.anything_due(units.database, units.clock.now()):
        return 0
    settled = 0
    with units.transaction() as transaction:
        claimed = alarms.claim(transaction.connection, transaction.now, BATCH)
        in_turn = sorted(claimed, key=lambda due: due.tenant_id.bytes)
        for tenant_id, mine in groupby(in_turn, key=lambda due: due.tenant_id):
            with telemetry.about(tenant=tenant_id), telemetry.span("fire alarms"):
                settled += fire_due(list(mine), transaction.work_for(tenant_id))
    return settled


def end_retentions(units: UnitsOfWork[Store]) -> int:
    """Work one batch of cases whose retention has ended, of all tenants; returns how many."""
    if not retentions.anything_due(units.database, units.clock.now()):
        return 0
    ended = 0
    with units.transaction() as transaction:
        claimed = retentions.claim(transaction.connection, transaction.now, BATCH)
        in_turn = sorted(claimed, key=lambda kept: kept.tenant_id.bytes)
        for tenant_id, mine in groupby(in_turn, key=lambda kept: kept.tenant_id):
            with telemetry.about(tenant=tenant_id), telemetry.span("end retention"):
                ended += end_retention(list(mine), transaction.work_for(tenant_id))
    return ended
