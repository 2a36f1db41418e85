"""The clocks of a complaint, and what is due next, for its staff (SL-1, SL-3)."""

from typing import Any
from uuid import UUID

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Blueprint, principal
from services.sla import schemas
from services.sla.handlers import lists, viewing
from services.sla.store import Store
from services.sla.store.clocks import Only


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("clocks", access=STAFF)

    @api.route("/complaints/<uuid:complaint_id>/clocks")
    @api.response(200, schemas.ClockList())
    def of_complaint(complaint_id: UUID) -> dict[str, Any]:
        """All clocks of a complaint, ended ones too, the earliest due first."""
        with units.read(principal().tenant_id) as store:
            return {"items": viewing.clocks_of(store, complaint_id)}

    @api.route("/clocks/due")
    @api.arguments(schemas.DueWanted(), location="query")
    @api.response(200, schemas.DueList())
    def due(wanted: dict[str, Any]) -> lists.Page:
        """Open clocks due `until` then, the earliest first, past their limit or not; what waits is not due.

        Front line and supervisors get their own and their departments', everybody else the whole firm's.
        """
        only = Only(wanted["department"], wanted["person"])
        with units.read(principal().tenant_id) as store:
            return lists.due_until(store, principal(), wanted["until"], only, wanted["cursor"], wanted["limit"])

    @api.route("/clocks/<uuid:clock_id>")
    @api.response(200, schemas.ClockOut())
    def show(clock_id: UUID) -> dict[str, Any]:
        """One clock, with the explanation of its deadline."""
        with units.read(principal().tenant_id) as store:
            return viewing.clock(store, clock_id)

    return api
