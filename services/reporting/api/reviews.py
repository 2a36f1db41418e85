"""Sample reviews (RE-4): which cases were drawn and why just they, and what was found. For those who look back."""

from typing import Any
from uuid import UUID

from flask import Response, abort

from libs.common.procedure.vocabulary import LOOK_BACK
from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Access, Blueprint, principal
from libs.common.web.idempotency import once
from services.reporting import schemas
from services.reporting.domain.draws import REVIEW
from services.reporting.handlers.draws import Finding, draw_of, record_finding, reviews
from services.reporting.store import Store

REVIEWERS = Access(roles=frozenset(LOOK_BACK))


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("reviews", access=REVIEWERS, url_prefix="/v1/reviews")

    @api.route("")
    @api.response(200, schemas.ReviewList())
    def listed() -> dict[str, Any]:
        """The latest draws and what was found, the newest first."""
        with units.read(principal().tenant_id) as store:
            return {"items": reviews(store)}

    @api.route("/<uuid:draw_id>")
    @api.response(200, schemas.ReviewDrawOut())
    def shown(draw_id: UUID) -> dict[str, Any]:
        """One draw: seed, population and share, from which anybody can repeat it, and each case.

        Drawn as those who are called back; anonymous complaints too.
        """
        with units.read(principal().tenant_id) as store:
            return draw_of(store, REVIEW, draw_id)

    @api.route("/<uuid:draw_id>/complaints/<uuid:complaint_id>", methods=["PUT"])
    @api.arguments(schemas.FindingForm())
    @api.alt_response(200, schema=schemas.ReviewOut())
    def found(form: dict[str, Any], draw_id: UUID, complaint_id: UUID) -> Response:
        """Whether the Procedure was kept in this case. Said again, the last word counts."""
        by = principal().person_id
        if by is None:
            abort(403, description="A person has to have reviewed it.")
        finding = Finding(by=by, roles=principal().roles, **form)
        return once(
            units,
            principal().tenant_id,
            lambda work: record_finding(work, draw_id, complaint_id, finding),
            schemas.ReviewOut(),
        )

    return api
