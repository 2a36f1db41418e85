"""One trace from the request to the last hearer, and logs that name it without quoting anybody (PR-1)."""

import json
import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from libs.common import telemetry
from libs.common.outbox import Relay
from libs.common.telemetry import JsonLines, about, current_traceparent, parse_traceparent, span
from libs.common.testing.sample import NAME, note, plumbing, withdrawn

PARENT = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"
UNSAMPLED = PARENT[:-2] + "00"


def test_a_trace_goes_on_through_outbox_and_inbox(service, tenant, spans):
    heard_in = []

    def handler(event, work) -> None:
        heard_in.append(current_traceparent())
        note(event, work)

    with span("request", parent=PARENT), service.units.begin(tenant) as work:
        work.record(withdrawn(tenant, uuid4(), "leak", work.now))
    carry(service, service.inbox(handler))
    said, heard = spans()
    assert trace_of(heard_in[0]) == trace_of(PARENT)
    assert heard.name == "hear complaint.withdrawn.v1"
    assert heard.parent.span_id == said.context.span_id
    assert said.parent.span_id == int("cd" * 8, 16)


def test_an_answer_goes_on_in_the_trace_of_its_cause(service, tenant, spans):
    def answer(event, work) -> None:
        if event.reason == "leak":
            work.record(withdrawn(tenant, event.subject, "answer", work.now))

    with span("request", parent=PARENT), service.units.begin(tenant) as work:
        work.record(withdrawn(tenant, uuid4(), "leak", work.now))
    carry(service, service.inbox(answer))
    assert [trace_of(envelope.traceparent) for envelope in carry(service, service.inbox(answer))] == ["ab" * 16]


def test_what_is_said_outside_a_trace_has_none(service, tenant):
    with service.units.begin(tenant) as work:
        work.record(withdrawn(tenant, uuid4(), "leak", work.now))
    assert [envelope.traceparent for envelope in carry(service, service.inbox())] == [None]


def test_an_unsampled_trace_costs_no_span_and_is_handed_on(spans, monkeypatch):
    monkeypatch.setattr(telemetry, "_sample_rate", 0.0)
    with span("request"):
        outer = current_traceparent()
        with span("inner"):
            assert current_traceparent() == outer
    assert outer.endswith("-00")
    assert spans() == []


def test_the_caller_decides_whether_a_trace_is_sampled(spans, monkeypatch):
    with span("request", parent=UNSAMPLED):
        assert current_traceparent() == UNSAMPLED
    assert spans() == []
    monkeypatch.setattr(telemetry, "_sample_rate", 0.0)
    with span("request", parent=PARENT):
        pass
    assert [found.name for found in spans()] == ["request"]


def test_without_an_exporter_the_trace_is_still_handed_on():
    with span("request", parent=PARENT):
        assert current_traceparent() == PARENT
    assert current_traceparent() is None


def test_an_attribute_that_is_not_on_the_list_reaches_no_span(spans):
    with (
        about(tenant="t-1", complaint="c-1", phone="13812345678"),
        span("x", name_of="王小明", channel="web", error_type=None),
    ):
        pass
    (found,) = spans()
    assert dict(found.attributes) == {"tenant": "t-1", "complaint": "c-1", "channel": "web"}


def test_a_failure_leaves_its_type_and_not_its_words(spans):
    with pytest.raises(ValueError), span("x"):
        raise ValueError("call 13812345678")
    (found,) = spans()
    assert found.attributes["error.type"] == "ValueError"
    assert "13812345678" not in found.to_json()


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        "ff-" + "ab" * 16 + "-" + "cd" * 8 + "-01",
        "00-" + "0" * 32 + "-" + "cd" * 8 + "-01",
        "00-" + "ab" * 16 + "-" + "0" * 16 + "-01",
        "00-" + "zz" * 16 + "-" + "cd" * 8 + "-01",
        "00-" + "ab" * 15 + "-" + "cd" * 8 + "-01",
        "00-" + "ab" * 16 + "-" + "cd" * 8,
    ],
)
def test_a_header_that_is_no_traceparent_begins_a_new_trace(header):
    assert parse_traceparent(header) is None


