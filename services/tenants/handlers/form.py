"""What a tenant's public complaint form asks for and offers (PO-1)."""

from typing import Any

from libs.common.inbox import NotYetKnown
from libs.common.procedure.vocabulary import CHANNELS
from services.tenants.handlers.gate import Gate, NoSuchTenant


def describe_form(gate: Gate, slug: str) -> dict[str, Any]:
    """Raises NoSuchTenant, also for a tenant that has no Procedure and so takes no complaints yet."""
    tenant_id = gate.doors.behind(slug)
    if tenant_id is None:
        raise NoSuchTenant
    with gate.units.read(tenant_id) as store:
        tenant, places = store.tenant.find(), store.places.all()
        try:
            _, procedure = store.procedures.in_force(gate.clock.now())
        except NotYetKnown as failure:
            raise NoSuchTenant from failure
    intake = procedure.intake
    return {
        "tenant": tenant,
        "categories": procedure.categories,
        "required": {channel: intake.required_for(channel) for channel in CHANNELS},
        "anonymous": {"allowed": intake.anonymous.allowed, "answer_ways": intake.anonymous.answer_by},
        "places": places,
        "disclosed": procedure.disclosure is not None,
    }
