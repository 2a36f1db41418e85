"""What a case has to do with others, as people say it (IN-8). Each step answers with the case as it is after it."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Blueprint
from services.dispatch.api.taking import taking
from services.dispatch.handlers.actions import joining
from services.dispatch.schemas import CaseOut, steps
from services.dispatch.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("links", access=STAFF, url_prefix="/v1/cases/<uuid:complaint_id>")
    take = taking(units)

    @api.route("/merge", methods=["POST"])
    @api.arguments(steps.MergeForm())
    @api.alt_response(200, schema=CaseOut())
    def merge(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Merge the case into another one, which goes on for both (IN-8)."""
        keep_both = partial(joining.keep_both, complaint_id, given["into"])
        return take(complaint_id, "merge", given, joining.merge, ahead=keep_both)

    @api.route("/unlink", methods=["POST"])
    @api.arguments(steps.UnlinkForm())
    @api.alt_response(200, schema=CaseOut())
    def unlink(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Say that the case does not repeat the other one, though it was found to (IN-8)."""
        return take(complaint_id, "unlink", given, joining.unlink)

    return api
