"""How the portal is put together; nothing else chooses what it talks to."""

from collections.abc import Mapping
from pathlib import Path

import httpx
from flask import Flask, Response
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChainableUndefined

from libs.common.clock import clock
from libs.common.web import ServiceApp
from libs.common.web.health import health_blueprint
from services.portal.config import Config
from services.portal.gateways import connect
from services.portal.pages import register
from services.portal.pages.asking import EXTENSION, Reach

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
TEMPLATES = Path(__file__).parent / "templates"
MOST_BYTES = 64 * 1024 * 1024
MOST_FORM_BYTES = 1024 * 1024


def build(config: Config, transports: Mapping[str, httpx.BaseTransport] | None = None) -> Flask:
    """The portal as a WSGI app. A transport given for a service's name (also `traces`, `platform`) is used
    instead of the network; so all services can share one process."""
    app = ServiceApp("portal", static_folder=None, template_folder=str(TEMPLATES))
    app.config.update(
        SECRET_KEY=config.cookie_key.reveal(),
        SESSION_COOKIE_NAME="redress",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_BYTES,
        MAX_FORM_PARTS=100,
    )
    app.jinja_env.undefined = ChainableUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = Reach(
        connect(addresses(config), transports),
        clock(config.clock_file),
        config.public_url.rstrip("/"),
        config.jaeger_url.rstrip("/") if config.jaeger_url else None,
    )
    CSRFProtect(app)
    app.register_blueprint(health_blueprint(app, ready=lambda: True))
    register(app)
    guard(app, secure=config.secure_cookies)
    return app


def addresses(config: Config) -> dict[str, str | None]:
    """Where each service answers, by its name."""
    return {
        "tenants": config.tenants_url,
        "intake": config.intake_url,
        "dispatch": config.dispatch_url,
        "sla": config.sla_url,
        "notify": config.notify_url,
        "reporting": config.reporting_url,
        "traces": config.traces_url,
        "platform": config.platform_url,
    }


def guard(app: Flask, *, secure: bool) -> None:
    """Headers of every answer: nothing from elsewhere runs here, and no page is kept by a cache."""

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def create_app() -> Flask:
    """For the web server. Raises SettingsWrong when the environment lacks a setting."""
    return build(Config.from_env())
