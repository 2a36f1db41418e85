"""Dispatch over HTTP: cases for staff, the steps they take, the duty roster and who is away, and what another
Procedure would do."""

from libs.common.inbox import NotYetKnown
from libs.common.kept_procedures import CandidateRefused
from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint
from services.dispatch.api import (
    absences,
    actions,
    cases,
    forms,
    further,
    linking,
    money,
    noting,
    roster,
    together,
    trying,
)
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed, NotNow
from services.dispatch.handlers.absences import NoSuchAbsence
from services.dispatch.handlers.forms import Printers
from services.dispatch.handlers.handling import CaseChanged, NoSuchCase, NoSuchPart
from services.dispatch.handlers.rostering import RosterChanged
from services.dispatch.store import Store

ERRORS: dict[type[Exception], int] = {
    NoSuchCase: 404,
    NoSuchPart: 404,
    NoSuchAbsence: 404,
    NotAllowed: 403,
    NotNow: 409,
    NotYetKnown: 409,
    CaseChanged: 412,
    RosterChanged: 412,
    NotAcceptable: 422,
    CandidateRefused: 422,
}


def blueprints(units: UnitsOfWork[Store], printers: Printers) -> list[Blueprint]:
    modules = (cases, actions, further, noting, linking, money, together, roster, absences, trying)
    listed = [module.blueprint(units) for module in modules]
    return [*listed, money.steps(units), together.parts(units), forms.blueprint(units, printers)]
