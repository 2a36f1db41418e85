"""Outside references of a complaint, and what staff handed back to them by hand (DI-16)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, abort

from libs.common.unit_of_work import Work
from libs.common.web.access import Access, Blueprint, principal
from libs.common.web.idempotency import once
from services.intake import schemas
from services.intake.handlers import handbacks
from services.intake.handlers.desk import Desk, NoSuchComplaint, Tenant
from services.intake.handlers.tenant import KnownTenants
from services.intake.store import Store

HANDLING = Access(roles=frozenset({"front_line", "supervisor", "coordinator", "manager"}))


def blueprint(desk: Desk, known: KnownTenants) -> Blueprint:
    api = Blueprint("references", access=HANDLING, url_prefix="/v1/complaints/<uuid:complaint_id>/references")

    @api.route("", methods=["POST"])
    @api.arguments(schemas.ReferenceForm())
    @api.alt_response(201, schema=schemas.ReferenceList())
    def add(given: dict[str, Any], complaint_id: UUID) -> Response:
        """The number that a platform, the hotline or an authority has for this complaint."""
        person_id = somebody()
        return changed(
            complaint_id,
            lambda work, tenant: handbacks.name_reference(work, tenant, complaint_id, given, person_id),
            201,
        )

    @api.route("/<uuid:reference_id>", methods=["PUT"])
    @api.arguments(schemas.ReferenceForm())
    @api.alt_response(200, schema=schemas.ReferenceList())
    def correct(given: dict[str, Any], complaint_id: UUID, reference_id: UUID) -> Response:
        """It was mistyped."""
        person_id = somebody()
        return changed(
            complaint_id,
            lambda work, tenant: handbacks.correct_reference(
                work, tenant, complaint_id, reference_id, given, person_id
            ),
        )

    @api.route("/<uuid:reference_id>/handed-back", methods=["POST"])
    @api.arguments(schemas.HandedBack())
    @api.alt_response(200, schema=schemas.ReferenceList())
    def hand_back(given: dict[str, Any], complaint_id: UUID, reference_id: UUID) -> Response:
        """A person told the other side this status, and how; what was owed before it is covered."""
        person_id = somebody()
        return changed(
            complaint_id,
            lambda work, tenant: handbacks.hand_back_by_hand(
                desk, work, tenant, complaint_id, reference_id, given, person_id
            ),
        )

    def changed(complaint_id: UUID, change: Callable[[Work[Store], Tenant], Any], status: int = 200) -> Response:
        tenant = known.tenant(principal().tenant_id)

        def run(work: Work[Store]) -> dict[str, Any]:
            if work.store.complaints.find(complaint_id) is None:
                raise NoSuchComplaint
            change(work, tenant)
            return {"items": handbacks.references_of(work.store, complaint_id)}

        return once(desk.units, tenant.tenant_id, run, schemas.ReferenceList(), status)

    def somebody() -> UUID:
        person_id = principal().person_id
        if person_id is None:
            abort(403, description="Only a person may hand back a status or change a reference.")
        return person_id

    return api
