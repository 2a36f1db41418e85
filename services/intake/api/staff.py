"""Staff: taking complaints at phone and counter, reading them masked, or in full with a reason (PO-2)."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Response, abort

from libs.common.web.access import STAFF, Blueprint, not_for, principal
from services.intake import schemas
from services.intake.api.files import sent_file
from services.intake.api.registering import register
from services.intake.domain.circle import Looking
from services.intake.domain.complaint import NewComplaint
from services.intake.domain.numbers import NotAComplaintNumber, normalise
from services.intake.handlers import viewing
from services.intake.handlers.desk import Desk
from services.intake.handlers.evidence import fetch_file, keep_file, unless_there
from services.intake.handlers.tenant import KnownTenants


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
        asking = principal()
        if asking.person_id is None:
            abort(403, description="Only a person may see a complaint in full.")
        looking = Looking(asking.person_id, asking.roles, asking.departments)
        with desk.units.begin(asking.tenant_id) as work:
            return viewing.full_view(desk, work, complaint_id, looking, given["reason"])

    @api.route("/<uuid:complaint_id>/attachments", methods=["POST"])
    @api.response(201, schemas.AttachmentOut())
    def attach(complaint_id: UUID) -> dict[str, Any]:
        """Keep a file with the complaint (multipart field `file`), to be named by a step of its case: a photo of the
        work, a voucher. It can be opened from this complaint and from no other."""
        tenant = known.tenant(principal().tenant_id)
        unless_there(desk, tenant.tenant_id, complaint_id)
        name, content = sent_file()
        return keep_file(desk, tenant.tenant_id, name, content, tenant.language, complaint_id)

    @api.route("/<uuid:complaint_id>/attachments/<uuid:attachment_id>")
    @api.alt_response(200, content_type="application/octet-stream")
    def file(complaint_id: UUID, attachment_id: UUID) -> Response:
        """An evidence file, to be saved, never shown on our own origin."""
        found, content = fetch_file(desk, principal().tenant_id, complaint_id, attachment_id)
        response = Response(content, content_type=found["content_type"])
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found['name'])}"  # RFC 6266
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response

    return api
