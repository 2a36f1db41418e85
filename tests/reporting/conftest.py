"""A reporting service on a SQLite file, and a firm whose services tell it stories."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from libs.common import auth, events, migrate
from libs.common.envelope import Envelope
from libs.common.events import Event, dispatch, intake, notify, sla
from libs.common.events.tenants import ProcedurePublished, TenantCreated
from libs.common.plumbing import DUE
from libs.common.procedure import presets
from libs.common.service import Service
from libs.common.testing.still_clock import StillClock
from services.reporting import main
from services.reporting.config import Config
from services.reporting.domain.kpis import Kpis
from services.reporting.domain.period import Period
from services.reporting.handlers.audit import mismatches
from services.reporting.handlers.figures import kpis_of

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)  # in Shanghai
PERSON = UUID(int=7)


class Firm:
    """One tenant: builds what its services say, numbers it, and asks for its figures."""

    def __init__(self, service: Service, clock: StillClock, keys: Path, zone: str = "Asia/Shanghai") -> None:
        self.service, self.clock, self.keys = service, clock, keys
        self.id = uuid4()
        self.said: Counter[tuple[str, UUID]] = Counter()
        self.created = TenantCreated(
            **self.about(self.id),
            slug=self.id.hex,
            name="Lotus Gardens",
            kind="property",
            language="zh-Hans",
            time_zone=zone,
            country="CN",
        )

    def about(self, subject: UUID) -> dict[str, Any]:
        return {"tenant_id": self.id, "subject": subject, "occurred_at": NOON}

    def envelope(self, event: Event) -> Envelope:
        """The next thing the event's sender says about its subject."""
        self.said[event.source, event.subject] += 1
        sequence = self.said[event.source, event.subject]
        body = events.encode(event).decode()
        return Envelope(uuid4(), event.source, event.type, event.occurred_at, self.id, event.subject, sequence, body)

    def hear(self, *told: Event) -> None:
        self.service.inbox.receive([self.envelope(event) for event in told])
        assert self.waiting() == 0

    def hear_all(self, envelopes: list[Envelope]) -> None:
        """Whatever waits for a word is tried again as time goes by."""
        self.service.inbox.receive(envelopes)
        for _ in range(50):
            while self.service.inbox.work_due():
                pass
            if self.waiting() == 0:
                return
            self.clock.advance(seconds=10)
        pytest.fail("something still waits")

    def tamper(self, statement: str) -> None:
        with self.service.database.write() as connection:
            connection.execute(text(statement), {"tenant": self.id.hex})

    def waiting(self) -> int:
        inbox = self.service.plumbing.inbox
        with self.service.database.read() as connection:
            this = (inbox.c.tenant_id == self.id) & (inbox.c.state == DUE)
            return len(connection.execute(inbox.select().where(this)).all())

    def registered(
        self, complaint: UUID | None = None, at: datetime = NOON, **changes: Any
    ) -> intake.ComplaintRegistered:
        told = intake.ComplaintRegistered(
            **self.about(complaint or uuid4()),
            number="2603-1234-5678",
            channel="web",
            language="zh-Hans",
            received_at=at,
            registered_at=at,
            received_by=None,
            place_id=None,
            place_label=None,
            text="电梯又停了",
            asked_for=None,
            category="noise",
            urgency=None,
            major=False,
            vip=False,
            anonymous=False,
            claimed_amount=None,
            external_ref=None,
            attachments=(),
        )
        return replace(told, **changes)

    def opened(self, of: intake.ComplaintRegistered, **changes: Any) -> dispatch.CaseOpened:
        told = dispatch.CaseOpened(
            **self.about(of.subject),
            number=of.number,
            procedure_version=1,
            channel=of.channel,
            language=of.language,
            category="facilities",
            urgency="general",
            major=False,
            vip=False,
            anonymous=of.anonymous,
            department="engineering",
            received_at=of.received_at,
            registered_at=of.registered_at,
        )
        return replace(told, **changes)

    def reached(self, complaint: UUID, milestone: str, at: datetime) -> dispatch.MilestoneReached:
        return dispatch.MilestoneReached(
            **self.about(complaint), milestone=milestone, reached_at=at, by=PERSON, department="engineering"
        )

    def transferred(self, complaint: UUID, to: str) -> dispatch.CaseTransferred:
        return dispatch.CaseTransferred(
            **self.about(complaint),
            from_department="engineering",
            to_department=to,
            from_person_id=None,
            to_person_id=PERSON,
            reason="hand-over",
        )

    def reclassified(self, complaint: UUID, category: str, department: str) -> dispatch.CaseReclassified:
        return dispatch.CaseReclassified(
            **self.about(complaint),
            old_category="facilities",
            old_urgency="general",
            category=category,
            urgency="urgent",
            department=department,
            by=PERSON,
            reason="it is about safety",
        )

    def closed(
        self, complaint: UUID, at: datetime = NOON, satisfied: bool | None = None, outcome: str = "solved"
    ) -> dispatch.CaseClosed:
        return dispatch.CaseClosed(**self.about(complaint), outcome=outcome, satisfied=satisfied, closed_at=at)

    def reopened(self, complaint: UUID, round: int = 2) -> dispatch.CaseReopened:
        return dispatch.CaseReopened(
            **self.about(complaint),
            round=round,
            again=("carried_out",),
            reason="unsatisfied",
            reopened_at=NOON,
            by=None,
            department="engineering",
        )

    def linked(self, complaint: UUID, relation: str) -> dispatch.CaseLinked:
        return dispatch.CaseLinked(**self.about(complaint), other_id=uuid4(), relation=relation)

    def unlinked(self, complaint: UUID, follows: UUID | None) -> dispatch.CaseUnlinked:
        by = {"by": uuid4(), "reason": "不同的事"}
        return dispatch.CaseUnlinked(
            **self.about(complaint), other_id=uuid4(), relation="repeats", follows=follows, **by
        )

    def grouped(self, complaint: UUID) -> dispatch.CaseGrouped:
        marks = {"urgency": "urgent", "major": True, "department": "security"}
        return dispatch.CaseGrouped(**self.about(complaint), group_id=uuid4(), **marks)

    def answered(self, complaint: UUID, satisfied: bool) -> notify.SurveyAnswered:
        return notify.SurveyAnswered(
            **self.about(complaint),
            survey_id=uuid4(),
            score=5 if satisfied else 1,
            scale=5,
            satisfied=satisfied,
            comment=None,
            channel="web",
            by=None,
        )

    def published(self, version: int = 1, **sections: Any) -> ProcedurePublished:
        document = presets.load("p1-accommodation") | sections
        return ProcedurePublished(
            **self.about(self.id), version=version, active_from=self.clock.now(), document=document
        )

    def started(self, complaint: UUID, due_at: datetime = NOON, milestone: str = "on_site") -> sla.ClockStarted:
        return sla.ClockStarted(
            **self.about(complaint),
            clock_id=uuid4(),
            limit_id=f"to-{milestone}",
            milestone_from="received",
            milestone_to=milestone,
            started_at=due_at - timedelta(hours=2),
            due_at=due_at,
            provisional=False,
            department="engineering",
        )

    def breached(self, clock: sla.ClockStarted) -> sla.ClockBreached:
        return sla.ClockBreached(
            **self.about(clock.subject),
            clock_id=clock.clock_id,
            limit_id=clock.limit_id,
            due_at=clock.due_at,
            department="engineering",
        )

    def met(self, clock: sla.ClockStarted, in_time: bool) -> sla.ClockMet:
        return sla.ClockMet(
            **self.about(clock.subject),
            clock_id=clock.clock_id,
            limit_id=clock.limit_id,
            met_at=clock.due_at,
            due_at=clock.due_at,
            in_time=in_time,
            elapsed_seconds=60,
        )

    def kpis(
        self,
        first: date = date(2026, 3, 1),
        last: date = date(2026, 3, 31),
        departments: frozenset[str] | None = None,
    ) -> Kpis:
        with self.service.units.read(self.id) as store:
            return kpis_of(store, Period(first, last), departments)

    def mismatches(self) -> list[str]:
        with self.service.units.read(self.id) as store:
            return mismatches(store)

    def token(self, *roles: str, departments: tuple[str, ...] = (), **also: Any) -> dict[str, str]:
        who = auth.Principal(
            self.id, PERSON, "Li Na", roles=frozenset(roles), departments=frozenset(departments), **also
        )
        signed = auth.Issuer("tenants", self.keys).sign(who, self.clock.now(), timedelta(minutes=5))
        return {"Authorization": f"Bearer {signed}"}

    def get(self, path: str, *roles: str, departments: tuple[str, ...] = (), **query: Any) -> Any:
        headers = self.token(*(roles or ("manager",)), departments=departments)
        asked = {"from": "2026-03-01", "to": "2026-03-31"} | query
        return self.service.app.test_client().get(path, query_string=asked, headers=headers)


