"""A firm with the accommodation Procedure (P1), its people, and a dispatch service on a fresh SQLite file."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.common import auth, events, migrate
from libs.common.envelope import Envelope
from libs.common.events import Event
from libs.common.events.intake import ComplaintRegistered, FileKept
from libs.common.events.tenants import PersonChanged, ProcedurePublished, TenantCreated
from libs.common.procedure import presets
from libs.common.service import Service
from libs.common.testing.roles import give_roles
from services.dispatch import main
from services.dispatch.config import Config

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in Shanghai

# name: (roles, departments); ids follow the order.
STAFF: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "li": (("front_line",), ("engineering",)),
    "wang": (("front_line",), ("engineering",)),
    "he": (("supervisor",), ("engineering",)),
    "zhou": (("front_line",), ("customer_service",)),
    "fang": (("supervisor",), ("customer_service",)),
    "gao": (("front_line",), ("security",)),
    "lin": (("coordinator",), ()),
    "zhao": (("manager",), ()),
    "xu": (("admin",), ()),
    "sun": (("auditor",), ()),
}


@dataclass
class Firm:
    """One tenant as the service sees it: what it is told, what it says, what its API answers."""

    service: Service
    keys: Path
    clock: SimpleNamespace
    tenant_id: UUID = field(default_factory=uuid4)
    told: Counter[tuple[str, UUID]] = field(default_factory=Counter)

    def person(self, name: str) -> UUID:
        return UUID(int=list(STAFF).index(name) + 1)

    def hear(self, event_class: type[Event], subject: UUID, **fields: Any) -> None:
        """The next event of its sender about the subject."""
        self.service.inbox.receive([self.envelope(event_class, subject, **fields)])

    def envelope(self, event_class: type[Event], subject: UUID, **fields: Any) -> Envelope:
        happening = event_class(tenant_id=self.tenant_id, subject=subject, occurred_at=self.clock.now(), **fields)
        self.told[event_class.source, subject] += 1
        return Envelope(
            uuid4(),
            happening.source,
            happening.type,
            happening.occurred_at,
            self.tenant_id,
            subject,
            self.told[event_class.source, subject],
            events.encode(happening).decode(),
        )

    def found(self, procedure: dict[str, Any] | None = None) -> "Firm":
        """The firm joins, publishes its Procedure and names its people."""
        about = {"slug": "cuiyuan", "name": "翠园", "kind": "property", "language": "zh-Hans", "country": "CN"}
        document = procedure or presets.load("p1-accommodation")
        since = self.clock.now() - timedelta(days=365)
        self.service.inbox.receive(
            [
                self.envelope(TenantCreated, self.tenant_id, time_zone="Asia/Shanghai", **about),
                self.published(1, document, since),
                *(self.employed(name) for name in STAFF),
            ]
        )
        return self

    def published(self, version: int, document: dict[str, Any], active_from: datetime) -> Envelope:
        about = {"version": version, "active_from": active_from, "document": document}
        return self.envelope(ProcedurePublished, self.tenant_id, **about)

    def publish(self, version: int, document: dict[str, Any], active_from: datetime) -> None:
        self.service.inbox.receive([self.published(version, document, active_from)])

    def employ(self, name: str, **changes: Any) -> None:
        self.service.inbox.receive([self.employed(name, **changes)])

    def employed(self, name: str, **changes: Any) -> Envelope:
        roles, departments = STAFF[name]
        about = {"name": name, "roles": roles, "departments": departments, "active": True} | changes
        return self.envelope(PersonChanged, self.person(name), person_id=self.person(name), **about)

    def register(self, text: str = "厨房水管漏水，地板湿了", **facts: Any) -> UUID:
        """A complaint comes in and becomes a case."""
        envelope = self.registered(text, **facts)
        self.service.inbox.receive([envelope])
        return envelope.subject

    def register_together(self, *texts: str) -> list[UUID]:
        """Several complaints in one batch, in one transaction."""
        envelopes = [self.registered(text) for text in texts]
        self.service.inbox.receive(envelopes)
        return [envelope.subject for envelope in envelopes]

    def registered(self, text: str, **facts: Any) -> Envelope:
        complaint_id = uuid4()
        now = self.clock.now()
        about: dict[str, Any] = {
            "number": f"2603-0000-{complaint_id.int % 10000:04}",
            "channel": "web",
            "language": "zh-Hans",
            "received_at": now,
            "registered_at": now,
            "received_by": None,
            "place_id": None,
            "place_label": "翠园 3 号楼",
            "text": text,
            "asked_for": None,
            "category": None,
            "urgency": None,
            "major": False,
            "vip": False,
            "anonymous": False,
            "claimed_amount": None,
            "external_ref": None,
            "attachments": (),
        }
        return self.envelope(ComplaintRegistered, complaint_id, **(about | facts))

    def said(self, *classes: type[Event]) -> list[Any]:
        """What the service said, in order; only events of these classes if any are given."""
        outbox = self.service.plumbing.outbox
        with self.service.database.read() as connection:
            rows = connection.execute(outbox.select().order_by(outbox.c.event_id)).mappings().all()
        heard = [
            events.decode(
                row["type"],
                row["body"].encode(),
                tenant_id=row["tenant_id"],
                subject=row["subject"],
                occurred_at=row["occurred_at"],
            )
            for row in rows
            if row["tenant_id"] == self.tenant_id
        ]
        return [happening for happening in heard if not classes or isinstance(happening, classes)]

    def headers(self, name: str, **further: str) -> dict[str, str]:
        roles, departments = STAFF[name]
        asks = auth.Principal(self.tenant_id, self.person(name), name, frozenset(roles), frozenset(departments))
        token = auth.Issuer("tenants", self.keys).sign(asks, self.clock.now(), timedelta(minutes=30))
        return {"Authorization": f"Bearer {token}", **further}

    def get(self, name: str, path: str, **query: Any) -> Any:
        return self.service.app.test_client().get(path, headers=self.headers(name), query_string=query or None)

    def case(self, complaint_id: UUID, name: str = "zhao") -> dict[str, Any]:
        answer = self.get(name, f"/v1/cases/{complaint_id}")
        assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def act(self, name: str, complaint_id: UUID, step: str, *, headers: Any = None, **body: Any) -> Any:
        return self.service.app.test_client().post(
            f"/v1/cases/{complaint_id}/{step}", json=body, headers=self.headers(name, **(headers or {}))
        )

    def did(self, name: str, complaint_id: UUID, step: str, **body: Any) -> dict[str, Any]:
        """A step that must be accepted."""
        answer = self.act(name, complaint_id, step, **body)
        assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def kept(self, complaint_id: UUID, sha256: str | None = None) -> str:
        """The id of a file that staff keep with the complaint, for a step to name."""
        about = {"sha256": sha256 or uuid4().hex * 2, "size": 1, "content_type": "image/png"}
        attachment_id = uuid4()
        self.hear(FileKept, complaint_id, attachment_id=attachment_id, by=None, **about)
        return str(attachment_id)

    def plan(self, name: str, department: str, *entries: dict[str, Any], seen: str = "*") -> Any:
        return self.service.app.test_client().put(
            f"/v1/roster?department={department}",
            json={"entries": list(entries)},
            headers=self.headers(name, **{"If-Match": seen}),
        )

    def duty(self, name: str, hours: int = 8, role: str = "duty", begins: int = -1) -> dict[str, Any]:
        """A roster entry that begins so many hours from now."""
        start = self.clock.now() + timedelta(hours=begins)
        return {
            "person_id": str(self.person(name)),
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=hours)).isoformat(),
            "role": role,
        }

    def plan_absence(self, by: str, name: str, *, begins: int = 0, hours: int = 24, **changes: Any) -> Any:
        """Who is away from `begins` hours from now on; what is answered to it."""
        start = self.clock.now() + timedelta(hours=begins)
        span = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=hours)).isoformat()}
        body = {"person_id": str(self.person(name))} | span | changes
        return self.service.app.test_client().post("/v1/roster/absences", json=body, headers=self.headers(by))

    def pass_time(self, **span: float) -> None:
        moved = self.clock.now() + timedelta(**span)
        self.clock.now = lambda: moved

    def solve(self, complaint_id: UUID, *, until: str = "carried_out") -> None:
        """Take a general facilities case through the steps of P1, up to and including one of them."""
        self.did("li", complaint_id, "accept")
        for milestone in ("on_site", "verified", "planned", "carried_out"):
            self.did("li", complaint_id, "milestones", milestone=milestone, note="已完成")
            if milestone == until:
                return


@pytest.fixture
def firm(service: Service, keys: Path, ticking: SimpleNamespace) -> Firm:
    return Firm(service, keys, ticking).found()


@pytest.fixture
def other_firm(service: Service, keys: Path, ticking: SimpleNamespace) -> Firm:
    """Another tenant of the same service; its people have the same ids."""
    return Firm(service, keys, ticking).found()


@pytest.fixture
def empty_firm(service: Service, keys: Path, ticking: SimpleNamespace) -> Firm:
    """A tenant of which nothing was heard yet."""
    return Firm(service, keys, ticking)


@pytest.fixture
def firm_on_postgresql(postgres_database: str, keys: Path, ticking: SimpleNamespace) -> Iterator[Firm]:
    """A tenant of which nothing was heard yet, of a service on the other database."""
    urls = give_roles(postgres_database, "dispatch")
    migrate.upgrade("dispatch", urls.owner, main.METADATA)
    built = main.build(Config(database_url=urls.web, worker_database_url=urls.worker, keys_dir=keys), ticking)
    yield Firm(built, keys, ticking)
    built.database.close()
    built.units.database.close()


@pytest.fixture
def ticking() -> SimpleNamespace:
    """A clock that stands still."""
    return SimpleNamespace(now=lambda: MONDAY)


@pytest.fixture
def service(tmp_path: Path, migrated: Path, keys: Path, ticking: SimpleNamespace) -> Iterator[Service]:
    shutil.copy(migrated, tmp_path / "dispatch.sqlite")
    url = f"sqlite:///{tmp_path}/dispatch.sqlite"
    built = main.build(Config(database_url=url, worker_database_url=url, keys_dir=keys), ticking)
    yield built
    built.database.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dispatch") / "template.sqlite"
    migrate.upgrade("dispatch", f"sqlite:///{path}", main.METADATA)
    return path


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    auth.make_keys(folder)
    return folder
