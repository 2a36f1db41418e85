"""Keeping the rules that time is counted by."""

from libs.common.events.tenants import ProcedurePublished, TenantCreated
from libs.common.unit_of_work import Work
from services.sla.store import Store


def keep_zone(event: TenantCreated, work: Work[Store]) -> None:
    """Conditions on the time of day ask the tenant's own clock on the wall."""
    work.store.rules.keep_zone(event.time_zone)


def keep_procedure(event: ProcedurePublished, work: Work[Store]) -> None:
    """Cases under way keep the rules they have; of the calendars they have the newest (SL-2)."""
    work.store.rules.keep(event)
