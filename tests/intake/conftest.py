"""An intake service on SQLite, or on PostgreSQL with its roles, and the firms whose doors it keeps."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Table, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from libs.common import auth, events, migrate, tenancy
from libs.common.config import Secret
from libs.common.envelope import Envelope
from libs.common.events import Event
from libs.common.events.dispatch import CaseOpened
from libs.common.events.tenants import PlaceChanged, ProcedurePublished, TenantCreated
from libs.common.privacy.sealing import Seal
from libs.common.procedure import presets
from libs.common.service import Service
from libs.common.testing.roles import Urls, give_roles
from libs.common.testing.servers import PostgresServer
from libs.common.testing.still_clock import StillClock
from services.intake.config import Config
from services.intake.domain import webhooks
from services.intake.main import METADATA, build

PLATFORM_KEY = "5e" * 32
FILLED = {"text": "三楼走廊漏水，请尽快来人", "name": "周海燕", "phone": "138 1234 5678", "where": "3号楼502"}


@dataclass
class Caller:
    """Somebody at the API, with a bearer token or without one."""

    service: Service
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **request: Any) -> TestResponse:
        headers = self.headers | request.pop("headers", {})
        return self.service.app.test_client().open(path, method=method, headers=headers, **request)

    def get(self, path: str, **query: str) -> TestResponse:
        return self.call("GET", path, query_string=query)

    def post(self, path: str, key: str | None = None, **body: Any) -> TestResponse:
        return self.call("POST", path, headers={"Idempotency-Key": key} if key else {}, json=body)


@dataclass
class Firm:
    """One tenant, its public door, its staff, and what the other services tell about it."""

    service: Service
    keys: Path
    slug: str
    tenant_id: UUID = field(default_factory=uuid4)
    told: Counter[tuple[str, UUID]] = field(default_factory=Counter)

    @property
    def public(self) -> str:
        return f"/v1/public/{self.slug}"

    @property
    def anyone(self) -> Caller:
        return Caller(self.service)

    def complain(self, key: str | None = None, **fields: Any) -> TestResponse:
        """A filled form; a field that is None is left out."""
        body = {name: value for name, value in (FILLED | fields).items() if value is not None}
        return self.anyone.post(f"{self.public}/complaints", key, **body)

    def registered(self, **fields: Any) -> dict[str, Any]:
        """The receipt of a complaint."""
        response = self.complain(**fields)
        assert response.status_code == 201, response.json
        return response.json

    def progress(self, receipt: dict[str, Any]) -> dict[str, Any]:
        response = self.anyone.post(f"{self.public}/progress", **known(receipt))
        assert response.status_code == 200, response.json
        return response.json

    def write(self, receipt: dict[str, Any], text: str, key: str | None = None, **more: Any) -> TestResponse:
        return self.anyone.post(f"{self.public}/progress/messages", key, **known(receipt), text=text, **more)

    def withdraw(self, receipt: dict[str, Any], key: str | None = None, **more: Any) -> TestResponse:
        return self.anyone.post(f"{self.public}/progress/withdraw", key, **known(receipt), **more)

    def upload(self, content: bytes, name: str = "照片.png") -> TestResponse:
        return self._send_file(self.anyone, f"{self.public}/attachments", content, name)

    def keep_with(self, complaint_id: str, content: bytes, *roles: str) -> TestResponse:
        """A file that staff keep with a complaint."""
        path = f"/v1/complaints/{complaint_id}/attachments"
        return self._send_file(self.staff(*(roles or ("coordinator",))), path, content, "凭证.png")

    def _send_file(self, caller: Caller, path: str, content: bytes, name: str) -> TestResponse:
        boundary, body = encode_multipart({"file": FileStorage(BytesIO(content), name)})
        kind = f"multipart/form-data; boundary={boundary}"
        return caller.call("POST", path, data=body, content_type=kind)

    def bearing(self, issuer: str = "tenants", person_id: UUID | None = None, **claims: Any) -> Caller:
        """A caller with a token that says this."""
        named = {name: frozenset(value) for name, value in claims.items()}
        principal = auth.Principal(self.tenant_id, person_id, "Somebody", **named)
        signed = auth.Issuer(issuer, self.keys).sign(principal, self.service.clock.now(), timedelta(minutes=10))
        return Caller(self.service, {"Authorization": f"Bearer {signed}"})

    def staff(self, *roles: str, person_id: UUID | None = None) -> Caller:
        return self.bearing(person_id=person_id or uuid4(), roles=roles or ("front_line",))

    def notify(self) -> Caller:
        return self.bearing("notify", scopes=("contact",))

    def door(self, kind: str, **form: Any) -> "Door":
        """A door opened by the firm's admin."""
        opened = self.staff("admin").post("/v1/channel-accounts", kind=kind, **form)
        assert opened.status_code == 201, opened.json
        return Door(self.service, opened.json["door"], opened.json["secret"])

    def hear(self, *happenings: Event) -> None:
        """What the other services say, in order."""
        self.service.inbox.receive([self._envelope(happening) for happening in happenings])

    def _envelope(self, said: Event) -> Envelope:
        self.told[said.source, said.subject] += 1
        sequence = self.told[said.source, said.subject]
        body = events.encode(said).decode()
        return Envelope(uuid4(), said.source, said.type, said.occurred_at, said.tenant_id, said.subject, sequence, body)

    def about(self, complaint_id: str | UUID) -> dict[str, Any]:
        """The envelope's part of an event about a complaint, now."""
        subject = UUID(str(complaint_id))
        return {"tenant_id": self.tenant_id, "subject": subject, "occurred_at": self.service.clock.now()}

    def add_place(self, label: str, kind: str = "unit", within: str | None = None) -> str:
        place_id, parent_id = uuid4(), UUID(within) if within else None
        named = {"kind": kind, "name": label, "parent_id": parent_id, "label": label}
        self.hear(PlaceChanged(**self.about(place_id), place_id=place_id, **named))
        return str(place_id)

    def opened(self, category: str = "safety_hazard", **fields: Any) -> UUID:
        """A complaint that became a case of this category."""
        complaint_id = UUID(self.registered(**fields)["complaint_id"])
        self.hear(self.open_case(complaint_id, category))
        return complaint_id

    def open_case(self, complaint_id: UUID, category: str) -> CaseOpened:
        now = self.service.clock.now()
        return CaseOpened(
            **self.about(complaint_id),
            number="2603-0000-0001",
            procedure_version=1,
            channel="web",
            language="zh-Hans",
            category=category,
            urgency="general",
            major=False,
            vip=False,
            anonymous=False,
            department="service",
            received_at=now,
            registered_at=now,
        )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of this firm, past the service."""
        found: Table = METADATA.tables[table]
        with self.service.units.database.read() as connection:
            tenancy.bind(connection, self.tenant_id)
            mine = select(found).where(found.c.tenant_id == self.tenant_id)
            return [dict(row) for row in connection.execute(mine).mappings()]

    def said(self) -> list[Event]:
        """What intake said about this firm's complaints, oldest first."""
        rows = sorted(self.rows("outbox"), key=lambda row: row["event_id"])
        names = ("tenant_id", "subject", "occurred_at")
        return [events.decode(row["type"], row["body"].encode(), **{name: row[name] for name in names}) for row in rows]


