"""The whole platform in one process: SQLite files, the in-process broker, one port. `make run` starts it.

The only module that imports several services. Everything else is the code of the distributed mode.
"""

import argparse
import importlib
import json
import os
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from gunicorn.app.base import BaseApplication
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from deploy import operator_apps
from libs.common import auth, migrate, telemetry
from libs.common.broker.inprocess import InProcessBroker
from libs.common.clock import Clock, MovableClock, clock
from libs.common.config import from_env
from libs.common.envelope import Envelope
from libs.common.garbage import seldom_collected
from libs.common.service import Service
from libs.common.traces import LocalSpans
from libs.common.worker import Worker
from services.dispatch import main as dispatch
from services.intake import main as intake
from services.notify import main as notify
from services.portal import main as portal
from services.portal.config import Config as PortalConfig
from services.reporting import main as reporting
from services.sla import main as sla
from services.tenants import main as tenants

MODULES: dict[str, Any] = {
    "tenants": tenants,
    "intake": intake,
    "dispatch": dispatch,
    "sla": sla,
    "notify": notify,
    "reporting": reporting,
}
SMTP_PORT, SMS_PORT = 8025, 8026
PARTNERS = ("SMTP_URL", "ALIYUN_ENDPOINT", "ALIYUN_KEY_ID", "ALIYUN_KEY_SECRET")


@dataclass
class Platform:
    """Every service, built and joined."""

    services: dict[str, Service]
    portal: Flask
    wsgi: Any
    clock: Clock
    workers: list[Worker] = field(default_factory=list)

    def start(self) -> None:
        """Start the loops of every service."""
        for worker in self.workers:
            worker.start()

    def stop(self) -> None:
        """End the loops, then close the databases."""
        for worker in self.workers:
            worker.stop(within=5)
        for service in self.services.values():
            service.database.close()
            service.units.database.close()

    def client(self, name: str) -> httpx.Client:
        """A client of one service's API that needs no network."""
        transport = httpx.WSGITransport(app=self.services[name].app)
        return httpx.Client(transport=transport, base_url=f"http://{name}/v1", timeout=30)


def environment(data: Path, port: int = 8080, **more: str) -> dict[str, str]:
    """The settings of every service, with everything in `data`; secrets are made at the first start."""
    data.mkdir(parents=True, exist_ok=True)
    address = f"http://localhost:{port}"
    return {
        "KEYS_DIR": str(data / "keys"),
        "ATTACHMENTS_DIR": str(data / "attachments"),
        "PUBLIC_URL": address,
        "SECURE_COOKIES": "no",
        "SMTP_URL": f"smtp://127.0.0.1:{SMTP_PORT}?tls=none&sender=complaints@redress.example",
        "ALIYUN_ENDPOINT": f"http://127.0.0.1:{SMS_PORT}",
        "ALIYUN_KEY_ID": "demo-key",
        "ALIYUN_KEY_SECRET": "demo-secret",
        "TRACES_URL": "http://traces",
        **{f"{name.upper()}_URL": f"http://{name}" for name in MODULES},
        **_secrets(data / "secrets.json"),
        **more,
    }


def _secrets(path: Path) -> dict[str, str]:
    if not path.exists():
        made = {name: secrets.token_hex(32) for name in ("PLATFORM_KEY", "COOKIE_KEY", "ALIYUN_CALLBACK_TOKEN")}
        path.write_text(json.dumps(made))
        path.chmod(0o600)
    found: dict[str, str] = json.loads(path.read_text())
    return found


def database_urls(environ: dict[str, str], name: str) -> dict[str, str]:
    """Both roles of one service's database: the same SQLite file, unless the environment names others."""
    url = f"sqlite:///{Path(environ['KEYS_DIR']).parent / name}.sqlite"
    return {"DATABASE_URL": url, "WORKER_DATABASE_URL": url}


def prepare(environ: dict[str, str]) -> None:
    """Keys and schemas; repeating it changes nothing."""
    auth.make_keys(Path(environ["KEYS_DIR"]))
    for name, module in MODULES.items():
        migrate.upgrade(name, database_urls(environ, name)["DATABASE_URL"], module.METADATA)


