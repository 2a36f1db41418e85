"""R18: contact data lives in one place. Five hundred complainants come in by every door, in their fields and in their
words; then every byte that the platform has written is searched for them."""

import json
import logging
import re
import sqlite3
from dataclasses import dataclass
from email.message import EmailMessage
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from deploy.callers import Platform as Partner
from libs.common import telemetry
from libs.common.privacy.sealing import Seal
from libs.common.traces import LocalSpans
from tests.journeys.conftest import MONDAY, Journey
from tests.platforms.embedded import Embedded
from tests.platforms.firm import only_acknowledge, open_a_firm

COUNT = 500  # what CANARY knows: numbers 000 to 499
SURNAMES = "王李张刘陈杨黄赵周吴"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
CANARY = re.compile(
    rb"13960000[0-4]\d\d|canary0[0-4]\d\d@|1101051985\d{7}"
    rb"|\xe9[\x80-\x87][\x80-\xbf]\xe7[\x80-\x87][\x80-\xbf]|\\u9[01][0-9a-f]{2}\\u7[01][0-9a-f]{2}"
)
SERVICES = ("tenants", "dispatch", "sla", "notify", "reporting")


def test_no_file_of_the_platform_holds_contact_data(told):
    """Databases with their freed pages and journals, spans, attachments, settings."""
    files = [path for path in told.folder.rglob("*") if path.is_file()]
    assert {path.stem for path in files} > {"intake", "traces", *SERVICES}
    assert {path.name: found for path in files if (found := leaks(path.read_bytes()))} == {}


@pytest.mark.parametrize("service", SERVICES)
def test_no_column_of_another_service_holds_contact_data(service, told):
    columns = dict(columns_of(told.folder / f"{service}.sqlite"))
    assert columns
    assert {column: found for column, values in columns.items() if (found := leaks(values))} == {}


def test_what_was_said_between_services_is_there_and_masked(told):
    columns = dict(columns_of(told.folder / "intake.sqlite"))
    assert columns["sent.body"].count("水管爆管".encode()) >= COUNT
    assert b"139****0000" in columns["sent.body"]


def test_no_log_line_holds_contact_data(told):
    lines = told.log.getvalue().splitlines()
    assert lines and all(json.loads(line)["message"] for line in lines)
    assert leaks("\n".join(lines).encode()) == []


def test_no_figure_for_operators_holds_contact_data(told):
    for service in told.platform.platform.services.values():
        answer = service.app.test_client().get("/metrics")
        assert answer.status_code == 200 and leaks(answer.data) == []


def test_intake_keeps_them_sealed_and_can_open_them(told):
    seal = Seal(bytes.fromhex(json.loads((told.folder / "secrets.json").read_text())["PLATFORM_KEY"]))
    opened = {field: set() for field in ("name", "phone", "email", "identity_number")}
    for row in rows_of(told.folder / "intake.sqlite", "complainants"):
        tenant, complaint = UUID(row["tenant_id"]), UUID(row["complaint_id"])
        for field in opened.keys() & {name for name, value in row.items() if value is not None}:
            opened[field].add(seal.open(row["key"], tenant, complaint, field, row[field]))
    people = [Complainant(number) for number in range(COUNT)]
    assert {person.name for person in people} <= opened["name"]
    assert {f"+86{person.phone}" for person in people if person.number % 4 < 2} <= opened["phone"]


@pytest.mark.parametrize("canary", ["name", "phone", "email", "identity"])
def test_one_complainant_left_lying_about_is_found(canary):
    left = str(getattr(Complainant(123), canary))
    assert leaks(f"…{left}…".encode()) and leaks(json.dumps({"said": left}).encode())


@dataclass(frozen=True)
class Complainant:
    number: int

    @property
    def name(self) -> str:
        return SURNAMES[self.number % 10] + chr(0x9000 + self.number) + chr(0x7000 + self.number)

    @property
    def phone(self) -> str:
        return f"1396{self.number:07}"

    @property
    def email(self) -> str:
        return f"canary{self.number:04}@mail.example"

    @property
    def identity(self) -> str:
        first = f"1101051985{1 + self.number % 12:02}{1 + self.number % 28:02}{self.number:03}"
        return (
            first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11]
        )

    @property
    def words(self) -> str:
        return f"我是{self.name}，302室水管爆管。电话{self.phone}，邮箱{self.email}，身份证{self.identity}，请回复。"

    @property
    def form(self) -> dict[str, Any]:
        who = {"name": self.name, "phone": self.phone, "email": self.email, "identity_number": self.identity}
        return who | {"where": "3号楼", "text": self.words}