def test_a_log_line_is_one_json_object_that_says_what_it_is_about(lines):
    with about(service="intake", tenant="t-1", complaint="c-1"), span("x", parent=PARENT):
        logging.getLogger("redress").warning("two\nlines of %s", "水")
    (line,) = lines
    assert "\n" not in line
    found = json.loads(line)
    expected = {"tenant": "t-1", "complaint": "c-1", "service": "intake", "trace": "ab" * 16, "level": "warning"}
    assert found.items() >= expected.items()
    assert found["message"] == "two\nlines of 水"


def test_a_logged_exception_shows_its_type_and_place_and_never_its_words(lines):
    try:
        raise ValueError("call 13812345678")
    except ValueError:
        logging.getLogger("redress").exception("failed")
    (line,) = lines
    found = json.loads(line)
    assert found["error"] == "ValueError"
    assert "test_telemetry.py:" in found["where"]
    assert "13812345678" not in line


def test_a_request_that_fails_is_logged_with_tenant_and_trace(client, signed_in, lines, tenant):
    client.get("/v1/broken/bug", headers=signed_in | {"traceparent": PARENT})
    (line,) = lines
    assert json.loads(line).items() >= {"service": "sample", "tenant": str(tenant), "trace": "ab" * 16}.items()
    assert "13812345678" not in line


def test_a_request_leaves_nothing_to_the_next_of_its_thread(client, signed_in, lines):
    client.get(f"/v1/complaints/{uuid4()}", headers=signed_in)
    logging.getLogger("redress").warning("between")
    client.get("/v1/broken/bug", headers=signed_in)
    between, failed = (json.loads(line) for line in lines)
    assert not {"complaint", "tenant", "service", "trace"} & between.keys()
    assert "complaint" not in failed


def test_a_request_is_a_span_of_the_callers_trace(client, signed_in, spans):
    complaint_id = uuid4()
    client.get(f"/v1/complaints/{complaint_id}", headers=signed_in | {"traceparent": PARENT})
    (found,) = spans()
    assert found.name == "GET /v1/complaints/<uuid:complaint_id>"
    assert found.attributes["complaint"] == str(complaint_id)
    assert found.parent.span_id == int("cd" * 8, 16)


def test_health_checks_leave_no_spans(client, spans):
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)
    assert spans() == []


def test_a_failed_event_is_logged_with_its_complaint(service, tenant, lines):
    subject = uuid4()

    def fail(event, work) -> None:
        logging.getLogger("redress").warning("at work")

    with service.units.begin(tenant) as work:
        work.record(withdrawn(tenant, subject, "leak", work.now))
    carry(service, service.inbox(fail))
    found = json.loads(next(line for line in lines if "at work" in line))
    assert (found["tenant"], found["complaint"], found["service"]) == (str(tenant), str(subject), NAME)


@pytest.fixture
def spans() -> Iterator:
    """What was recorded, oldest first."""
    exporter = InMemorySpanExporter()
    provider = telemetry.configure("test", exporter)

    def finished() -> list:
        provider.force_flush()
        return sorted(exporter.get_finished_spans(), key=lambda found: found.start_time)

    yield finished
    provider.shutdown()
    telemetry.configure("test", None)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Log lines as they would be written, formatted at once."""
    written: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Keeping(logging.WARNING)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def database() -> str:
    return "sqlite"


def carry(service, inbox) -> list:
    """Publish what waits into this inbox; returns the envelopes."""
    carried: list = []

    class Direct:
        def publish(self, envelopes) -> None:
            carried.extend(envelopes)
            inbox.receive(envelopes)

    Relay("intake", service.worker, plumbing, Direct()).publish_waiting(service.clock.now)
    return carried


def trace_of(traceparent: str) -> str:
    return traceparent.split("-")[1]
