"""What was promised to a complainant, for who holds intake's permit for that one complaint (PO-1)."""

from typing import Any
from uuid import UUID

from flask import abort

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint, principal, service
from services.sla import schemas
from services.sla.handlers import viewing
from services.sla.store import Store

ABOUT = "complaint:"


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("promises", access=service("promises"))

    @api.route("/promises")
    @api.response(200, schemas.ClockList())
    def promised() -> dict[str, Any]:
        """The limits of the complaint that the permit names, and in short why each ends when it does."""
        with units.read(principal().tenant_id) as store:
            return {"items": viewing.clocks_for_the_complainant(store, _named(principal().scopes))}

    return api


def _named(scopes: frozenset[str]) -> UUID:
    for scope in scopes:
        if scope.startswith(ABOUT):
            return UUID(scope.removeprefix(ABOUT))
    abort(403, description="The permit names no complaint.")
