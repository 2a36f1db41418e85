"""The standing of who complained (IN-11): seen by the people of the case, set by supervisors."""

from typing import Any
from uuid import UUID

from flask import Response, abort

from libs.common.unit_of_work import Work
from libs.common.web.access import STAFF, Blueprint, only, principal
from libs.common.web.idempotency import once
from services.intake import schemas
from services.intake.domain.circle import Looking
from services.intake.domain.standing import MAY_SET
from services.intake.handlers import standing
from services.intake.handlers.desk import Desk
from services.intake.store import Store

OUT = schemas.StandingOut()


def blueprint(desk: Desk) -> Blueprint:
    api = Blueprint("standing", access=STAFF, url_prefix="/v1/complaints/<uuid:complaint_id>/standing")

    @api.route("")
    @api.response(200, OUT)
    def show(complaint_id: UUID) -> dict[str, Any]:
        """What is said of the complainant. It informs people and decides nothing: no rule or limit knows of it."""
        with desk.units.read(principal().tenant_id) as store:
            return standing.standing_of(store, complaint_id, looking(), desk.clock.now())

    @api.route("", methods=["POST"])
    @only(*MAY_SET)
    @api.arguments(schemas.StandingForm())
    @api.alt_response(201, schema=OUT)
    def set_it(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Say that this person complained in bad faith, with a reason, until a day; then it ends by itself."""
        who = looking()

        def run(work: Work[Store]) -> dict[str, Any]:
            about = given["kind"], given["reason"], given["expires_at"]
            return standing.set_standing(desk, work, complaint_id, who, *about)

        return once(desk.units, principal().tenant_id, run, OUT, 201)

    @api.route("/<uuid:standing_id>/lift", methods=["POST"])
    @only(*MAY_SET)
    @api.arguments(schemas.Reason())
    @api.alt_response(200, schema=OUT)
    def lift(given: dict[str, Any], complaint_id: UUID, standing_id: UUID) -> Response:
        """Lift it before its day, with a reason; that it was set stays on record."""
        who = looking()

        def run(work: Work[Store]) -> dict[str, Any]:
            return standing.lift_standing(desk, work, complaint_id, who, standing_id, given["reason"])

        return once(desk.units, principal().tenant_id, run, OUT)

    return api


def looking() -> Looking:
    """Who asks; a program may not."""
    asking = principal()
    if asking.person_id is None:
        abort(403, description="What is said of a complainant is for people.")
    return Looking(asking.person_id, asking.roles, asking.departments)