@dataclass
class Door:
    """A mail server or a platform in front of its door."""

    service: Service
    token: str
    secret: str

    def mail(self, raw: bytes, content_type: str = "message/rfc822") -> TestResponse:
        path = f"/v1/doors/{self.token}/mail"
        return Caller(self.service).call("POST", path, data=raw, content_type=content_type)

    def signed(self, path: str, body: bytes, late: int = 0, secret: str = "") -> TestResponse:
        """A message that the platform signed `late` seconds ago."""
        stamp = int(self.service.clock.now().timestamp()) - late
        signature = webhooks.sign(secret or self.secret, "msg_1", stamp, body)
        headers = {"webhook-id": "msg_1", "webhook-timestamp": str(stamp), "webhook-signature": signature}
        path = f"/v1/doors/{self.token}/{path}"
        return Caller(self.service).call("POST", path, data=body, headers=headers, content_type="application/json")


@cache
def preset_document(name: str) -> dict[str, Any]:
    return presets.load(name)


def known(receipt: dict[str, Any]) -> dict[str, str]:
    return {"number": receipt["number"], "secret": receipt["tracking_secret"]}


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """`sqlite`, or `postgresql` where a module asks for both."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def service(database: str, request: pytest.FixtureRequest) -> Service:
    """One for all tests on this database: every firm is a new one."""
    return request.getfixturevalue(f"on_{database}")


@pytest.fixture
def clock(service: Service) -> StillClock:
    """The service's clock, back at its first moment."""
    service.clock.set(StillClock().now())
    return service.clock


@pytest.fixture
def found(service: Service, keys: Path, clock: StillClock) -> Callable[..., Firm]:
    """Makes a firm of its country and Procedure; its slug is its own."""

    def make(preset: str = "p1-accommodation", country: str = "CN", **intake: Any) -> Firm:
        firm = Firm(service, keys, f"firm-{uuid4().hex[:8]}")
        document = preset_document(preset)
        document = document | {"intake": document["intake"] | intake}
        about = firm.about(firm.tenant_id)
        firm.hear(
            TenantCreated(
                **about,
                slug=firm.slug,
                name="临江物业",
                kind="property",
                language="zh-Hans",
                time_zone="Asia/Shanghai",
                country=country,
            ),
            ProcedurePublished(**about, version=1, active_from=clock.now(), document=document),
        )
        return firm

    return make


@pytest.fixture
def firm(found: Callable[..., Firm]) -> Firm:
    return found()


@pytest.fixture
def other_firm(found: Callable[..., Firm]) -> Firm:
    return found()


@pytest.fixture
def seal() -> Seal:
    """What the service seals and opens with."""
    return Seal(bytes.fromhex(PLATFORM_KEY))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    auth.make_keys(folder)
    return folder


@pytest.fixture(scope="session")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of evidence files."""
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory, keys: Path, evidence: Path) -> Iterator[Service]:
    address = f"sqlite:///{tmp_path_factory.mktemp('intake')}/intake.db"
    yield from running(Urls(address, address, address), keys, evidence)


@pytest.fixture(scope="session")
def on_postgresql(postgres: PostgresServer, keys: Path, evidence: Path) -> Iterator[Service]:
    """With the roles of a deployment."""
    with psycopg.connect(postgres.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE intake_tests")
    urls = give_roles(postgres.url.removesuffix("/postgres") + "/intake_tests", "intake")
    yield from running(urls, keys, evidence)


def running(urls: Urls, keys: Path, evidence: Path) -> Iterator[Service]:
    migrate.upgrade("intake", urls.owner, METADATA)
    built = build(
        Config(
            database_url=urls.web,
            worker_database_url=urls.worker,
            keys_dir=keys,
            platform_key=Secret(PLATFORM_KEY),
            attachments_dir=evidence,
            private_status_urls=True,
        ),
        StillClock(),
    )
    yield built
    built.database.close()
    built.units.database.close()