@pytest.fixture(scope="session")
def clock() -> StillClock:
    return StillClock(NOON)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    auth.make_keys(folder)
    return folder


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, clock: StillClock, keys: Path) -> Iterator[Service]:
    url = f"sqlite:///{tmp_path_factory.mktemp('reporting')}/reporting.db"
    migrate.upgrade("reporting", url, main.METADATA)
    built = main.build(Config(database_url=url, worker_database_url=url, keys_dir=keys), clock)
    yield built
    built.database.close()


@pytest.fixture
def unknown_firm(service: Service, clock: StillClock, keys: Path) -> Firm:
    """A tenant that reporting has not heard of."""
    return Firm(service, clock, keys)


@pytest.fixture
def firm_of(clock: StillClock, keys: Path) -> Callable[..., Firm]:
    """Makes tenants that a service knows: `firm_of(service, zone)`."""

    def make(service: Service, zone: str = "Asia/Shanghai") -> Firm:
        made = Firm(service, clock, keys, zone)
        made.hear(made.created)
        return made

    return make


@pytest.fixture
def new_firm(service: Service, firm_of: Callable[..., Firm]) -> Callable[..., Firm]:
    """Makes tenants of the SQLite service: `new_firm(zone)`."""
    return partial(firm_of, service)


@pytest.fixture
def firm(new_firm: Callable[..., Firm]) -> Firm:
    return new_firm()


@pytest.fixture
def another_firm(new_firm: Callable[..., Firm]) -> Firm:
    return new_firm()
