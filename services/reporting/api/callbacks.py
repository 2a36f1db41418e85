"""Call-backs (RE-4): who was drawn and why just they, and what they said. For those who do not handle cases."""

from typing import Any
from uuid import UUID

from flask import Response, abort

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Access, Blueprint, principal
from libs.common.web.idempotency import once
from services.reporting import schemas
from services.reporting.domain.draws import CALL_BACK
from services.reporting.handlers.draws import Call, call_backs, draw_of, record_call
from services.reporting.store import Store

CALLERS = Access(roles=frozenset({"coordinator", "manager", "auditor"}))


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("callbacks", access=CALLERS, url_prefix="/v1/callbacks")

    @api.route("")
    @api.response(200, schemas.DrawList())
    def listed() -> dict[str, Any]:
        """The latest draws and their figures, the newest first."""
        with units.read(principal().tenant_id) as store:
            return {"items": call_backs(store)}

    @api.route("/<uuid:draw_id>")
    @api.response(200, schemas.DrawOut())
    def shown(draw_id: UUID) -> dict[str, Any]:
        """One draw: seed, population and share, from which anybody can repeat it, and each call.

        Ordered by the SHA-256 of `<seed>:<complaint id>`, the first are drawn: the share of all, rounded up.
        """
        with units.read(principal().tenant_id) as store:
            return draw_of(store, CALL_BACK, draw_id)

    @api.route("/<uuid:draw_id>/complaints/<uuid:complaint_id>", methods=["PUT"])
    @api.arguments(schemas.CallForm())
    @api.alt_response(200, schema=schemas.CallOut())
    def called(form: dict[str, Any], draw_id: UUID, complaint_id: UUID) -> Response:
        """What became of a call. Said again, the last word counts."""
        by = principal().person_id
        if by is None:
            abort(403, description="A person has to have called.")
        call = Call(by=by, **form)
        return once(
            units,
            principal().tenant_id,
            lambda work: record_call(work, draw_id, complaint_id, call),
            schemas.CallOut(),
        )

    return api