def assemble(environ: dict[str, str], spans: LocalSpans | None = None) -> Platform:
    """Build every service and join them: HTTP through WSGI, events through the in-process broker."""
    ticking = clock(Path(environ["CLOCK_FILE"]) if "CLOCK_FILE" in environ else None)
    services: dict[str, Service] = {}
    for name, module in MODULES.items():
        settings = importlib.import_module(f"services.{name}.config").Config
        config = from_env(settings, environ | database_urls(environ, name))
        services[name] = module.build(config, ticking, **_transports(name, services))
    transports: dict[str, httpx.BaseTransport] = {
        name: httpx.WSGITransport(app=service.app) for name, service in services.items()
    }
    keys = auth.PublicKeys(Path(environ["KEYS_DIR"]))
    extra = {}
    if isinstance(ticking, MovableClock):
        extra["platform"] = operator_apps.platform_app(keys, ticking)
    if spans is not None:
        extra["traces"] = operator_apps.traces_app(keys, ticking, spans)
    transports |= {name: httpx.WSGITransport(app=app) for name, app in extra.items()}
    screens = portal.build(PortalConfig.from_env(environ), transports)
    mounts: dict[str, Any] = {f"/api/{name}": service.app for name, service in services.items()}
    mounts |= {f"/api/{name}": app for name, app in extra.items()}
    return Platform(services, screens, DispatcherMiddleware(screens, mounts), ticking, _workers(services))


def _transports(name: str, built: dict[str, Service]) -> dict[str, httpx.BaseTransport]:
    if name != "notify":
        return {}
    return {f"{other}_transport": httpx.WSGITransport(app=built[other].app) for other in ("intake", "tenants")}


def _workers(services: dict[str, Service]) -> list[Worker]:
    broker = InProcessBroker()
    for name, service in services.items():
        broker.attach(name, _store_and_ring(service))
    return [Worker(service, broker) for service in services.values()]


def _store_and_ring(service: Service) -> Any:
    def store(envelopes: list[Envelope]) -> None:
        service.inbox.store(envelopes)
        service.inbox_bell.ring()

    return store


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around the platform: one process that a supervisor (its master) starts again if it dies."""

    def __init__(self, environ: dict[str, str], port: int) -> None:
        self._environ = environ
        self._port = port
        self._platform: Platform | None = None
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"0.0.0.0:{self._port}",
            "workers": 1,
            "threads": 16,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "control_socket_disable": True,
            "worker_exit": self._end,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def _end(self, _arbiter: Any, _process: Any) -> None:
        if self._platform:
            self._platform.stop()

    def load(self) -> Any:
        telemetry.log_as_json()
        spans = LocalSpans(Path(self._environ["KEYS_DIR"]).parent / "traces.db")
        telemetry.configure("redress", spans)
        self._platform = assemble(self._environ, spans)
        seldom_collected()
        self._platform.start()
        return self._platform.wsgi


def serve(options: list[str]) -> None:
    """`python -m deploy.run all`: prepare, make the demo tenants, print where to go, serve."""
    from deploy import demo_tenants

    parser = argparse.ArgumentParser(prog="python -m deploy.run all")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where everything is kept")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument(
        "--bare",
        action="store_true",
        help="no demo tenants, no movable clock, no stand-ins for providers: SMTP_URL and ALIYUN_… name real ones",
    )
    given = parser.parse_args(options)
    environ = environment(given.data.resolve(), given.port, **_partners())
    if not given.bare:
        environ |= with_a_movable_clock(environ)
    say("preparing the databases in", str(given.data.resolve()))
    prepare(environ)
    if not given.bare:
        demo_tenants.seed(environ, say)
        demo_tenants.start_partners()
        demo_tenants.print_sign_ins(given.port)
    say("Redress answers on", f"http://localhost:{given.port}", "(Ctrl-C ends it)")
    Server(environ, given.port).run()


def _partners() -> dict[str, str]:
    """The providers that the environment names instead of the stand-ins."""
    return {name: os.environ[name] for name in PARTNERS if name in os.environ}


def with_a_movable_clock(environ: dict[str, str]) -> dict[str, str]:
    """Settings that let a demonstration move time."""
    return {"CLOCK_FILE": str(Path(environ["KEYS_DIR"]).parent / "clock"), "PLATFORM_URL": "http://platform"}


def say(*words: str) -> None:
    print("redress:", *words, file=sys.stderr, flush=True)
