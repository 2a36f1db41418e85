"""The whole platform in one thread: built once per process, set back to its first morning before each story."""

import shutil
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

from deploy import embedded
from deploy.databases import Databases
from libs.common import foundation
from libs.common.auth import Issuer, Principal
from libs.common.outbox import Relay
from libs.common.procedure import presets
from libs.common.procedure.document import Procedure
from libs.common.procedure.reading import read
from libs.common.service import Service
from libs.common.testing.still_clock import StillClock
from services.intake import main as intake
from services.notify import main as notify
from services.notify.domain.message import Gateway
from services.notify.domain.restraint import Restraint
from services.sla import main as sla
from services.sla.store.rules import Seen
from services.tenants.domain.person import NewPerson
from services.tenants.domain.tenant import NewTenant
from services.tenants.handlers.founding import create_tenant
from services.tenants.handlers.people import add_person
from services.tenants.handlers.places import add_place
from services.tenants.handlers.procedures import propose, publish_procedure
from tests.simulation.chance import determined
from tests.simulation.everything import with_everything
from tests.simulation.faults import FallibleDatabase
from tests.simulation.partners import BookingPlatform, CarryingBroker, Partner

# Where each preset's house stands, if not in China: some change their clocks twice a year.
HOMES = {
    "uk-housing-ombudsman-2024": ("Europe/London", "GB"),
    "iso-10002": ("America/New_York", "US"),
}
IN_CHINA = ("Asia/Shanghai", "CN")
FOUNDED = datetime(2026, 1, 5, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Staff:
    person_id: UUID
    roles: tuple[str, ...]
    departments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tenant:
    tenant_id: UUID
    slug: str
    procedure: Procedure
    staff: tuple[Staff, ...]
    zone: ZoneInfo
    document: dict[str, Any]
    building_id: UUID


class Memory:
    """Whom notify told how often lately, until its process dies."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._restraint = Restraint(b"of one process")

    def allowed_from(self, address: str, now: datetime) -> datetime:
        return self._restraint.allowed_from(address, now)


@dataclass(frozen=True)
class Door:
    """Where the booking platform brings what guests of the first tenant wrote, and what it signs with."""

    token: str
    secret: str


@dataclass
class Simulated:
    """`start` once, `set_back` before each story. The first tenant's Procedure has something of everything.

    `look` asks a database beside the platform's own connections.
    """

    folder: Path
    clock: StillClock = field(default_factory=lambda: StillClock(FOUNDED))
    tenants: list[Tenant] = field(default_factory=list)
    gateways: dict[str, Gateway] = field(default_factory=dict)

    def start(self) -> None:
        with determined(0, self.clock) as chosen:
            self.broker = CarryingBroker(self.clock, chosen)
            environ = embedded.environment(self.folder / "now")
            self._build(environ)
            self.issuer = Issuer("tenants", Path(environ["KEYS_DIR"]))
            documents = [with_everything(), *map(presets.load, presets.names())]
            for number, document in enumerate(documents, start=1):
                self.tenants.append(self._found(f"tenant-{number}", document))
            self._let_all_know()
            self.door = open_door(self)
        self._close()
        shutil.copytree(self.folder / "now", self.folder / "first-morning")

    def stop(self) -> None:
        self._close()

    def set_back(self) -> None:
        """The databases, clock and memory of the first morning."""
        self._close()
        for kept in (self.folder / "first-morning").glob("*.sqlite"):
            for leftover in ("-wal", "-shm"):
                (self.folder / "now" / f"{kept.name}{leftover}").unlink(missing_ok=True)
            shutil.copyfile(kept, self.folder / "now" / kept.name)
        self.clock.set(FOUNDED)
        self.forget("notify")
        self.forget("sla")
        self._looks = {name: sqlite3.connect(self._file(name), isolation_level=None) for name in self.services}

    def forget(self, service: str) -> None:
        """What a process of this service loses when it dies: only these remember anything of their own."""
        if service == "notify":
            self.memory.begin()
        if service == "sla":
            for remembered in (self.seen.procedures, self.seen.zones, self.seen.published):
                remembered.clear()

    def look(self, service: str, statement: str) -> Any:
        """The first column of the first row, None without one."""
        row = self._looks[service].execute(statement).fetchone()
        return row[0] if row else None

    def look_at_all(self, service: str, statement: str) -> list[Any]:
        """The first column."""
        return [row[0] for row in self._looks[service].execute(statement)]

    def databases(self) -> Databases:
        return Databases(f"sqlite:///{self.folder}/now/{{service}}.sqlite")

    def relay(self, service: Service) -> Relay:
        return Relay(service.name, service.database, service.plumbing, self.broker)

    def _build(self, environ: dict[str, str]) -> None:
        self.memory, self.seen = Memory(), Seen()
        self.booking = BookingPlatform(self.broker.chosen)
        self.gateways |= {
            "sms": Partner(repeatable=False, chosen=self.broker.chosen),
            "email": Partner(repeatable=True, chosen=self.broker.chosen),
        }
        embedded.prepare(environ)
        with (
            patch.object(embedded, "clock", lambda _: self.clock),
            patch.object(foundation, "Database", FallibleDatabase),
            patch.object(intake, "StatusAddresses", lambda private: self.booking),
            patch.object(sla, "Seen", lambda: self.seen),
            patch.object(notify, "_gateways", lambda _: self.gateways),
            patch.object(notify, "Restraint", lambda _: self.memory),
        ):
            self.services = embedded.assemble(environ).services

    def _found(self, slug: str, document: dict[str, Any]) -> Tenant:
        time_zone, country = HOMES.get(document["procedure"], IN_CHINA)
        for calendar in document["calendars"].values():
            calendar |= {"time_zone": time_zone, "country": country}
        procedure = read(document)
        new = NewTenant(slug=slug, name=slug, kind="property", language="zh-Hans", time_zone=time_zone, country=country)
        units = self.services["tenants"].units
        tenant_id = UUID(int=self.broker.chosen.getrandbits(128), version=4)
        with units.begin(tenant_id) as work:
            create_tenant(work, new, _person("admin", ("admin",)))
            publish_procedure(work, propose(document), accept_warnings=True)  # its people come later
        staff: list[Staff] = []
        for login, roles, departments in _house(procedure):
            with units.begin(tenant_id) as work:
                staff.append(Staff(add_person(work, _person(login, roles, departments)), roles, departments))
        with units.begin(tenant_id) as work:
            estate = add_place(work, "property", "云杉小区")
            building = add_place(work, "building", "2号楼", estate["place_id"])
        return Tenant(tenant_id, slug, procedure, tuple(staff), ZoneInfo(time_zone), document, building["place_id"])

    def _let_all_know(self) -> None:
        """Carry what was said until everybody has heard it."""
        self.relay(self.services["tenants"]).publish_waiting(self.clock.now)
        self.clock.advance(minutes=1)
        for name, service in self.services.items():
            while self.broker.queues.get(name):
                self.broker.deliver(name, service.inbox)

    def _close(self) -> None:
        for look in getattr(self, "_looks", {}).values():
            look.close()
        for service in self.services.values():
            service.database.close()
            service.units.database.close()

    def _file(self, service: str) -> Path:
        return self.folder / "now" / f"{service}.sqlite"


def open_door(platform: Simulated) -> Door:
    admin = Principal(platform.tenants[0].tenant_id, UUID(int=1), "somebody", frozenset({"admin"}))
    token = platform.issuer.sign(admin, platform.clock.now(), timedelta(minutes=10))
    form = {"kind": "ota", "platform": "booking", "status_url": "https://booking.example/status"}
    client = platform.services["intake"].app.test_client()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "door"}
    opened = client.post("/v1/channel-accounts", json=form, headers=headers).get_json()
    return Door(opened["door"], opened["secret"])


def _house(procedure: Procedure) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Two hands and a head for each department, and those above them."""
    people: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    for department in procedure.departments:
        people += [(f"{department.id}-{n}", ("front_line",), (department.id,)) for n in (1, 2)]
        people.append((f"{department.id}-head", ("supervisor",), (department.id,)))
    return [*people, ("coordinator", ("coordinator",), ()), ("manager", ("manager",), ())]


def _person(login: str, roles: tuple[str, ...], departments: tuple[str, ...] = ()) -> NewPerson:
    email = f"{login.replace('_', '-')}@house.example"
    return NewPerson(name=login, login=login, roles=roles, departments=departments, email=email)
