"""Two small APIs of the embedded mode, for operators: the clock that can be moved, and the spans kept here."""

from datetime import timedelta
from typing import Any

from flask import Flask, request
from marshmallow import Schema, fields, validate

from libs.common import web
from libs.common.auth import PublicKeys
from libs.common.clock import Clock, MovableClock
from libs.common.traces import LocalSpans
from libs.common.web.access import OPERATOR, Blueprint
from libs.common.web.fields import UtcTime


class Step(Schema):
    advance_seconds = fields.Float(required=True, validate=validate.Range(min=0, max=366 * 86400))


class Now(Schema):
    now = UtcTime()


def platform_app(keys: PublicKeys, ticking: MovableClock) -> Flask:
    """The platform's clock, which a demonstration moves forward instead of waiting."""
    api = Blueprint("clock", access=OPERATOR)

    @api.route("/clock")
    @api.response(200, Now())
    def read() -> dict[str, Any]:
        """The platform's now."""
        return {"now": ticking.now()}

    @api.route("/clock", methods=["POST"])
    @api.arguments(Step())
    @api.response(200, Now())
    def move(step: dict[str, Any]) -> dict[str, Any]:
        """Move time forward."""
        return {"now": ticking.advance(timedelta(seconds=step["advance_seconds"]))}

    return web.create_app("platform", [api], keys=keys, clock=ticking, ready=lambda: True, errors={})


def traces_app(keys: PublicKeys, ticking: Clock, spans: LocalSpans) -> Flask:
    """Recent spans: all, of one trace, or of one complaint."""
    api = Blueprint("traces", access=OPERATOR)

    @api.route("/traces")
    def traces() -> dict[str, Any]:
        """Spans, oldest first; without a question the first span of recent traces, newest first."""
        if complaint := request.args.get("complaint"):
            return {"items": spans.of_complaint(complaint)}
        if trace := request.args.get("trace"):
            return {"items": spans.of_trace(trace)}
        return {"items": spans.recent()}

    return web.create_app("traces", [api], keys=keys, clock=ticking, ready=lambda: True, errors={})
