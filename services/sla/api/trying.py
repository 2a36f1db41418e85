"""Trying the limits of a Procedure before it is published (PO-4, SL-1). Nothing is kept, so nothing needs a key."""

from typing import Any

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint, principal
from libs.common.web.candidates import MAY_TRY, departments_seen_by
from services.sla.handlers import trying
from services.sla.schemas import trying as schemas
from services.sla.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("trying", access=MAY_TRY, url_prefix="/v1/deadlines")

    @api.route("/try", methods=["POST"])
    @api.arguments(schemas.Tried())
    @api.response(200, schemas.TriedOut())
    def try_it(given: dict[str, Any]) -> dict[str, Any]:
        """By when a Procedure would want what done for a complaint, and why."""
        with units.read(principal().tenant_id) as store:
            return {"items": trying.try_deadlines(store, given)}

    @api.route("/preview", methods=["POST"])
    @api.arguments(schemas.Previewing())
    @api.response(200, schemas.PreviewOut())
    def preview(given: dict[str, Any]) -> dict[str, Any]:
        """Which limits of past cases would have ended at another time, for cases classed as they are now.

        Under the candidate a case is what `becoming` says of it.
        """
        departments = departments_seen_by(principal())
        with units.read(principal().tenant_id) as store:
            return trying.preview(store, given, departments)

    return api
