"""The duty roster (DI-3, PO-2)."""

from typing import Any

from flask import Response, jsonify

from libs.common.unit_of_work import UnitsOfWork, Work
from libs.common.web.access import STAFF, Blueprint, principal
from libs.common.web.idempotency import once
from libs.common.web.seen import tagged, version_seen
from services.dispatch import schemas
from services.dispatch.api.asking import actor
from services.dispatch.handlers.rostering import RosterChanged, plan_roster, roster_of
from services.dispatch.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("roster", access=STAFF, url_prefix="/v1/roster")

    @api.route("", methods=["GET"])
    @api.arguments(schemas.RosterWanted(), location="query")
    @api.alt_response(200, schema=schemas.Roster())
    def show(wanted: dict[str, Any]) -> Response:
        """Who is on duty when, in one department or all. The ETag of one goes into `If-Match` of an edit."""
        with units.read(principal().tenant_id) as store:
            found = roster_of(store, wanted["department"])
        return tagged(jsonify(schemas.Roster().dump(found)))

    @api.route("", methods=["PUT"])
    @api.arguments(schemas.RosterOf(), location="query")
    @api.arguments(schemas.Roster())
    @api.alt_response(200, schema=schemas.Roster())
    def plan(wanted: dict[str, Any], given: dict[str, Any]) -> Response:
        """Replace the roster of one department. With `If-Match` only if nobody has changed it since."""
        who, seen = actor(), version_seen(RosterChanged)

        def run(work: Work[Store]) -> dict[str, Any]:
            return plan_roster(work, who, wanted["department"], given["entries"], seen)

        return tagged(once(units, principal().tenant_id, run, schemas.Roster()))

    return api
