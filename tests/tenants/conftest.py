"""A tenants service on a SQLite file, with two firms, whose people call its API."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from libs.common import auth, events, migrate
from libs.common.service import Service
from libs.common.unit_of_work import Work
from services.tenants.config import Config
from services.tenants.domain.person import NewPerson
from services.tenants.domain.tenant import NewTenant
from services.tenants.handlers import passwords
from services.tenants.handlers.founding import create_tenant, found_platform
from services.tenants.handlers.people import add_person
from services.tenants.main import METADATA, build
from services.tenants.store import Store

PASSWORD = "钥匙 keys under the mat"
HASH = passwords.hashed(PASSWORD)


@dataclass
class StillClock:
    """Stands still until it is moved."""

    time: datetime = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Caller:
    """Somebody with a bearer token, or without one."""

    service: Service
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, key: str | None = None, **body: Any) -> TestResponse:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return self.service.app.test_client().open(path, method=method, headers=headers, json=body or None)

    def get(self, path: str) -> TestResponse:
        return self.call("GET", path)

    def post(self, path: str, key: str | None = None, **body: Any) -> TestResponse:
        return self.call("POST", path, key, **body)

    def patch(self, path: str, **body: Any) -> TestResponse:
        return self.call("PATCH", path, **body)

    def delete(self, path: str) -> TestResponse:
        return self.call("DELETE", path)


@dataclass
class Firm:
    """One tenant. Its first admin has the login `admin`; everybody has the same password."""

    service: Service
    keys: Path
    tenant_id: UUID
    slug: str
    admin_id: UUID | None = None

    def bearing(self, issuer: str = "tenants", person_id: UUID | None = None, **claims: Any) -> Caller:
        """A caller with a token that says this."""
        named = {name: frozenset(value) for name, value in claims.items()}
        principal = auth.Principal(self.tenant_id, person_id, "Somebody", **named)
        signed = auth.Issuer(issuer, self.keys).sign(principal, self.service.clock.now(), timedelta(days=365))
        return Caller(self.service, {"Authorization": f"Bearer {signed}"})

    def as_role(self, *roles: str) -> Caller:
        return self.bearing(person_id=uuid4(), roles=roles)

    def work(self, run: Callable[[Work[Store]], Any]) -> Any:
        with self.service.units.begin(self.tenant_id) as work:
            return run(work)

    def hire(self, login: str, *roles: str, departments: tuple[str, ...] = (), **more: Any) -> UUID:
        new = {"name": login.title(), "login": login, "roles": roles, "departments": departments, "password_hash": HASH}
        return self.work(lambda work: add_person(work, NewPerson(**new | more)))

    def said(self) -> list[events.Event]:
        """What the service said about this tenant, oldest first."""
        outbox = self.service.plumbing.outbox
        mine = select(outbox).where(outbox.c.tenant_id == self.tenant_id).order_by(outbox.c.event_id)
        with self.service.database.read() as connection:
            rows = connection.execute(mine).mappings().all()
        return [
            events.decode(
                row["type"],
                row["body"].encode(),
                tenant_id=row["tenant_id"],
                subject=row["subject"],
                occurred_at=row["occurred_at"],
            )
            for row in rows
        ]

    def sign_in(self, login: str = "admin", password: str = PASSWORD, slug: str | None = None) -> TestResponse:
        given = {"tenant": slug or self.slug, "login": login, "password": password}
        return Caller(self.service).post("/v1/sessions", **given)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def service(tmp_path: Path, prepared: SimpleNamespace, clock: StillClock) -> Iterator[Service]:
    database = tmp_path / "tenants.sqlite"
    shutil.copy(prepared.database, database)
    url = f"sqlite:///{database}"
    running = build(Config(database_url=url, worker_database_url=url, keys_dir=prepared.keys), clock)
    yield running
    running.database.close()


@pytest.fixture
def found(service: Service, prepared: SimpleNamespace) -> Callable[..., Firm]:
    """Makes a tenant of a slug; without a preset it has no Procedure."""

    def make(slug: str, preset: str | None = "p1-accommodation", kind: str = "property") -> Firm:
        new = NewTenant(
            slug=slug, name=f"{slug} 物业", kind=kind, language="zh-Hans", time_zone="Asia/Shanghai", country="CN"
        )
        admin = NewPerson(name="沈岩", login="admin", roles=["admin"], password_hash=HASH)
        firm = Firm(service, prepared.keys, uuid4(), slug)
        firm.admin_id = firm.work(lambda work: create_tenant(work, new, admin, preset))["admin_id"]
        return firm

    return make


@pytest.fixture
def firm(found: Callable[..., Firm]) -> Firm:
    return found("linjiang")


@pytest.fixture
def other(found: Callable[..., Firm]) -> Firm:
    return found("yunxi")


@pytest.fixture
def platform(service: Service, prepared: SimpleNamespace) -> Firm:
    tenant_id = found_platform(service.units, login="operator", password=PASSWORD)
    return Firm(service, prepared.keys, tenant_id, "platform")


@pytest.fixture
def admin(firm: Firm) -> Caller:
    return firm.bearing(person_id=firm.admin_id, roles=["admin"])


@pytest.fixture
def clerk(firm: Firm) -> Caller:
    return firm.as_role("front_line")


@pytest.fixture
def operator(platform: Firm) -> Caller:
    return platform.as_role("operator")


@pytest.fixture
def anybody(service: Service) -> Caller:
    return Caller(service)


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[], bytes]:
    """Every byte the service has written down."""
    return lambda: b"".join(path.read_bytes() for path in tmp_path.glob("tenants.sqlite*"))


@pytest.fixture
def wrong_fields() -> Callable[[TestResponse], dict[str, str]]:
    """What a problem says about each field."""
    return lambda response: {error["pointer"]: error["detail"] for error in response.get_json()["errors"]}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Keys and a migrated database, to be copied."""
    folder = tmp_path_factory.mktemp("tenants")
    auth.make_keys(folder / "keys")
    migrate.upgrade("tenants", f"sqlite:///{folder}/empty.sqlite", METADATA)
    return SimpleNamespace(keys=folder / "keys", database=folder / "empty.sqlite")
