"""The HTTP edge, the same for every service: access by blueprint, problems (RFC 9457), strict bodies, health.

`create_app` refuses a blueprint that does not say who may use it.
"""

from collections.abc import Callable, Mapping, Sequence

from flask import Flask, Response, request
from flask_smorest import Api

from libs.common import telemetry
from libs.common.auth import PublicKeys
from libs.common.clock import Clock
from libs.common.web.access import Blueprint, forget_the_tenant, watch
from libs.common.web.body import JsonProvider, refuse_nul_in_address
from libs.common.web.health import health_blueprint
from libs.common.web.problems import ProblemApi, register_problems

BODY_LIMIT = 1_000_000
NOT_TRACED = ("/healthz", "/readyz", "/metrics", "/static")


class ServiceApp(Flask):
    """A Flask app whose every request is one span of the caller's trace."""

    def full_dispatch_request(self) -> Response:
        if request.url_rule is None or request.url_rule.rule.startswith(NOT_TRACED):
            return super().full_dispatch_request()
        name = f"{request.method} {request.url_rule.rule}"
        about = {"service": self.name, "complaint": (request.view_args or {}).get("complaint_id")}
        with (
            telemetry.about(**about),
            telemetry.span(name, parent=request.headers.get("traceparent"), http_route=request.url_rule.rule),
        ):
            try:
                return super().full_dispatch_request()
            finally:
                forget_the_tenant()


def create_app(
    name: str,
    blueprints: Sequence[Blueprint],
    *,
    keys: PublicKeys | None,
    clock: Clock,
    ready: Callable[[], bool],
    errors: Mapping[type[Exception], int],
) -> Flask:
    """The service's app. `errors` says which HTTP status a handler's exception means."""
    app = ServiceApp(name, static_folder=None)
    app.json = JsonProvider(app)
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        MAX_FORM_PARTS=50,
        API_TITLE=f"Redress {name}",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/v1",
        OPENAPI_JSON_PATH="openapi.json",
        PROPAGATE_EXCEPTIONS=False,
    )
    app.before_request(refuse_nul_in_address)
    watch(app, keys, clock)
    register_problems(app, errors)
    api: Api = ProblemApi(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    for blueprint in (*blueprints, health_blueprint(app, ready)):
        if blueprint.access is None:
            raise AccessNotSaid(blueprint.name)
        api.register_blueprint(blueprint)
    app.after_request(_safe_headers)
    return app


class AccessNotSaid(Exception):
    """A blueprint does not say who may use it."""


def _safe_headers(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    return response
