"""Intake on a PostgreSQL, with nobody else: its web process, and its worker in the test."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from libs.common import auth, events, migrate, tenancy
from libs.common.clock import SystemClock
from libs.common.config import from_env
from libs.common.envelope import Envelope
from libs.common.events import Event
from libs.common.events.tenants import ProcedurePublished, TenantCreated
from libs.common.procedure import presets
from libs.common.testing.roles import give_roles
from libs.common.testing.servers.ports import free_port
from libs.common.testing.waiting import eventually
from libs.common.worker import Worker
from services.intake import main
from services.intake.config import Config
from tests.platforms.distributed import Process

SLUG = "alone"


@dataclass
class Kept:
    """A broker that takes everything and remembers it."""

    envelopes: list[Envelope] = field(default_factory=list)

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        self.envelopes += envelopes


@dataclass
class IntakeAlone:
    """`database` is an empty one, as the superuser sees it. One firm under P1 is behind the door `SLUG`."""

    database: str
    folder: Path
    tenant_id: UUID = field(default_factory=uuid4)

    def start(self) -> None:
        urls = give_roles(self.database, "intake")
        migrate.upgrade("intake", urls.owner, main.METADATA)
        auth.make_keys(self.folder / "keys")
        self.port = free_port()
        environ = {
            "PORT": str(self.port),
            "KEYS_DIR": str(self.folder / "keys"),
            "ATTACHMENTS_DIR": str(self.folder / "files"),
            "PLATFORM_KEY": "5e" * 32,
            "DATABASE_URL": urls.web,
            "WORKER_DATABASE_URL": urls.worker,
            "WEB_PROCESSES": "1",
            "WEB_THREADS": "8",
            "PYTHONWARNINGS": "ignore",
        }
        self.service = main.build(from_env(Config, environ))
        self.published = Kept()
        self.worker = Worker(self.service, self.published)
        self._open_the_door()
        self.web = Process("intake-web", ["intake", "web"], os.environ | environ, self.folder / "web.log")
        self.web.start()
        eventually(self.ready, within=60)
        self.worker.start()

    def stop(self) -> None:
        self.worker.stop(within=10)
        self.web.kill()
        for database in (self.service.database, self.service.units.database):
            database.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def ready(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.port}/readyz"
            return httpx.get(address, timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def rows(self, statement: str) -> list[Any]:
        """What the worker's role finds in the firm's name."""
        with self.service.units.database.read() as connection:
            tenancy.bind(connection, self.tenant_id)
            return list(connection.execute(text(statement)))

    def plumbing(self, statement: str) -> list[Any]:
        with self.service.database.read() as connection:
            return list(connection.execute(text(statement)))

    def _open_the_door(self) -> None:
        now = SystemClock().now()
        about: dict[str, Any] = {"tenant_id": self.tenant_id, "subject": self.tenant_id, "occurred_at": now}
        named = {"slug": SLUG, "name": "临江物业", "kind": "property", "language": "zh-Hans", "country": "CN"}
        created = TenantCreated(**about, **named, time_zone="Asia/Shanghai")
        document, active = presets.load("p1-accommodation"), now - timedelta(days=1)
        published = ProcedurePublished(**about, version=1, active_from=active, document=document)
        self.service.inbox.receive([_envelope(created, 1), _envelope(published, 2)])


def _envelope(said: Event, sequence: int) -> Envelope:
    body = events.encode(said).decode()
    return Envelope(uuid4(), said.source, said.type, said.occurred_at, said.tenant_id, said.subject, sequence, body)
