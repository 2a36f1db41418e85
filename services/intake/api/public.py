"""The guest's side: form, files, progress (PO-1). Open to everybody; number and secret open one complaint."""

from typing import Any

from flask import Response

from libs.common.web.access import PUBLIC, Blueprint
from libs.common.web.idempotency import once
from services.intake import schemas
from services.intake.api.files import sent_file
from services.intake.api.registering import register
from services.intake.domain.complaint import NewComplaint
from services.intake.handlers import conversation, viewing
from services.intake.handlers.desk import Desk
from services.intake.handlers.evidence import keep_file
from services.intake.handlers.tenant import KnownTenants


def blueprint(desk: Desk, known: KnownTenants) -> Blueprint:
    api = Blueprint("public", access=PUBLIC, url_prefix="/v1/public/<slug>")

    @api.route("/complaints", methods=["POST"])
    @api.arguments(schemas.PublicComplaint())
    @api.alt_response(201, schema=schemas.RegisteredComplaint())
    def complain(form: dict[str, Any], slug: str) -> Response:
        """Register a complaint; the answer carries its number and tracking secret."""
        tenant, _ = known.behind(slug)
        given = NewComplaint(channel="web", received_at=desk.clock.now(), shows_secret=True, **form)
        return register(desk, tenant, given)

    @api.route("/attachments", methods=["POST"])
    @api.response(201, schemas.AttachmentOut())
    def attach(slug: str) -> dict[str, Any]:
        """Keep a file (multipart field `file`), to be named by a complaint or message."""
        tenant, _ = known.behind(slug)
        name, content = sent_file()
        return keep_file(desk, tenant.tenant_id, name, content, tenant.language)

    @api.route("/progress", methods=["POST"])
    @api.arguments(schemas.TrackedBy())
    @api.response(200, schemas.ProgressWithPermit())
    def progress(tracked: dict[str, Any], slug: str) -> dict[str, Any]:
        """How far a complaint is, for who knows number and secret."""
        tenant, _ = known.behind(slug)
        with desk.units.read(tenant.tenant_id) as store:
            complaint = viewing.find_by_secret(desk, store, tenant.tenant_id, tracked["number"], tracked["secret"])
            permit = viewing.permit_to_ask_why(desk, tenant.tenant_id, complaint["complaint_id"])
            return {**viewing.progress_of(store, complaint), "permit": permit}

    @api.route("/progress/messages", methods=["POST"])
    @api.arguments(schemas.TrackedMessage())
    @api.alt_response(201, schema=schemas.MessageAddedOut())
    def add_message(given: dict[str, Any], slug: str) -> Response:
        """Add a message or evidence to one's complaint."""
        tenant, _ = known.behind(slug)

        def add(work: Any) -> dict[str, Any]:
            complaint = viewing.find_by_secret(desk, work.store, tenant.tenant_id, given["number"], given["secret"])
            about = complaint["complaint_id"]
            return {"message_id": conversation.write(desk, work, about, given["text"], given["attachments"])}

        return once(desk.units, tenant.tenant_id, add, schemas.MessageAddedOut(), 201)

    @api.route("/progress/withdraw", methods=["POST"])
    @api.arguments(schemas.TrackedWithdrawal())
    @api.alt_response(200, schema=schemas.Progress())
    def withdraw(given: dict[str, Any], slug: str) -> Response:
        """Take one's complaint back."""
        tenant, _ = known.behind(slug)

        def take_back(work: Any) -> dict[str, Any]:
            find = (desk, work.store, tenant.tenant_id, given["number"], given["secret"])
            complaint = viewing.find_by_secret(*find)
            conversation.withdraw(desk, work, complaint["complaint_id"], given["reason"])
            return viewing.progress_of(work.store, viewing.find_by_secret(*find))

        return once(desk.units, tenant.tenant_id, take_back, schemas.Progress())

    return api
