"""Traces that survive outbox and inbox, and JSON logs that name tenant, complaint and trace.

Sampling is decided before anything is built: an unsampled request costs a context variable and no span.
Attributes come from a fixed list, so that no contact data can reach a span (PR-1).
"""

import json
import logging
import random
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, TraceFlags

ALLOWED_ATTRIBUTES = frozenset(
    {
        "service",
        "tenant",
        "complaint",
        "event.type",
        "event.count",
        "http.route",
        "http.method",
        "http.status",
        "channel",
        "error.type",
        "messaging.queue",
    }
)


@dataclass(frozen=True)
class Trail:
    """Where in which trace we are; what `traceparent` says (W3C Trace Context)."""

    trace_id: int
    span_id: int
    sampled: bool

    def traceparent(self) -> str:
        return f"00-{self.trace_id:032x}-{self.span_id:016x}-{'01' if self.sampled else '00'}"


_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)
_facts: ContextVar[Mapping[str, str]] = ContextVar("facts", default=MappingProxyType({}))
_sample_rate = 1.0
_tracer: trace.Tracer | None = None


def configure(service: str, exporter: SpanExporter | None, sample_rate: float = 1.0) -> TracerProvider | None:
    """Send spans of this process to `exporter`; None switches spans off and keeps the context passing."""
    global _tracer, _sample_rate
    _sample_rate = sample_rate
    if exporter is None:
        _tracer = None
        return None
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    _tracer = provider.get_tracer("redress")
    return provider


def current_traceparent() -> str | None:
    """The `traceparent` to hand on with an event or a request; None outside any span."""
    trail = _trail.get()
    return trail.traceparent() if trail else None


def parse_traceparent(text: str | None) -> Trail | None:
    """None for anything that is not a valid version-00-shaped header; then a new trace begins."""
    parts = (text or "").split("-")
    if len(parts) < 4 or len(parts[0]) != 2 or parts[0] == "ff" or len(parts[1]) != 32 or len(parts[2]) != 16:
        return None
    try:
        trace_id, span_id, flags = int(parts[1], 16), int(parts[2], 16), int(parts[3], 16)
    except ValueError:
        return None
    return Trail(trace_id, span_id, bool(flags & 1)) if trace_id and span_id else None


@contextmanager
def span(
    name: str, *, parent: str | None = None, kind: SpanKind = SpanKind.INTERNAL, **attributes: Any
) -> Iterator[None]:
    """One step of the trace that `parent` (a traceparent) or the surrounding span belongs to."""
    above = parse_traceparent(parent) or _trail.get()
    sampled = above.sampled if above else random.random() < _sample_rate  # noqa: S311 (no secret)
    if not sampled or _tracer is None:
        trail = above or Trail(secrets.randbits(128) or 1, secrets.randbits(64) or 1, sampled)
        token = _trail.set(trail)
        try:
            yield
        finally:
            _trail.reset(token)
        return
    with _recorded(name, above, kind, attributes):
        yield


@contextmanager
def _recorded(name: str, above: Trail | None, kind: SpanKind, attributes: dict[str, Any]) -> Iterator[None]:
    assert _tracer is not None
    context = None
    if above:
        place = SpanContext(above.trace_id, above.span_id, is_remote=True, trace_flags=TraceFlags(1))
        context = trace.set_span_in_context(NonRecordingSpan(place))
    known = {key.replace("_", "."): str(value) for key, value in attributes.items() if value is not None}
    recorded = _tracer.start_span(name, context=context, kind=kind, attributes=_allowed(known | dict(_facts.get())))
    place = recorded.get_span_context()
    token = _trail.set(Trail(place.trace_id, place.span_id, True))
    try:
        yield
    except BaseException as failure:
        recorded.set_attribute("error.type", type(failure).__name__)
        raise
    finally:
        _trail.reset(token)
        recorded.end()


def _allowed(attributes: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in attributes.items() if key in ALLOWED_ATTRIBUTES}


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Name the tenant, complaint or service that all logs and spans inside are about."""
    token = _facts.set(dict(_facts.get()) | {key: str(value) for key, value in facts.items() if value is not None})
    try:
        yield
    finally:
        _facts.reset(token)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, what it is about, and the trace."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_facts.get(),
        }
        if trail := _trail.get():
            line["trace"] = f"{trail.trace_id:032x}"
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _where(exc_info: Any) -> str:
    """File and line of each frame. Never the exception's text: it may quote what a person wrote."""
    frames = []
    step = exc_info[2]
    while step is not None:
        frames.append(f"{step.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{step.tb_lineno}")
        step = step.tb_next
    return " > ".join(frames)


def log_as_json(level: int = logging.INFO) -> None:
    """Make every log line of this process JSON on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)
