"""Staff: taking complaints at phone and counter, reading them masked, or in full with a reason (PO-2)."""

from typing import Any
from uuid import UUID

from flask import Response, abort

from libs.common.web.access import STAFF, Blueprint, not_for, principal
from services.intake import schemas
from services.intake.api.looking import looking
from services.intake.api.registering import register
from services.intake.domain.complaint import NewComplaint
from services.intake.domain.numbers import NotAComplaintNumber, normalise
from services.intake.handlers import viewing
from services.intake.handlers.desk import Desk
from services.intake.handlers.tenant import KnownTenants

HANDLING = ("front_line", "supervisor", "coordinator", "manager")


def blueprint(desk: Desk, known: KnownTenants) -> Blueprint:
    api = Blueprint("complaints", access=STAFF, url_prefix="/v1/complaints")

    @api.route("", methods=["POST"])
    @not_for("auditor")
    @api.arguments(schemas.StaffComplaint())
    @api.alt_response(201, schema=schemas.RegisteredComplaint())
    def take(form: dict[str, Any]) -> Response:
        """Register a complaint taken by a member of staff (IN-1: phone, counter, letter …)."""
        tenant = known.tenant(principal().tenant_id)
        received_at = form.pop("received_at", None) or desk.clock.now()
        given = NewComplaint(received_at=received_at, received_by=principal().person_id, **form)
        return register(desk, tenant, given)

    @api.route("", methods=["GET"])
    @api.arguments(schemas.NumberWanted(), location="query")
    @api.response(200, schemas.ComplaintList())
    def find(wanted: dict[str, Any]) -> dict[str, Any]:
        """The complaint with this number, in any spelling; an empty list when there is none."""
        tenant_id = principal().tenant_id
        try:
            number = normalise(wanted["number"])
        except NotAComplaintNumber:
            return {"items": []}
        with desk.units.read(tenant_id) as store:
            found = store.complaints.by_number(number)
            if found is None:
                return {"items": []}
            return {"items": [viewing.masked_view(desk, store, tenant_id, found["complaint_id"])]}

    @api.route("/<uuid:complaint_id>")
    @api.response(200, schemas.ComplaintOut())
    def show(complaint_id: UUID) -> dict[str, Any]:
        """The complaint with its contact data masked."""
        with desk.units.read(principal().tenant_id) as store:
            return viewing.masked_view(desk, store, principal().tenant_id, complaint_id)

    @api.route("/<uuid:complaint_id>/full-view", methods=["POST"])
    @api.arguments(schemas.Reason())
    @api.response(200, schemas.ComplaintOut())
    def show_in_full(given: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
        """The complaint with names, numbers and original words, for the people of the case and who oversees all;
        each look is logged with its reason (PR-1).

        An Idempotency-Key means nothing here: an answer kept for repetitions would be contact data unsealed.
        """
        who = looking()
        if who is None:
            abort(403, description="Only a person may see a complaint in full.")
        with desk.units.begin(principal().tenant_id) as work:
            return viewing.full_view(desk, work, complaint_id, who, given["reason"])

    return api