@dataclass
class Told:
    """A platform after everybody has complained."""

    platform: Embedded
    log: StringIO

    @property
    def folder(self) -> Path:
        return self.platform.folder


@pytest.fixture(scope="module")
def told():
    platform, log = Embedded(), StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(telemetry.JsonLines())
    logging.getLogger().addHandler(handler)
    spans = telemetry.configure("redress", LocalSpans(platform.folder / "traces.db"))
    platform.clock.begin_at(MONDAY)
    platform.start()
    firm = open_a_firm(platform, "qinghe")
    only_acknowledge(firm)
    journey = Journey(platform, firm)
    everybody_complains(journey)
    journey.rest()
    one_is_worked_to_the_end(journey)
    logging.getLogger("tests").warning("the last line")
    spans.force_flush()
    yield Told(platform, log)
    platform.stop()
    spans.shutdown()
    telemetry.configure("redress", None)
    logging.getLogger().removeHandler(handler)


def everybody_complains(journey):
    """A quarter each by form, phone, mail and booking platform."""
    desk, admin, guest = journey.person("desk"), journey.person("admin"), journey.firm.guest()
    mail = door(journey, admin.post("intake", "/channel-accounts", kind="mail", address="tousu@qinghe.example"))
    ota = door(journey, admin.post("intake", "/channel-accounts", kind="ota", platform="agoda"))
    for person in map(Complainant, range(COUNT)):
        if person.number % 4 == 0:
            guest.complain(**person.form)
        elif person.number % 4 == 1:
            desk.post("intake", "/complaints", channel="phone", **person.form)
        elif person.number % 4 == 2:
            mail.mail(letter(person))
        else:
            ota.push("ota/agoda", json.dumps(review(person)).encode(), journey.now())


def door(journey, opened) -> Partner:
    return Partner(journey.platform.client, opened["door"], opened["secret"])


def letter(person) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{person.name} <{person.email}>", "tousu@qinghe.example"
    mail["Subject"], mail["Message-ID"] = f"{person.name}投诉 {person.phone}", f"<{person.phone}.{person.email}>"
    mail.set_content(person.words)
    mail.add_attachment(b"what happened", maintype="text", subtype="plain", filename=f"{person.phone}.txt")
    return mail.as_bytes()


def review(person) -> dict[str, Any]:
    about = {"platform": "agoda", "kind": "review", "id": str(person.number), "from": "guest", "lang": "zh"}
    return about | {"guest_name": person.name, "text": person.words, "created_at": "2026-09-27T20:15:00+08:00"}


def one_is_worked_to_the_end(journey):
    """With a message, a look in full, words of staff that name the phone, a result and a withdrawal elsewhere."""
    person, guest = Complainant(0), journey.firm.guest()
    receipt, other = (guest.complain(**person.form) for _ in range(2))
    journey.rest()
    with journey.platform.client("intake") as intake:
        for way, said, about in (("messages", "text", receipt), ("withdraw", "reason", other)):
            known = {"number": about["number"], "secret": about["tracking_secret"], said: person.words}
            assert intake.post(f"/public/qinghe/progress/{way}", json=known).is_success
    called = f"已致电{person.phone}，发邮件至{person.email}，核对{person.identity}"
    manager, look = journey.person("manager"), f"/complaints/{receipt['complaint_id']}/full-view"
    assert manager.post("intake", look, reason=called)["contact"]["name"] == person.name
    journey.act("manager", receipt, "accept", note=called)
    for milestone in ("on_site", "first_measures", "verified", "planned", "carried_out"):
        journey.act("manager", receipt, "milestones", milestone=milestone, note=called)
    journey.act("manager", receipt, "result", text=called, written=True, spoken=True)
    journey.act("manager", receipt, "close", outcome="solved", satisfied=True, note=called)


def leaks(content: bytes) -> list[str]:
    """What in the content names one of the complainants, the first ten; names also as JSON may write them."""
    return [found.decode() for found in dict.fromkeys(CANARY.findall(content)) if is_canary(found)][:10]


def is_canary(found: bytes) -> bool:
    """Two characters of the right kind are a complainant's given name only if both tell the same number."""
    if found[:1] not in (b"\xe9", b"\\"):
        return True
    first, last = found.decode("unicode_escape") if found[:1] == b"\\" else found.decode()
    return ord(first) - 0x9000 == ord(last) - 0x7000


def columns_of(path: Path):
    """Every column of every table, with all its values as one run of bytes."""
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    connection.close()
    for table in tables:
        rows = rows_of(path, table)
        for column in rows[0] if rows else ():
            yield f"{table}.{column}", b"\n".join(as_bytes(row[column]) for row in rows)


def rows_of(path: Path, table: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
    connection.close()
    return rows


def as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
