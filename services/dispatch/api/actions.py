"""The steps on a case. Each answers with the case as it is after it."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Blueprint
from services.dispatch import schemas
from services.dispatch.api.taking import taking
from services.dispatch.handlers import group_event
from services.dispatch.handlers.actions import classifying, holding, working
from services.dispatch.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("steps", access=STAFF, url_prefix="/v1/cases/<uuid:complaint_id>")
    take = taking(units)

    @api.route("/accept", methods=["POST"])
    @api.arguments(schemas.AcceptForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def accept(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Take the case on; who accepts it has it."""
        return take(complaint_id, "accept", given, holding.accept)

    @api.route("/refuse", methods=["POST"])
    @api.arguments(schemas.RefuseForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def refuse(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Give a case back to the department's head before accepting it."""
        return take(complaint_id, "refuse", given, holding.refuse)

    @api.route("/milestones", methods=["POST"])
    @api.arguments(schemas.MilestoneForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def milestone(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Report a step of the Procedure (DI-7)."""
        keep_members = partial(group_event.keep_members, complaint_id, given["milestone"])
        return take(complaint_id, "milestone", given, working.report_milestone, ahead=keep_members)

    @api.route("/result", methods=["POST"])
    @api.arguments(schemas.ResultForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def result(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Give the complainant the result, and say how it was told (DI-11)."""
        return take(complaint_id, "result", given, working.give_result)

    @api.route("/transfer", methods=["POST"])
    @api.arguments(schemas.TransferForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def transfer(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Pass the case to another department with a hand-over (DI-6)."""
        return take(complaint_id, "transfer", given, holding.transfer)

    @api.route("/reclassify", methods=["POST"])
    @api.arguments(schemas.ReclassifyForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def reclassify(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Correct category, urgency or what marks the case; it is routed anew (SL-7)."""
        return take(complaint_id, "reclassify", given, classifying.reclassify)

    @api.route("/assign", methods=["POST"])
    @api.arguments(schemas.AssignForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def assign(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Give the case to a person."""
        return take(complaint_id, "assign", given, holding.assign)

    @api.route("/close", methods=["POST"])
    @api.arguments(schemas.CloseForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def close(given: dict[str, Any], complaint_id: UUID) -> Response:
        """End the case (DI-13)."""
        return take(complaint_id, "close", given, working.close)

    return api
