"""Reporting over HTTP: figures for staff and everybody; mystery cases, call-backs and reviews for others."""

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint
from services.reporting.api import callbacks, disclosure, figures, mystery, reviews
from services.reporting.handlers.disclosure import NotAnExample, NotDisclosed, PersonalWords
from services.reporting.handlers.draws import NoSuchDraw, NotDrawn, NothingWasSaid, NotTheReviewer
from services.reporting.handlers.mystery import NoSuchComplaint
from services.reporting.store import Store

ERRORS: dict[type[Exception], int] = {
    NoSuchComplaint: 404,
    NoSuchDraw: 404,
    NotDrawn: 404,
    NothingWasSaid: 422,
    NotTheReviewer: 403,
    NotDisclosed: 404,
    NotAnExample: 409,
    PersonalWords: 422,
}


def blueprints(units: UnitsOfWork[Store]) -> list[Blueprint]:
    return [
        figures.blueprint(units),
        mystery.blueprint(units),
        callbacks.blueprint(units),
        reviews.blueprint(units),
        disclosure.public_blueprint(units),
        disclosure.blueprint(units),
    ]
