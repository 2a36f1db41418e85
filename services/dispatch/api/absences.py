"""Who is away, and who is on duty now (DI-3, PO-2)."""

from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork, Work
from libs.common.web.access import STAFF, Blueprint, principal
from libs.common.web.idempotency import once
from services.dispatch import schemas
from services.dispatch.api.asking import actor
from services.dispatch.handlers.absences import absences_of, end_absence, on_duty_now, plan_absence
from services.dispatch.schemas import placing
from services.dispatch.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("absences", access=STAFF, url_prefix="/v1/roster")

    @api.route("/now")
    @api.arguments(schemas.RosterWanted(), location="query")
    @api.response(200, placing.DutyList())
    def now(wanted: dict[str, Any]) -> dict[str, Any]:
        """Who gets each department's work at this moment, substitutes in the place of who is away."""
        with units.read(principal().tenant_id) as store:
            return on_duty_now(store, units.clock.now(), wanted["department"])

    @api.route("/absences", methods=["GET"])
    @api.response(200, placing.AbsenceList())
    def away() -> dict[str, Any]:
        """Who is away now or will be."""
        with units.read(principal().tenant_id) as store:
            return absences_of(store, units.clock.now())

    @api.route("/absences", methods=["POST"])
    @api.arguments(placing.AbsenceForm())
    @api.alt_response(201, schema=placing.AbsenceOut())
    def plan(given: dict[str, Any]) -> Response:
        """Say that somebody will be away, and who stands in for them."""
        who = actor()

        def run(work: Work[Store]) -> dict[str, Any]:
            return plan_absence(work, who, given)

        return once(units, principal().tenant_id, run, placing.AbsenceOut(), 201)

    @api.route("/absences/<uuid:absence_id>", methods=["DELETE"])
    @api.alt_response(200, schema=placing.AbsenceList())
    def end(absence_id: UUID) -> Response:
        """They are back, or do not go."""
        who = actor()

        def run(work: Work[Store]) -> dict[str, Any]:
            return end_absence(work, who, absence_id)

        return once(units, principal().tenant_id, run, placing.AbsenceList())

    return api
