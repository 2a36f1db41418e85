"""The steps on a case that several have. Each answers with the case as it is after it."""

from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Blueprint
from services.dispatch import schemas
from services.dispatch.api.taking import taking, taking_parts
from services.dispatch.handlers.actions import together, waiting
from services.dispatch.schemas import placing, steps
from services.dispatch.store import Store


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    """Steps of those who lead or oversee, and of those who are called."""
    api = Blueprint("together", access=STAFF, url_prefix="/v1/cases/<uuid:complaint_id>")
    take = taking(units)

    @api.route("/acknowledge", methods=["POST"])
    @api.arguments(placing.AcknowledgeForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def acknowledge(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Answer the call of a lane; nobody else is called (DI-8)."""
        return take(complaint_id, "acknowledge", given, together.acknowledge)

    @api.route("/group-leader", methods=["POST"])
    @api.arguments(placing.GroupLeaderForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def lead(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Name who leads the joint handling group (DI-5)."""
        return take(complaint_id, "lead_group", given, together.lead_group)

    @api.route("/parts", methods=["POST"])
    @api.arguments(placing.NewPartForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def add(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Give another department a part of the case (DI-5)."""
        return take(complaint_id, "add_part", given, together.add_part)

    return api


def parts(units: UnitsOfWork[Store]) -> Blueprint:
    """Steps on one department's part."""
    api = Blueprint("parts", access=STAFF, url_prefix="/v1/cases/<uuid:complaint_id>/parts/<uuid:part_id>")
    take = taking_parts(units)

    @api.route("/accept", methods=["POST"])
    @api.arguments(placing.PartAcceptForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def accept(given: dict[str, Any], complaint_id: UUID, part_id: UUID) -> Response:
        """Take the department's part on; who accepts it has it."""
        return take(complaint_id, part_id, "accept_part", given, together.accept_part)

    @api.route("/refuse", methods=["POST"])
    @api.arguments(placing.PartReasonForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def refuse(given: dict[str, Any], complaint_id: UUID, part_id: UUID) -> Response:
        """Give the part back to its department's head; the head, or who accepted it, to who leads the group."""
        return take(complaint_id, part_id, "refuse_part", given, together.refuse_part)

    @api.route("/assign", methods=["POST"])
    @api.arguments(placing.PartAssignForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def assign(given: dict[str, Any], complaint_id: UUID, part_id: UUID) -> Response:
        """Give the part to somebody of its department."""
        return take(complaint_id, part_id, "assign_part", given, together.assign_part)

    @api.route("/carried-out", methods=["POST"])
    @api.arguments(placing.PartDoneForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def carried_out(given: dict[str, Any], complaint_id: UUID, part_id: UUID) -> Response:
        """Report that the department has done its part."""
        return take(complaint_id, part_id, "carry_out_part", given, together.carry_out_part)

    @api.route("/wait", methods=["POST"])
    @api.arguments(steps.WaitForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def wait(given: dict[str, Any], complaint_id: UUID, part_id: UUID) -> Response:
        """The part waits for the complainant or an outside party; the rest of the case goes on (SL-6, DI-9)."""
        return take(complaint_id, part_id, "wait_part", given, waiting.wait_part)

    @api.route("/resume", methods=["POST"])
    @api.arguments(steps.ResumeForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def resume(given: dict[str, Any], complaint_id: UUID, part_id: UUID) -> Response:
        """The part's wait is over (SL-6)."""
        return take(complaint_id, part_id, "resume_part", given, waiting.resume_part)

    @api.route("/drop", methods=["POST"])
    @api.arguments(placing.PartReasonForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def drop(given: dict[str, Any], complaint_id: UUID, part_id: UUID) -> Response:
        """Take the part back: it is not needed after all."""
        return take(complaint_id, part_id, "drop_part", given, together.drop_part)

    return api
