"""The survey (NO-5): answered with the token of a link, or by phone to a member of staff."""

from typing import Any
from uuid import UUID

from flask import Response, abort

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import PUBLIC, Access, Blueprint, principal
from libs.common.web.idempotency import once
from services.notify import schemas
from services.notify.domain.survey import tenant_behind
from services.notify.handlers import surveying
from services.notify.handlers.surveying import Answer
from services.notify.store import Store

ASKERS = Access(roles=frozenset({"front_line", "supervisor", "coordinator", "manager"}))


def blueprints(units: UnitsOfWork[Store]) -> list[Blueprint]:
    return [_for_complainants(units), _for_staff(units)]


def _for_complainants(units: UnitsOfWork[Store]) -> Blueprint:
    """Whoever has the token is the complainant. It comes in a body: addresses are written into logs."""
    api = Blueprint("surveys", access=PUBLIC, url_prefix="/v1/public/surveys")

    @api.route("", methods=["POST"])
    @api.arguments(schemas.LinkForm())
    @api.response(200, schemas.SurveyOut())
    def shown(form: dict[str, Any]) -> dict[str, Any]:
        """The survey behind a link, and the answer given so far. Nothing is changed."""
        with units.read(tenant_behind(form["token"])) as store:
            return surveying.shown(store, surveying.behind_link(store, form["token"]), units.clock.now())

    @api.route("/answers", methods=["POST"])
    @api.arguments(schemas.LinkedAnswerForm())
    @api.alt_response(200, schema=schemas.SurveyOut())
    def answer(form: dict[str, Any]) -> Response:
        """Say whether one is satisfied. For 12 hours the answer may be changed; the last one counts."""

        def take(work: Any) -> dict[str, Any]:
            survey_id = surveying.behind_link(work.store, form["token"])
            said = Answer(score=form["score"], comment=form["comment"], channel="web")
            return surveying.take_answer(work, survey_id, said)

        return once(units, tenant_behind(form["token"]), take, schemas.SurveyOut())

    return api


def _for_staff(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("heard-surveys", access=ASKERS, url_prefix="/v1/complaints")

    @api.route("/<uuid:complaint_id>/survey")
    @api.response(200, schemas.SurveyOut())
    def of_complaint(complaint_id: UUID) -> dict[str, Any]:
        """The survey of the case's present round; 404 when nobody was asked."""
        with units.read(principal().tenant_id) as store:
            return surveying.shown(store, surveying.of_complaint(store, complaint_id), units.clock.now())

    @api.route("/<uuid:complaint_id>/survey", methods=["POST"])
    @api.arguments(schemas.HeardAnswerForm())
    @api.alt_response(200, schema=schemas.SurveyOut())
    def heard(form: dict[str, Any], complaint_id: UUID) -> Response:
        """What the complainant answered by phone."""
        by = principal().person_id
        if by is None:
            abort(403, description="A person has to have asked.")

        def take(work: Any) -> dict[str, Any]:
            said = Answer(score=form["score"], comment=form["comment"], channel=form["channel"], by=by)
            return surveying.take_answer(work, surveying.of_complaint(work.store, complaint_id), said)

        return once(units, principal().tenant_id, take, schemas.SurveyOut())

    return api
