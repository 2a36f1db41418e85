"""A notify service on a real database, with stand-in partners, and intake and tenants as small answering sides."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from libs.common import auth, events, migrate
from libs.common.config import Secret
from libs.common.envelope import Envelope
from libs.common.events.dispatch import CaseAssigned, CaseOpened, ResultGiven
from libs.common.events.sla import ClockStarted
from libs.common.events.tenants import ProcedurePublished, TenantCreated
from libs.common.procedure import presets
from libs.common.testing.partners.mail import MailPartner
from libs.common.testing.partners.sms import SmsPartner
from libs.common.testing.roles import Urls, give_roles
from libs.common.testing.still_clock import StillClock
from services.notify.config import Config
from services.notify.main import METADATA, build

MORNING = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)  # 10:30 in Shanghai
NUMBER = "2611-4827-3065"
GUEST = {
    "name": "林晓岚",
    "phone": "+8613900001111",
    "email": "lin.xiaolan@guest.example",
    "language": "zh-Hans",
    "answer_by": [],
    "anonymous": False,
    "number": NUMBER,
    "tracking_secret": "K7QM-2X9P",
    "tenant_slug": "yunqi",
}
CALLBACK_TOKEN = "report-token-of-this-test"


class AnsweringSide:
    """A service that is asked over HTTP: `answers` by path; away while `away`."""

    def __init__(self) -> None:
        self.answers: dict[str, dict] = {}
        self.away = False
        self.asked: list[httpx.Request] = []

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(lambda request: self.answer(request))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.away:
            raise httpx.ConnectError("refused", request=request)
        found = self.answers.get(request.url.path)
        return httpx.Response(404) if found is None else httpx.Response(200, json=found)


class Desk:
    """The service with everything around it, and the short ways to talk to it."""

    def __init__(self, urls: Urls, folder, sms: SmsPartner, mail: MailPartner) -> None:
        auth.make_keys(folder / "keys")
        self.folder, self.sms, self.mail = folder, sms, mail
        self.clock, self.intake, self.tenants = StillClock(MORNING), AnsweringSide(), AnsweringSide()
        self.tenant_id, self.complaint_id = uuid4(), uuid4()
        self.assignee, self.head, self.coordinator = uuid4(), uuid4(), uuid4()
        self._heard: Counter[tuple[str, UUID]] = Counter()
        migrate.upgrade("notify", urls.owner, METADATA)
        self.config = Config(
            database_url=urls.web,
            worker_database_url=urls.worker,
            keys_dir=folder / "keys",
            intake_url="http://intake",
            tenants_url="http://tenants",
            public_url="https://redress.example",
            smtp_url=Secret(f"smtp://{mail.host}:{mail.port}?tls=none&sender=no-reply@redress.example"),
            aliyun_key_id="demo-key",
            aliyun_key_secret=Secret("demo-secret"),
            aliyun_endpoint=sms.url,
            aliyun_callback_token=Secret(CALLBACK_TOKEN),
        )
        self.service = self.built()
        self.reached_at()
        for person in (self.assignee, self.head, self.coordinator):
            self.person_at(person, email=f"{person}@staff.example", phone=None, language="zh-Hans")

    def built(self, **different):
        """The service, under settings that differ in these."""
        return build(replace(self.config, **different), self.clock, self.intake.transport, self.tenants.transport)

    def end(self) -> None:
        self.service.units.database.close()
        self.service.database.close()

    # what the others say

    def envelope(self, event: events.Event) -> Envelope:
        """The event as it travels, next in its sender's story."""
        self._heard[(event.source, event.subject)] += 1
        sequence = self._heard[(event.source, event.subject)]
        body = events.encode(event).decode()
        return Envelope(
            uuid4(), event.source, event.type, event.occurred_at, event.tenant_id, event.subject, sequence, body
        )

    def hear(self, *happened: events.Event) -> list[Envelope]:
        """Take them in as one batch, as the broker would hand them over."""
        envelopes = [self.envelope(event) for event in happened]
        self.service.inbox.receive(envelopes)
        return envelopes

    def event(self, kind: type[events.Event], /, **fields) -> events.Event:
        """An event about the complaint, now."""
        about = {"tenant_id": self.tenant_id, "subject": self.complaint_id, "occurred_at": self.clock.now()}
        return kind(**(about | fields))

    def tenant_joins(self, document: dict | None = None) -> None:
        created = self.event(
            TenantCreated,
            subject=self.tenant_id,
            slug="yunqi",
            name="云栖物业",
            kind="property",
            language="zh-Hans",
            time_zone="Asia/Shanghai",
            country="CN",
        )
        self.hear(created, self.published(1, document or self.procedure()))

    def published(self, version: int, document: dict) -> events.Event:
        active_from = self.clock.now() - timedelta(days=1)
        about = {"subject": self.tenant_id, "version": version, "active_from": active_from, "document": document}
        return self.event(ProcedurePublished, **about)

    def opened(self, **fields) -> events.Event:
        usual = {
            "number": NUMBER,
            "procedure_version": 1,
            "channel": "web",
            "language": "zh-Hans",
            "category": "facility_repair",
            "urgency": "general",
            "major": False,
            "vip": False,
            "anonymous": False,
            "department": "engineering",
            "received_at": self.clock.now(),
            "registered_at": self.clock.now(),
        }
        return self.event(CaseOpened, **(usual | fields))

    def assigned(self, **fields) -> events.Event:
        people = {"assignee_id": self.assignee, "head_id": self.head, "coordinator_id": self.coordinator}
        return self.event(CaseAssigned, **({"department": "engineering", "reason": "on duty"} | people | fields))

    def started(self, **fields) -> events.Event:
        usual = {
            "clock_id": uuid4(),
            "limit_id": "engineering-on-site",
            "milestone_from": "received",
            "milestone_to": "on_site",
            "started_at": self.clock.now(),
            "due_at": self.clock.now() + timedelta(hours=4),
            "provisional": False,
            "department": "engineering",
        }
        return self.event(ClockStarted, **(usual | fields))

    def result(self, **fields) -> events.Event:
        usual = {"text": "水管已更换。", "written": True, "spoken": False, "by": self.assignee}
        return self.event(ResultGiven, **(usual | fields))

    @staticmethod
    def procedure() -> dict:
        """P1, for a test to change."""
        return presets.load("p1-accommodation")

    def opened_with_mail(self, on: str, to: str, body: str, **fields) -> events.Event:
        """A case under P1, but on this occasion with this mail alone; the complainant left no number."""
        self.reached_at(phone=None)
        mail = {"subject": "{number}", "body": body}
        templates = {"email": {"zh-Hans": mail, "en": mail}}
        document = self.procedure()
        others = [notice for notice in document["notices"] if notice["on"] != on]
        notice = {"id": f"the-{on}", "on": on, "to": [to], "channels": ["email"], "templates": templates}
        document["notices"] = [*others, notice]
        document["survey"] |= {"reminders": 2}
        self.hear(self.published(2, document))
        return self.opened(procedure_version=2, **fields)

    # what the others answer

    def reached_at(self, **different) -> None:
        """What intake says about the complainant: the usual guest, but for what is different."""
        path = f"/v1/complaints/{self.complaint_id}/contact"
        self.intake.answers[path] = GUEST | different

    def erase_complaint(self) -> None:
        self.intake.answers.clear()

    def person_at(self, person_id: UUID, **address) -> None:
        self.tenants.answers[f"/v1/people/{person_id}/address"] = address

    # what notify does

    def send(self) -> None:
        """Let one hand send until nothing is due."""
        while self.service.jobs[0].run():
            pass

    def send_after(self, **span: float) -> None:
        self.clock.advance(**span)
        self.send()

    def get(self, path: str, role: str = "front_line", tenant_id: UUID | None = None):
        return self.service.app.test_client().get(path, headers=self.bearer(role, tenant_id))

    def post(self, path: str, role: str = "front_line", **more):
        return self.service.app.test_client().post(path, **({"headers": self.bearer(role)} | more))

    def notices(self) -> list[dict]:
        return self.get(f"/v1/complaints/{self.complaint_id}/notices").json["items"]

    def notice(self, to: str = "complainant", kind: str = "registered") -> dict:
        """The newest entry of this kind to them."""
        return [each for each in self.notices() if (each["to"], each["kind"]) == (to, kind)][-1]

    def report(self, *lines: dict, token: str = CALLBACK_TOKEN):
        return self.service.app.test_client().post(f"/v1/callbacks/aliyun/{token}", json=list(lines))

    def bearer(self, role: str, tenant_id: UUID | None = None) -> dict[str, str]:
        person = auth.Principal(tenant_id or self.tenant_id, uuid4(), "周敏", roles=frozenset({role}))
        token = auth.Issuer("tenants", self.folder / "keys").sign(person, self.clock.now(), timedelta(minutes=9))
        return {"Authorization": f"Bearer {token}"}

    # what is in its tables

    def said(self) -> list[events.Event]:
        """What notify has said so far, in order."""
        rows = self.rows("select type, body, tenant_id, subject, occurred_at from outbox order by event_id")
        about = {"tenant_id": self.tenant_id, "subject": self.complaint_id, "occurred_at": self.clock.now()}
        return [events.decode(row["type"], row["body"].encode(), **about) for row in rows]

    def rows(self, statement: str) -> list[dict]:
        with self.service.database.read() as connection:
            return [dict(row) for row in connection.execute(text(statement)).mappings()]

    def everything_stored(self) -> str:
        """Every value of every row of every table, as text."""
        found = []
        with self.service.units.database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"select set_config('app.tenant', '{self.tenant_id}', true)"))
            for table in METADATA.sorted_tables:
                found += [repr(tuple(row)) for row in connection.execute(table.select())]
        return "\n".join(found)


@pytest.fixture
def urls(request, tmp_path) -> Urls:
    """A fresh database: SQLite unless the test asks for PostgreSQL."""
    if getattr(request, "param", "sqlite") == "sqlite":
        url = f"sqlite:///{tmp_path}/notify.db"
        return Urls(url, url, url)
    return give_roles(request.getfixturevalue("postgres_database"), "notify")


@pytest.fixture
def sms() -> Iterator[SmsPartner]:
    with SmsPartner() as partner:
        yield partner


@pytest.fixture
def mail() -> Iterator[MailPartner]:
    with MailPartner() as partner:
        yield partner


@pytest.fixture
def newcomer(urls, tmp_path, sms, mail) -> Iterator[Desk]:
    """A service that knows no tenant yet."""
    desk = Desk(urls, tmp_path, sms, mail)
    yield desk
    desk.end()


@pytest.fixture
def desk(newcomer) -> Desk:
    """A service that knows one tenant, under P1."""
    newcomer.tenant_joins()
    return newcomer


@pytest.fixture
def registered(desk) -> Desk:
    """A case is open and its first time limit runs."""
    desk.hear(desk.opened(), desk.started())
    return desk
