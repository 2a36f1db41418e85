"""What sla does by the clock: alarms whose time has come are heard, ends are counted again once public holidays are
announced, and when a case was kept long enough."""

from libs.common import due, telemetry
from libs.common.unit_of_work import UnitsOfWork
from services.sla.handlers.alarms import fire_due
from services.sla.handlers.announced import cases_to_recount, recount_case
from services.sla.handlers.retention import end_retentions_due
from services.sla.store import Store
from services.sla.store.clocks import tenants_unsettled
from services.sla.tables import alarms, retentions

# Many enough that what a transaction costs is shared by many, few enough that the next tenant is soon served.
OF_A_TENANT = 500


def fire_alarms(units: UnitsOfWork[Store]) -> int:
    """Fire up to 500 due alarms of each tenant in turn; returns how many are settled.

    Of one tenant, what is taken, the new states and the events are one transaction: whoever dies in it leaves every
    alarm due.
    """
    settled = 0
    for tenant_id in due.whose_turn(units.database, alarms, units.clock.now()):
        about = telemetry.about(tenant=tenant_id)
        with about, telemetry.span("fire alarms"), units.begin(tenant_id) as work:
            settled += fire_due(work, OF_A_TENANT)
    return settled


def recount_announced(units: UnitsOfWork[Store]) -> int:
    """Count what was provisional again, each case in a transaction of its own; returns of how many cases.

    A year is announced by a new release of the lists, so this mostly finds nothing.
    """
    recounted = 0
    for tenant_id in tenants_unsettled(units.database):
        with telemetry.about(tenant=tenant_id), telemetry.span("recount announced"):
            with units.read(tenant_id) as store:
                cases = cases_to_recount(store)
            for complaint_id in cases:
                with units.begin(tenant_id) as work:
                    recount_case(work, complaint_id)
        recounted += len(cases)
    return recounted


def end_retentions(units: UnitsOfWork[Store]) -> int:
    """Work up to 500 cases of each tenant whose retention has ended; returns how many."""
    ended = 0
    for tenant_id in due.whose_turn(units.database, retentions, units.clock.now()):
        about = telemetry.about(tenant=tenant_id)
        with about, telemetry.span("end retention"), units.begin(tenant_id) as work:
            ended += end_retentions_due(work, OF_A_TENANT)
    return ended
