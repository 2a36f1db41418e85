"""What is added to a complaint by staff: what the complainant says further, and files (IN-10, DI-7, DI-10)."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import Work
from libs.common.web.access import STAFF, Blueprint, only, principal
from libs.common.web.idempotency import once
from services.intake import schemas
from services.intake.api.files import sent_file
from services.intake.api.looking import looking
from services.intake.handlers import conversation
from services.intake.handlers.desk import Desk
from services.intake.handlers.evidence import WithCase, keep_file, open_file, unless_theirs
from services.intake.handlers.tenant import KnownTenants
from services.intake.store import Store

HANDLING = ("front_line", "supervisor", "coordinator", "manager")


def blueprint(desk: Desk, known: KnownTenants) -> Blueprint:
    api = Blueprint("adding", access=STAFF, url_prefix="/v1/complaints/<uuid:complaint_id>")

    @api.route("/messages", methods=["POST"])
    @only(*HANDLING)
    @api.arguments(schemas.StaffMessage())
    @api.alt_response(201, schema=schemas.MessageAddedOut())
    def add_message(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Take down what the complainant adds by another way than the progress page (IN-10); files are those kept
        for a complaint. For the people of the case and who oversees all; nobody else finds it."""
        tenant_id = principal().tenant_id
        unless_theirs(desk, tenant_id, complaint_id, looking())

        def add(work: Work[Store]) -> dict[str, Any]:
            said = (given["text"], given["attachments"], given["channel"], principal().person_id)
            return {"message_id": conversation.write(desk, work, complaint_id, *said)}

        return once(desk.units, tenant_id, add, schemas.MessageAddedOut(), 201)

    @api.route("/attachments", methods=["POST"])
    @api.response(201, schemas.AttachmentOut())
    def attach(complaint_id: UUID) -> dict[str, Any]:
        """Keep a file with the complaint (multipart field `file`), to be named by a step of its case: a photo of the
        work, a voucher. It can be opened from this complaint and from no other. For the people of the case and who
        oversees all; nobody else finds it."""
        tenant = known.tenant(principal().tenant_id)
        unless_theirs(desk, tenant.tenant_id, complaint_id, looking())
        name, content = sent_file()
        with_case = WithCase(complaint_id, principal().person_id)
        return keep_file(desk, tenant.tenant_id, name, content, tenant.language, with_case)

    @api.route("/attachments/<uuid:attachment_id>")
    @api.alt_response(200, content_type="application/octet-stream")
    def file(complaint_id: UUID, attachment_id: UUID) -> Response:
        """An evidence file, to be saved, never shown on our own origin: for the people of the case and who oversees
        all. Who opens a complainant's is kept (PR-1)."""
        found, content = open_file(desk, principal().tenant_id, complaint_id, attachment_id, looking())
        response = Response(content, content_type=found["content_type"])
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found['name'])}"  # RFC 6266
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response

    return api
