"""Reporting over HTTP: figures for staff, mystery cases and call-backs for those who look back."""

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint
from services.reporting.api import callbacks, figures, mystery
from services.reporting.handlers.callbacks import NoSuchDraw, NotDrawn, NothingWasSaid
from services.reporting.handlers.mystery import NoSuchComplaint
from services.reporting.store import Store

ERRORS: dict[type[Exception], int] = {
    NoSuchComplaint: 404,
    NoSuchDraw: 404,
    NotDrawn: 404,
    NothingWasSaid: 422,
}


def blueprints(units: UnitsOfWork[Store]) -> list[Blueprint]:
    return [figures.blueprint(units), mystery.blueprint(units), callbacks.blueprint(units)]
