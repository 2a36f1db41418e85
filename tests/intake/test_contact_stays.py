"""PR-1: contact data is planted at every door and then looked for wherever it must not be."""

import json
import logging
from collections.abc import Iterator
from email.message import EmailMessage
from io import StringIO

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from libs.common import telemetry
from libs.common.envelope import Envelope, to_json
from libs.common.outbox import Relay
from services.intake.handlers import registration
from services.intake.main import METADATA

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

NAME, MOBILE, MAILBOX, PAPER = "司徒梦瑶", "13566667777", "mengyao.situ@example.com", "440305199005201284"
CANARIES = (NAME, MOBILE, "135 6666 7777", MAILBOX, PAPER, "66667777")
WORDS = f"我是{NAME}，电话135 6666 7777，邮箱{MAILBOX}，证件{PAPER}"
WHO = {"name": NAME, "phone": MOBILE, "email": MAILBOX, "identity_number": PAPER}


def test_no_column_of_any_table_holds_contact_data(firm, planted):
    publish(firm)
    for table in sorted(METADATA.tables):
        assert leaks(firm.rows(table)) == [], table
    assert all(firm.rows(table) for table in ("sent", "messages", "full_views", "idempotency", "accounts", "origins"))


def test_the_complainants_own_rows_give_it_back(firm, planted, seal):
    rows = [row for row in firm.rows("complainants") if row["name"]]
    opened = [seal.open(row["key"], firm.tenant_id, row["complaint_id"], "name", row["name"]) for row in rows]
    assert opened == [NAME] * 3


def test_nothing_that_is_said_holds_contact_data(firm, planted):
    envelopes = publish(firm)
    kinds = {"complaint.registered.v1", "complaint.message_added.v1", "complaint.withdrawn.v1"}
    assert {envelope.type for envelope in envelopes} == kinds
    assert leaks([to_json(envelope).decode() for envelope in envelopes]) == []


def test_no_log_line_holds_contact_data(log, planted):
    """At the lowest level, also when something is refused or fails."""
    lines = log.getvalue()
    assert "unexpected RuntimeError" in lines
    assert all(json.loads(line)["message"] for line in lines.splitlines())
    assert leaks([lines]) == []


def test_no_span_holds_contact_data(spans, planted):
    told = [span.to_json() for span in spans()]
    assert any("full-view" in each for each in told)
    assert leaks(told) == []


def test_no_masked_view_holds_contact_data(firm, planted):
    for receipt in planted:
        views = [firm.progress(receipt), firm.staff().get(f"/v1/complaints/{receipt['complaint_id']}").json]
        assert leaks([json.dumps(view, ensure_ascii=False) for view in views]) == []


@pytest.fixture
def planted(firm, monkeypatch):
    """Complaints by the form, anonymous, by mail and from a platform, and all that may follow."""
    receipt = firm.complain("k-1", text=WORDS, impact=WORDS, asked_for=WORDS, where=f"{NAME}家，3号楼502", **WHO).json
    attached = firm.upload(b"x", f"{MOBILE}.txt").json["attachment_id"]
    firm.write(receipt, WORDS, "k-2", attachments=[attached])
    look = f"/v1/complaints/{receipt['complaint_id']}/full-view"
    firm.staff("manager").post(look, "k-3", reason=f"给{NAME}回电{MOBILE}")
    firm.withdraw(receipt, "k-4", reason=WORDS)
    anonymous = firm.registered(text=WORDS, anonymous=True, **WHO)
    platform = firm.door("ota", platform="agoda")
    firm.door("mail").mail(letter())
    review = {"kind": "review", "id": 1, "guest_name": NAME, "text": WORDS, "room": "502"}
    platform.signed("ota/agoda", json.dumps(review).encode())
    refuse(firm, receipt, platform, monkeypatch)
    return [receipt, anonymous]


def refuse(firm, receipt, platform, monkeypatch):
    """The same words where they are refused, and where the service fails."""
    firm.complain(text=WORDS, phone=f"{MOBILE}0", email=f"{MAILBOX}@", category=NAME)
    firm.complain("k-1", text=f"{WORDS}!", **WHO)
    firm.write(receipt | {"tracking_secret": MOBILE}, WORDS)
    platform.signed("ota/agoda", json.dumps({"kind": NAME, "text": WORDS}).encode())
    firm.staff().get("/v1/complaints", number=MOBILE)
    monkeypatch.setattr(registration.secrets, "randbelow", lambda _: fail())
    assert firm.complain(text=WORDS, **WHO).status_code == 500


def fail():
    raise RuntimeError(WORDS)


def letter():
    message = EmailMessage()
    message["From"], message["Subject"] = f"{NAME} <{MAILBOX}>", WORDS
    message["Message-ID"] = f"<{MOBILE}.{MAILBOX}>"
    message.set_content(WORDS)
    message.add_attachment(b"x", maintype="text", subtype="plain", filename=f"{MOBILE}.txt")
    return message.as_bytes()


def leaks(things):
    """The canaries found in rows or texts, in the open or as bytes."""
    text = str(things)
    values = [value for row in things if isinstance(row, dict) for value in row.values()]
    raw = b"".join(value for value in values if isinstance(value, bytes))
    return [canary for canary in CANARIES if canary in text or canary.encode() in raw]


def publish(firm):
    """What the relay hands to the broker about this firm."""
    published = []

    class Broker:
        def publish(self, envelopes: list[Envelope]) -> None:
            published.extend(envelopes)

    service = firm.service
    relay = Relay("intake", service.database, service.plumbing, Broker())
    while relay.publish_waiting(service.clock.now):
        pass
    return [envelope for envelope in published if envelope.tenant_id == firm.tenant_id]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """All log lines of the process, as a deployment writes them."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(telemetry.JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def spans():
    exporter = InMemorySpanExporter()
    provider = telemetry.configure("intake", exporter)

    def finished():
        provider.force_flush()
        return exporter.get_finished_spans()

    yield finished
    provider.shutdown()
    telemetry.configure("intake", None)
