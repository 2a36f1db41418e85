"""What sla does by the clock: alarms whose time has come are heard, ends are counted again once public holidays are
announced or the house changed its calendar, and when a case was kept long enough."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from libs.common import due, telemetry
from libs.common.unit_of_work import UnitsOfWork
from services.sla.handlers.alarms import fire_due
from services.sla.handlers.recounting import outdated_cases, provisional_cases, recount_case
from services.sla.handlers.retention import end_retentions_due
from services.sla.store import Store
from services.sla.store.clocks import tenants_outdated, tenants_unsettled
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
    """Count again what was provisional; returns of how many cases.

    A year is announced by a new release of the lists, so this mostly finds nothing.
    """
    return sum(_recount(units, tenant_id, provisional_cases) for tenant_id in tenants_unsettled(units.database))


def recount_changed(units: UnitsOfWork[Store]) -> int:
    """Count again what was counted before a calendar changed, up to 500 cases of each tenant; returns of how many."""
    outdated = partial(outdated_cases, limit=OF_A_TENANT)
    return sum(_recount(units, tenant_id, outdated) for tenant_id in tenants_outdated(units.database))


def _recount(units: UnitsOfWork[Store], tenant_id: UUID, find: Callable[[Store], list[UUID]]) -> int:
    """Each case in a transaction of its own."""
    with telemetry.about(tenant=tenant_id), telemetry.span("recount"):
        with units.read(tenant_id) as store:
            cases = find(store)
        for complaint_id in cases:
            with units.begin(tenant_id) as work:
                recount_case(work, complaint_id)
    return len(cases)


def end_retentions(units: UnitsOfWork[Store]) -> int:
    """Work up to 500 cases of each tenant whose retention has ended; returns how many."""
    ended = 0
    for tenant_id in due.whose_turn(units.database, retentions, units.clock.now()):
        about = telemetry.about(tenant=tenant_id)
        with about, telemetry.span("end retention"), units.begin(tenant_id) as work:
            ended += end_retentions_due(work, OF_A_TENANT)
    return ended
