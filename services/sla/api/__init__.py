"""SLA over HTTP: by when, and why; what was not kept; and by when it would be under other rules."""

from libs.common.inbox import NotYetKnown
from libs.common.kept_procedures import CandidateRefused
from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint
from services.sla.api import appraisals, clocks, promises, trying
from services.sla.handlers.trying import NotAcceptable
from services.sla.handlers.viewing import NoSuchCase, NoSuchClock
from services.sla.store import Store

ERRORS: dict[type[Exception], int] = {
    NoSuchCase: 404,
    NoSuchClock: 404,
    NotYetKnown: 409,
    CandidateRefused: 422,
    NotAcceptable: 422,
}


def blueprints(units: UnitsOfWork[Store]) -> list[Blueprint]:
    parts = (clocks, promises, appraisals, trying)
    return [part.blueprint(units) for part in parts]
