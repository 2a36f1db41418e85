"""The steps beside the ordinary way of a case. Each answers with the case as it is after it."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Blueprint
from services.dispatch.api.taking import taking
from services.dispatch.handlers.actions import approving, extending, reopening, waiting
from services.dispatch.schemas import CaseOut, steps
from services.dispatch.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("further_steps", access=STAFF, url_prefix="/v1/cases/<uuid:complaint_id>")
    take = taking(units)

    @api.route("/wait", methods=["POST"])
    @api.arguments(steps.WaitForm())
    @api.alt_response(200, schema=CaseOut())
    def wait(given: dict[str, Any], complaint_id: UUID) -> Response:
        """The case waits for the complainant or an outside party (SL-6, DI-9)."""
        return take(complaint_id, "wait", given, waiting.wait)

    @api.route("/resume", methods=["POST"])
    @api.arguments(steps.ResumeForm())
    @api.alt_response(200, schema=CaseOut())
    def resume(given: dict[str, Any], complaint_id: UUID) -> Response:
        """The wait is over (SL-6)."""
        return take(complaint_id, "resume", given, waiting.resume)

    @api.route("/extend", methods=["POST"])
    @api.arguments(steps.ExtendForm())
    @api.alt_response(200, schema=CaseOut())
    def extend(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Ask for more time for a limit, before it ends; who may grant it grants it so (SL-5)."""
        return take(complaint_id, "extend", given, extending.extend)

    @api.route("/extension/decide", methods=["POST"])
    @api.arguments(steps.DecideExtensionForm())
    @api.alt_response(200, schema=CaseOut())
    def decide_extension(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Approve or decline an extension that somebody asked for (SL-5)."""
        return take(complaint_id, "decide_extension", given, extending.decide_extension)

    @api.route("/approval/ask", methods=["POST"])
    @api.arguments(steps.ApprovalForm())
    @api.alt_response(200, schema=CaseOut())
    def ask_approval(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Ask for an approval that the Procedure wants (DI-7)."""
        return take(complaint_id, "ask_approval", given, approving.ask_approval)

    @api.route("/approval/approve", methods=["POST"])
    @api.arguments(steps.ApprovalForm())
    @api.alt_response(200, schema=CaseOut())
    def approve(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Give an approval that was asked for (DI-7, DI-13)."""
        return take(complaint_id, "approve", given, approving.approve)

    @api.route("/approval/return", methods=["POST"])
    @api.arguments(steps.ReturnForm())
    @api.alt_response(200, schema=CaseOut())
    def give_back(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Return what was to be approved, with what is missing (DI-7)."""
        return take(complaint_id, "return", given, approving.give_back)

    @api.route("/reopen", methods=["POST"])
    @api.arguments(steps.ReopenForm())
    @api.alt_response(200, schema=CaseOut())
    def reopen(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Begin another round (DI-12); `wrongly_closed` takes a merged case out of the other one again (IN-8)."""
        return take(complaint_id, "reopen", given, reopening.reopen, ahead=partial(reopening.keep_all, complaint_id))

    return api
