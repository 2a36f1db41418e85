"""The duty roster (DI-3, PO-2)."""

from typing import Any

from flask import Response

from libs.common.unit_of_work import UnitsOfWork, Work
from libs.common.web.access import STAFF, Blueprint, principal
from libs.common.web.idempotency import once
from services.dispatch import schemas
from services.dispatch.api.asking import actor
from services.dispatch.handlers.rostering import plan_roster, roster_of
from services.dispatch.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("roster", access=STAFF, url_prefix="/v1/roster")

    @api.route("", methods=["GET"])
    @api.arguments(schemas.RosterWanted(), location="query")
    @api.response(200, schemas.Roster())
    def show(wanted: dict[str, Any]) -> dict[str, Any]:
        """Who is on duty when, in one department or all."""
        with units.read(principal().tenant_id) as store:
            return roster_of(store, wanted["department"])

    @api.route("", methods=["PUT"])
    @api.arguments(schemas.RosterOf(), location="query")
    @api.arguments(schemas.Roster())
    @api.alt_response(200, schema=schemas.Roster())
    def plan(wanted: dict[str, Any], given: dict[str, Any]) -> Response:
        """Replace the roster of one department."""
        who = actor()

        def run(work: Work[Store]) -> dict[str, Any]:
            return plan_roster(work, who, wanted["department"], given["entries"])

        return once(units, principal().tenant_id, run, schemas.Roster())

    return api
