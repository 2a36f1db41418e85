"""SLA over HTTP: staff ask by when, and why, managers and auditors what was not kept; and by when under other rules."""

from libs.common.inbox import NotYetKnown
from libs.common.kept_procedures import CandidateRefused
from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint
from services.sla.api import appraisals, clocks, trying
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
    return [clocks.blueprint(units), appraisals.blueprint(units), trying.blueprint(units)]
