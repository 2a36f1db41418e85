"""What everybody may read (RE-7), without signing in; and the managers who write the typical cases for it."""

from typing import Any
from uuid import UUID

from flask import Response, abort, jsonify, request

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import PUBLIC, Access, Blueprint, only, principal
from libs.common.web.idempotency import once
from services.reporting import schemas
from services.reporting.handlers.disclosure import NotDisclosed, public_page, write_case, written_cases
from services.reporting.store import Store
from services.reporting.store.known import behind

WRITERS = Access(roles=frozenset({"manager", "auditor"}))
FRESH_SECONDS = 300


def public_blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("disclosure", access=PUBLIC, url_prefix="/v1/disclosure")

    @api.route("/<slug>")
    @api.alt_response(200, schema=schemas.DisclosureOut())
    def page(slug: str) -> Response:
        """The figures of the periods that are over and the typical cases; 404 where the Procedure publishes none."""
        tenant_id = behind(units.database, slug)
        if tenant_id is None:
            raise NotDisclosed
        with units.read(tenant_id) as store:
            content: dict[str, Any] = schemas.DisclosureOut().dump(public_page(store, units.clock.now()))
        answer = jsonify(content)
        answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
        answer.add_etag()
        answer.make_conditional(request)
        return answer

    return api


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("typical-cases", access=WRITERS, url_prefix="/v1/typical-cases")

    @api.route("")
    @api.response(200, schemas.TypicalCaseList())
    def listed() -> dict[str, Any]:
        """The typical cases, published or not, and who wrote, published and withdrew what when."""
        with units.read(principal().tenant_id) as store:
            return written_cases(store)

    @api.route("/<uuid:complaint_id>", methods=["PUT"])
    @only("manager")
    @api.arguments(schemas.TypicalCaseForm())
    @api.alt_response(200, schema=schemas.TypicalCaseOut())
    def write(form: dict[str, Any], complaint_id: UUID) -> Response:
        """Tell of a case in words that name nobody; published, or no longer."""
        by = principal().person_id
        if by is None:
            abort(403, description="A person answers for what everybody may read.")
        return once(
            units,
            principal().tenant_id,
            lambda work: write_case(work, complaint_id, **form, by=by),
            schemas.TypicalCaseOut(),
        )

    return api
