"""An sla service on a SQLite file (or PostgreSQL, where a test says so), and firms whose services talk to it."""

from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, text

from libs.common import auth, events, migrate, tenancy
from libs.common.envelope import Envelope
from libs.common.events import Event, dispatch
from libs.common.events.notify import NoticeDelivered
from libs.common.events.tenants import ProcedurePublished, TenantCreated
from libs.common.plumbing import DUE
from libs.common.procedure import presets
from libs.common.service import Service
from libs.common.testing.roles import Urls, give_roles
from services.sla import main, tables
from services.sla.config import Config

TEN = datetime(2026, 3, 2, 2, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
P1 = presets.load("p1-accommodation")
PERSON = UUID(int=7)


class StandingClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = TEN

    def now(self) -> datetime:
        return self.at


class Firm:
    """One tenant: its services speak, time passes, and its clocks are looked at."""

    def __init__(self, service: Service, clock: StandingClock, keys: Path) -> None:
        self.service, self.clock, self.keys = service, clock, keys
        self.id = uuid4()
        self._said: Counter[tuple[str, UUID]] = Counter()

    def created(self, time_zone: str = "Asia/Shanghai") -> TenantCreated:
        named = {"slug": self.id.hex, "name": "荷园公寓", "kind": "property", "language": "zh-Hans", "country": "CN"}
        return TenantCreated(**self.about(self.id), **named, time_zone=time_zone)

    def published(self, version: int = 1, extra_limits: tuple[dict[str, Any], ...] = ()) -> ProcedurePublished:
        """P1, perhaps with further limits."""
        document = deepcopy(P1)
        document["limits"] = [*document["limits"], *extra_limits]
        active = TEN - timedelta(days=400)
        return ProcedurePublished(**self.about(self.id), version=version, active_from=active, document=document)

    def opened(self, at: datetime | None = None, **changes: Any) -> dispatch.CaseOpened:
        """An urgent leak, engineering's, unless told otherwise."""
        at = at or self.clock.at
        told = dispatch.CaseOpened(
            **self.about(uuid4()),
            number="2603-5077-1942",
            procedure_version=1,
            channel="web",
            language="zh-Hans",
            category="facility_repair",
            urgency="urgent",
            major=False,
            vip=False,
            anonymous=False,
            department="engineering",
            received_at=at,
            registered_at=at,
        )
        return replace(told, **changes)

    def open(self, at: datetime | None = None, **changes: Any) -> UUID:
        told = self.opened(at, **changes)
        self.hear(told)
        return told.subject

    def reach(self, complaint: UUID, milestone: str, at: datetime | None = None) -> None:
        at = at or self.clock.at
        facts = {"milestone": milestone, "reached_at": at, "by": PERSON, "department": "engineering"}
        self.hear(dispatch.MilestoneReached(**self.about(complaint), **facts))

    def reclassify(self, complaint: UUID, urgency: str, category: str = "facility_repair", **marks: bool) -> None:
        facts = {"category": category, "urgency": urgency, "department": "engineering", "by": PERSON, "reason": "-"}
        before = {"old_category": "facility_repair", "old_urgency": "urgent"}
        self.hear(dispatch.CaseReclassified(**self.about(complaint), **before, **facts, **marks))

    def group(self, complaint: UUID, urgency: str = "general") -> None:
        marks = {"urgency": urgency, "major": True, "department": "engineering"}
        self.hear(dispatch.CaseGrouped(**self.about(complaint), group_id=uuid4(), **marks))

    def assign(self, complaint: UUID, assignee: UUID | None, head: UUID | None = None) -> None:
        people = {"assignee_id": assignee, "head_id": head, "coordinator_id": None}
        self.hear(dispatch.CaseAssigned(**self.about(complaint), department="engineering", reason="-", **people))

    def pause(self, complaint: UUID, waits_for: str = "third_party", since: datetime | None = None) -> UUID:
        told = self.paused(complaint, waits_for, since)
        self.hear(told)
        return told.pause_id

    def paused(
        self, complaint: UUID, waits_for: str = "third_party", since: datetime | None = None, part: UUID | None = None
    ) -> dispatch.CasePaused:
        facts = {"pause_id": uuid4(), "waits_for": waits_for, "party": "电梯公司", "by": PERSON, "reason": "等配件"}
        return dispatch.CasePaused(**self.about(complaint), since=since or self.clock.at, part_id=part, **facts)

    def resume(self, complaint: UUID, pause_id: UUID, at: datetime | None = None) -> None:
        facts = {"pause_id": pause_id, "waits_for": "third_party", "by": PERSON}
        self.hear(dispatch.CaseResumed(**self.about(complaint), resumed_at=at or self.clock.at, **facts))

    def extend(self, complaint: UUID, limit_id: str, due_at: datetime, told: bool = False) -> UUID:
        facts = {"extension_id": uuid4(), "limit_id": limit_id, "due_at": due_at, "told": told}
        old = datetime.fromisoformat(self.clocks(complaint)[limit_id]["due_at"])
        why = {"old_due_at": old, "reason": "零件缺货", "by": PERSON}
        self.hear(dispatch.ExtensionGranted(**self.about(complaint), **facts, **why))
        return facts["extension_id"]

    def told_of(self, complaint: UUID, extension_id: UUID | None, at: datetime | None = None) -> NoticeDelivered:
        about = self.about(complaint) | {"occurred_at": at or self.clock.at}
        facts = {"kind": "extension", "to": "complainant", "channel": "sms", "about": extension_id}
        return NoticeDelivered(**about, notice_id=uuid4(), **facts)

    def part(self, complaint: UUID, state: str, **changes: Any) -> dispatch.PartChanged:
        facts = {"part_id": UUID(int=70), "department": "security", "lead": False, "assignee_id": None, "head_id": None}
        told = facts | {"state": state, "at": self.clock.at} | changes
        return dispatch.PartChanged(**self.about(complaint), **told)

    def reopen(self, complaint: UUID, round: int = 2, again: tuple[str, ...] = ("carried_out", "closed")) -> None:
        facts = {"round": round, "again": again, "reason": "unsatisfied", "by": None, "department": "engineering"}
        self.hear(dispatch.CaseReopened(**self.about(complaint), **facts, reopened_at=self.clock.at))

    def take_out(self, complaint: UUID) -> None:
        """It had been merged into another case wrongly."""
        facts = {"round": 2, "again": ("closed",), "reason": "wrongly_closed", "by": None, "department": "engineering"}
        self.hear(dispatch.CaseReopened(**self.about(complaint), **facts, reopened_at=self.clock.at, taken_out=True))

    def transfer(self, complaint: UUID, to: str) -> None:
        facts = {"from_department": "engineering", "to_department": to, "reason": "交接"}
        self.hear(dispatch.CaseTransferred(**self.about(complaint), **facts, from_person_id=None, to_person_id=None))

    def close(self, complaint: UUID, outcome: str = "solved") -> None:
        facts = {"outcome": outcome, "satisfied": None, "closed_at": self.clock.at}
        self.hear(dispatch.CaseClosed(**self.about(complaint), **facts))

    def about(self, subject: UUID) -> dict[str, Any]:
        return {"tenant_id": self.id, "subject": subject, "occurred_at": self.clock.at}

    def envelope(self, event: Event) -> Envelope:
        """The next thing the event's sender says about its subject."""
        self._said[event.source, event.subject] += 1
        sequence = self._said[event.source, event.subject]
        body = events.encode(event).decode()
        return Envelope(uuid4(), event.source, event.type, event.occurred_at, self.id, event.subject, sequence, body)

    def hear(self, *told: Event) -> None:
        self.service.inbox.receive([self.envelope(event) for event in told])
        assert self.waiting() == 0

    def waiting(self) -> int:
        """Events that are not handled yet."""
        inbox = self.service.plumbing.inbox
        return len([row for row in self.rows(inbox) if row["state"] == DUE])

    def sweep(self, after: timedelta = timedelta(0)) -> list[Event]:
        """Let time pass and the alarms be looked at once; returns what was said then."""
        self.clock.at += after
        before = len(self.said())
        for job in self.service.jobs:
            while job.run():
                pass
        return self.said()[before:]

    def said(self, kind: type[Event] = Event) -> list[Any]:
        """What sla said to the others about this firm, in order."""
        waiting = sorted(self.rows(self.service.plumbing.outbox), key=lambda row: row["event_id"].bytes)
        said = [
            events.decode(
                row["type"],
                row["body"].encode(),
                tenant_id=self.id,
                subject=row["subject"],
                occurred_at=row["occurred_at"],
            )
            for row in waiting
        ]
        return [event for event in said if isinstance(event, kind)]

    def clocks(self, complaint: UUID) -> dict[str, dict[str, Any]]:
        """What staff see, by limit; of a limit stopped and started again the last one."""
        return {clock["limit_id"]: clock for clock in self.listed(complaint)}

    def listed(self, complaint: UUID) -> list[dict[str, Any]]:
        answer = self.get(f"/v1/complaints/{complaint}/clocks")
        assert answer.status_code == 200, answer.json
        return sorted(answer.json["items"], key=lambda clock: clock["clock_id"])

    def get(self, path: str, *roles: str) -> Any:
        who = auth.Principal(self.id, PERSON, "周敏", roles=frozenset(roles or ("front_line",)))
        return self._ask(path, "tenants", who)

    def get_permitted(self, path: str, *scopes: str) -> Any:
        """As who holds a permit that intake signed."""
        return self._ask(path, "intake", auth.Principal(self.id, None, "complainant", scopes=frozenset(scopes)))

    def promises(self, complaint: UUID) -> list[dict[str, Any]]:
        """What its complainant reads."""
        return self.get_permitted("/v1/promises", "promises", f"complaint:{complaint}").json["items"]

    def _ask(self, path: str, issuer: str, who: auth.Principal) -> Any:
        signed = auth.Issuer(issuer, self.keys).sign(who, self.clock.at, timedelta(minutes=5))
        return self.service.app.test_client().get(path, headers={"Authorization": f"Bearer {signed}"})

    def rows(self, table: Table) -> list[Any]:
        with self.service.database.read() as connection:
            tenancy.bind(connection, self.id)
            return list(connection.execute(table.select().where(table.c.tenant_id == self.id)).mappings())

    def alarms(self) -> list[Any]:
        return self.rows(tables.alarms)

    def tamper(self, statement: str) -> None:
        with self.service.database.write() as connection:
            tenancy.bind(connection, self.id)
            connection.execute(text(statement))


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.fixture
def urls(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Urls:
    if database == "sqlite":
        address = f"sqlite:///{tmp_path}/sla.sqlite"
        return Urls(address, address, address)
    return give_roles(request.getfixturevalue("postgres_database"), "sla")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    auth.make_keys(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def service(urls: Urls, clock: StandingClock, keys: Path) -> Iterator[Service]:
    migrate.upgrade("sla", urls.owner, main.METADATA)
    built = main.build(Config(database_url=urls.web, worker_database_url=urls.worker, keys_dir=keys), clock)
    yield built
    built.database.close()
    built.units.database.close()


@pytest.fixture
def new_firm(service: Service, clock: StandingClock, keys: Path) -> Callable[[], Firm]:
    """Firms of one platform; sla knows nothing of them yet."""
    return lambda: Firm(service, clock, keys)


@pytest.fixture
def patient(new_firm: Callable[[], Firm]) -> Firm:
    """A firm with limits that wait for others, one in each way of counting."""
    firm = new_firm()
    firm.hear(firm.created(), firm.published(extra_limits=tuple(map(waiting_limit, ("10h", "8wh", "3wd", "7d")))))
    return firm


def waiting_limit(within: str) -> dict[str, Any]:
    return {
        "id": within,
        "name": {"zh-Hans": within, "en": within},
        "from": "received",
        "to": "carried_out",
        "within": within,
        "warn": "50%",
        "ladder": "standard",
        "pause": ["third_party"],
        "extension": {"by": ["manager"], "at_most": "30d", "times": 2},
    }


@pytest.fixture
def firm(new_firm: Callable[[], Firm]) -> Firm:
    """A firm that works by P1."""
    firm = new_firm()
    firm.hear(firm.created(), firm.published())
    return firm
