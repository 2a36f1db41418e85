"""Auditors and managers say which complaints were a mystery shopper's (RE-4)."""

from typing import Any
from uuid import UUID

from flask import Response, abort

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Access, Blueprint, principal
from libs.common.web.idempotency import once
from services.reporting import schemas
from services.reporting.handlers.mystery import mark_mystery, marks
from services.reporting.store import Store

AUDITORS = Access(roles=frozenset({"auditor", "manager"}))


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("mystery-cases", access=AUDITORS, url_prefix="/v1/mystery-cases")

    @api.route("/<uuid:complaint_id>", methods=["PUT"])
    @api.arguments(schemas.MarkForm())
    @api.alt_response(200, schema=schemas.MarkOut())
    def mark(form: dict[str, Any], complaint_id: UUID) -> Response:
        """Take a complaint out of the figures, or back in, with the reason."""
        by = principal().person_id
        if by is None:
            abort(403, description="A person has to say this.")
        return once(
            units,
            principal().tenant_id,
            lambda work: mark_mystery(work, complaint_id, form["mystery"], form["reason"], by),
            schemas.MarkOut(),
        )

    @api.route("")
    @api.arguments(schemas.MarksWanted(), location="query")
    @api.response(200, schemas.MarkList())
    def listed(wanted: dict[str, Any]) -> dict[str, Any]:
        """Who marked what and why, the newest first."""
        with units.read(principal().tenant_id) as store:
            items, following = marks(store, wanted["cursor"], wanted["limit"])
        return {"items": items, "next_cursor": following}

    return api
