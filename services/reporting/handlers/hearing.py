"""Keeping up with the others."""

from libs.common.events import Event
from libs.common.events.tenants import TenantCreated
from libs.common.unit_of_work import Work
from services.reporting.domain.lessons import learned
from services.reporting.store import Store


def welcome_tenant(event: TenantCreated, work: Work[Store]) -> None:
    """From now on the tenant's days and its public name are known."""
    work.store.known.keep_tenant(event.slug, event.time_zone)


def learn(event: Event, work: Work[Store]) -> None:
    """What an event says about a complaint becomes part of its fact, and the figures move with it.

    Raises NotYetKnown while the tenant has not been heard of.
    """
    work.store.change(event.subject, lambda fact: learned(fact, event))
