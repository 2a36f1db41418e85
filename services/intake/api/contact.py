"""Where a complainant can be reached: asked by notify at the moment of sending, by nobody else."""

from typing import Any
from uuid import UUID

from libs.common.web.access import Blueprint, principal, service
from services.intake import schemas
from services.intake.handlers.desk import Desk
from services.intake.handlers.viewing import reachable_at


def blueprint(desk: Desk) -> Blueprint:
    api = Blueprint("contact", access=service("contact"), url_prefix="/v1/complaints")

    @api.route("/<uuid:complaint_id>/contact")
    @api.response(200, schemas.Reachable())
    def contact(complaint_id: UUID) -> dict[str, Any]:
        """Name, addresses and wishes of the complainant (NO-3)."""
        with desk.units.read(principal().tenant_id) as store:
            return reachable_at(desk, store, principal().tenant_id, complaint_id)

    return api
