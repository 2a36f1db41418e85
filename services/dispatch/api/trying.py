"""Trying a Procedure before it is published (PO-4, DI-1, IN-6). Nothing is kept, so nothing needs a key."""

from typing import Any

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint, principal
from libs.common.web.candidates import MAY_TRY
from services.dispatch.api.asking import actor
from services.dispatch.handlers import trying
from services.dispatch.schemas import trying as schemas
from services.dispatch.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("trying", access=MAY_TRY, url_prefix="/v1/procedures")

    @api.route("/try", methods=["POST"])
    @api.arguments(schemas.Tried())
    @api.response(200, schemas.TriedOut())
    def try_it(given: dict[str, Any]) -> dict[str, Any]:
        """What a complaint would become under a Procedure, with the reasons; nothing is registered."""
        with units.read(principal().tenant_id) as store:
            return trying.try_complaint(store, given, units.clock.now())

    @api.route("/preview", methods=["POST"])
    @api.arguments(schemas.OnPastCases())
    @api.response(200, schemas.PreviewOut())
    def preview(given: dict[str, Any]) -> dict[str, Any]:
        """What a Procedure would have changed in past cases. What a person had decided stays decided."""
        with units.read(principal().tenant_id) as store:
            return trying.preview(store, actor(), given)

    return api
