"""`/healthz`: the process turns. `/readyz`: it can do its work. `/metrics`: Prometheus text."""

import time
from collections.abc import Callable

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest

from libs.common.web.access import PUBLIC, Blueprint

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def health_blueprint(app: Flask, ready: Callable[[], bool]) -> Blueprint:
    registry = CollectorRegistry()
    _measure_requests(app, registry)
    blueprint = Blueprint("health", access=PUBLIC, url_prefix="")

    @blueprint.route("/healthz")
    def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @blueprint.route("/readyz")
    def readyz() -> tuple[dict[str, str], int]:
        """The process can do its work now."""
        return ({"status": "ready"}, 200) if ready() else ({"status": "not ready"}, 503)

    @blueprint.route("/metrics")
    def metrics() -> Response:
        """Figures of this process, for Prometheus."""
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _measure_requests(app: Flask, registry: CollectorRegistry) -> None:
    seconds = Histogram("http_request_seconds", "Requests by route", ["method", "route", "status"], registry=registry)

    @app.before_request
    def note_start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def note_end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unknown"
        took = time.perf_counter() - g.get("started", time.perf_counter())
        method = request.method if request.method in METHODS else "other"
        seconds.labels(method, route, response.status_code).observe(took)
        return response
