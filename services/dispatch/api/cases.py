"""Work lists, the case page and its evidence (PO-2)."""

from typing import Any
from uuid import UUID

from flask import Response, current_app

from libs.common.unit_of_work import UnitsOfWork, Work
from libs.common.web.access import STAFF, Blueprint, principal
from libs.common.web.idempotency import answered, once
from services.dispatch import schemas
from services.dispatch.api.asking import actor
from services.dispatch.handlers import viewing
from services.dispatch.handlers.reading import read_messages
from services.dispatch.store import Store

CASE = schemas.CaseOut()


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("cases", access=STAFF, url_prefix="/v1/cases")

    @api.route("")
    @api.arguments(schemas.CasesWanted(), location="query")
    @api.response(200, schemas.CaseList())
    def listed(wanted: dict[str, Any]) -> dict[str, Any]:
        """Cases this person may see, the next due first; those without a running limit last."""
        after = wanted.pop("cursor")
        with units.read(principal().tenant_id) as store:
            return viewing.work_list(store, actor(), after=after, now=units.clock.now(), **wanted)

    @api.route("/<uuid:complaint_id>")
    @api.alt_response(200, schema=schemas.CaseOut())
    def show(complaint_id: UUID) -> Response:
        """The case with its story and what this person may do next. The ETag goes into `If-Match` of a step."""
        with units.read(principal().tenant_id) as store:
            page = viewing.case_page(store, actor(), complaint_id, units.clock.now())
        response = answered(current_app.json.dumps(CASE.dump(page)), 200)
        response.set_etag(str(page["evidence_count"]))
        return response

    @api.route("/<uuid:complaint_id>/evidence")
    @api.response(200, schemas.EvidenceOut())
    def evidence(complaint_id: UUID) -> dict[str, Any]:
        """The case's evidence chain, verified now (PR-4)."""
        with units.read(principal().tenant_id) as store:
            return viewing.evidence_of(store, actor(), complaint_id, units.clock.now())

    @api.route("/<uuid:complaint_id>/messages/read", methods=["POST"])
    @api.alt_response(200, schema=CASE)
    def read(complaint_id: UUID) -> Response:
        """Say that what the complainant added was read, also on a closed case (IN-10)."""
        who = actor()

        def run(work: Work[Store]) -> dict[str, Any]:
            read_messages(work, who, complaint_id)
            return viewing.page_after_step(work.store, who, complaint_id, work.now)

        return once(units, principal().tenant_id, run, CASE)

    return api
