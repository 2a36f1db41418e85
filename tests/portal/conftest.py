"""The portal over stand-ins for every other service."""

from dataclasses import replace

import pytest
from flask import Flask

from libs.common.config import Secret
from libs.common.testing.still_clock import StillClock
from services.portal.config import Config
from services.portal.main import build
from services.portal.pages.asking import EXTENSION
from tests.portal.browsing import Browser
from tests.portal.stand_ins import NOW, StandIns, session, stand_ins

SERVICES = ("tenants", "intake", "dispatch", "sla", "notify", "reporting")


@pytest.fixture
def others() -> StandIns:
    return stand_ins()


@pytest.fixture
def config() -> Config:
    urls = {f"{name}_url": f"http://{name}" for name in SERVICES}
    return Config(
        **urls,
        cookie_key=Secret("a key for tests that is long enough"),
        public_url="https://complaints.example.cn/",
        traces_url="http://traces",
        platform_url="http://platform",
        jaeger_url="https://jaeger.example.cn",
    )


@pytest.fixture
def app(config: Config, others: StandIns) -> Flask:
    app = build(config, others.transports())
    # Secure cookies do not travel over the plain HTTP of the test client.
    app.config.update(SESSION_COOKIE_SECURE=False)
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], clock=StillClock(NOW))
    return app


@pytest.fixture
def guest(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def staff(app: Flask) -> Browser:
    return Browser(app).sign_in()


@pytest.fixture
def operator(app: Flask, others: StandIns) -> Browser:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("operator", name="Ops", language="en"))
    return Browser(app).sign_in()
