"""Delivery reports of the SMS provider. Whoever knows the token in the address is the provider."""

import hmac
from collections.abc import Callable
from typing import Any

from flask import abort, request

from libs.common.config import Secret
from libs.common.web.access import PUBLIC, Blueprint
from services.notify import schemas
from services.notify.domain.message import DeliveryReport
from services.notify.handlers.desk import Desk
from services.notify.handlers.reports import take_report


def blueprint(desk: Desk, read_report: Callable[[bytes], list[DeliveryReport]], token: Secret | None) -> Blueprint:
    """`token` None: no reports are taken."""
    api = Blueprint("callbacks", access=PUBLIC, url_prefix="/v1/callbacks")

    @api.route("/aliyun/<given>", methods=["POST"])
    @api.response(200, schemas.ReportTaken())
    def aliyun(given: str) -> dict[str, Any]:
        """SmsReport: a JSON array of what became of messages. Repeating it changes nothing."""
        if token is None or not hmac.compare_digest(given.encode(), token.reveal().encode()):
            abort(404)
        for report in read_report(request.get_data()):
            take_report(desk, report)
        return {"code": 0, "msg": "成功"}

    return api
