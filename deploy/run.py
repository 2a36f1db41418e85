"""Start one kind of process: `python -m deploy.run <service> web|worker|migrate`.

`python -m deploy.run keys` makes the signing keys in KEYS_DIR; `python -m deploy.run all` is the whole platform
in one process (deploy.embedded). Settings come from the environment; see docs/running.md.
"""

import importlib
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from libs.common import auth, doorbell, migrate, telemetry
from libs.common.config import SettingsWrong, from_env
from libs.common.garbage import seldom_collected
from libs.common.service import Service

log = logging.getLogger(__name__)

USAGE = "usage: python -m deploy.run <service> web|worker|migrate   |   keys   |   all [--data DIR] [--port N]"


def build(name: str) -> Service:
    """The service with settings from the environment. Only this service's folder needs to be there."""
    module = importlib.import_module(f"services.{name}.main")
    config = importlib.import_module(f"services.{name}.config")
    service: Service = module.build(from_env(config.Config))
    return service


def web_app(name: str) -> Flask:
    """What gunicorn serves."""
    observe(name)
    module = importlib.import_module(f"services.{name}.main")
    if name == "portal":
        app: Flask = module.create_app()
        return app
    service = build(name)
    doorbell.forward(service.relay_bell, service.database)
    return service.app


def observe(name: str) -> None:
    """JSON logs, and spans to the collector named by OTLP_ENDPOINT."""
    telemetry.log_as_json()
    exporter = None
    if endpoint := os.environ.get("OTLP_ENDPOINT"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=5)
    telemetry.configure(name, exporter, float(os.environ.get("TRACE_SHARE", "1.0")))


def web(name: str) -> None:
    """Become gunicorn."""
    config = str(Path(__file__).with_name("gunicorn.py"))
    program = [sys.executable, "-m", "gunicorn", "-c", config, f"deploy.run:web_app('{name}')"]
    os.execv(sys.executable, program)  # noqa: S606 (our own words)


def worker(name: str) -> None:
    """Relay, inbox, jobs and broker of one service, until SIGTERM."""
    from libs.common.broker.connect import listener, publisher
    from libs.common.worker import Worker

    observe(name)
    service = build(name)
    url = os.environ.get("BROKER_URL")
    if not url:
        raise SettingsWrong("BROKER_URL is not set (the RabbitMQ to publish to and hear from)")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    poll = os.environ.get("POLL_SECONDS")
    hear = listener(url, name, service.inbox.receive)
    working = Worker(service, publisher(url), hear, poll=float(poll) if poll else None)
    seldom_collected()
    working.start()
    _answer_health(service, working)
    stop.wait()
    log.info("%s worker finishes what it is at", name)
    working.stop()


def _answer_health(service: Service, working: Any) -> None:
    """/healthz of a worker: every loop turns."""
    app = Flask(f"{service.name}-worker")

    @app.get("/healthz")
    def healthz() -> tuple[dict[str, str], int]:
        return ({"status": "ok"}, 200) if working.alive() else ({"status": "a loop has ended"}, 503)

    port = int(os.environ.get("HEALTH_PORT", "0"))
    if port:
        server = make_server("0.0.0.0", port, app, threaded=True)  # noqa: S104 (inside the container)
        threading.Thread(target=server.serve_forever, daemon=True).start()


def run_migrations(name: str) -> None:
    """Bring the service's database to its newest schema, as the owning role (MIGRATE_DATABASE_URL)."""
    module = importlib.import_module(f"services.{name}.main")
    url = os.environ.get("MIGRATE_DATABASE_URL") or os.environ.get("DATABASE_URL")
    if not url:
        raise SettingsWrong("MIGRATE_DATABASE_URL is not set (the database, as its owner)")
    migrate.upgrade(name, url, module.METADATA)


def main(words: list[str]) -> int:
    match words:
        case ["all", *options]:
            from deploy.embedded import serve

            serve(options)
        case ["keys"]:
            auth.make_keys(Path(os.environ["KEYS_DIR"]))
        case [name, "web"]:
            web(name)
        case [name, "worker"]:
            worker(name)
        case [name, "migrate"]:
            run_migrations(name)
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SettingsWrong as mistake:
        sys.exit(f"cannot start: {mistake}")
