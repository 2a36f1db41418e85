"""What is told beside the steps. Each answers with the case as it is after it."""

from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Blueprint
from services.dispatch.api.taking import taking
from services.dispatch.handlers.actions import noting
from services.dispatch.schemas import CaseOut, steps
from services.dispatch.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("noting", access=STAFF, url_prefix="/v1/cases/<uuid:complaint_id>")
    take = taking(units)

    @api.route("/revise", methods=["POST"])
    @api.arguments(steps.ReviseForm())
    @api.alt_response(200, schema=CaseOut())
    def revise(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Tell a reported step better, before the result is given; approvals given to it lapse (DI-7)."""
        return take(complaint_id, "revise", given, noting.revise)

    @api.route("/note", methods=["POST"])
    @api.arguments(steps.NoteForm())
    @api.alt_response(200, schema=CaseOut())
    def note(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Note something down on the case, with files, also after its end."""
        return take(complaint_id, "note", given, noting.note)

    return api
