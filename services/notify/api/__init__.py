"""Notify over HTTP: what became of notices, sending again, the survey, and the provider's reports."""

from collections.abc import Callable

from libs.common.config import Secret
from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Blueprint
from services.notify.api import callbacks, notices, surveys
from services.notify.domain.message import DeliveryReport, ReportNotUnderstood
from services.notify.domain.survey import AnswerIsFinal, NoSuchSurvey, ScoreOutside, SurveyEnded
from services.notify.handlers.desk import Desk
from services.notify.handlers.viewing import NoSuchCase, NoSuchDelivery, NotToBeSentAgain, ToldAlready
from services.notify.store import Store

ERRORS: dict[type[Exception], int] = {
    NoSuchCase: 404,
    NoSuchDelivery: 404,
    NotToBeSentAgain: 409,
    ToldAlready: 409,
    ReportNotUnderstood: 422,
    NoSuchSurvey: 404,
    SurveyEnded: 410,
    AnswerIsFinal: 409,
    ScoreOutside: 422,
}


def blueprints(
    units: UnitsOfWork[Store],
    desk: Desk,
    read_report: Callable[[bytes], list[DeliveryReport]],
    token: Secret | None,
) -> list[Blueprint]:
    return [*notices.blueprints(units), *surveys.blueprints(units), callbacks.blueprint(desk, read_report, token)]
