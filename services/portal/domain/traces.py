"""Traces as they are listed and drawn. A span says when it began in seconds since 1970."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

THINNEST = 0.4


@dataclass(frozen=True)
class Trace:
    """One line of a list: when and with what a trace began, through which services, and how long it took."""

    trace_id: str
    started_at: datetime
    name: str
    services: tuple[str, ...]
    duration_ms: float


@dataclass(frozen=True)
class SpanBar:
    """One span of a trace on its row; `x` and `width` are percent of the whole trace."""

    depth: int
    x: float
    width: float
    span: Mapping[str, Any]


def traces(spans: Iterable[Mapping[str, Any]]) -> list[Trace]:
    """The traces these spans belong to, the latest first."""
    by_trace: dict[str, list[Mapping[str, Any]]] = {}
    for span in sorted(spans, key=began):
        by_trace.setdefault(str(span.get("trace_id")), []).append(span)
    return sorted(
        (_trace(trace_id, own) for trace_id, own in by_trace.items()),
        key=lambda trace: trace.started_at,
        reverse=True,
    )


def _trace(trace_id: str, spans: Sequence[Mapping[str, Any]]) -> Trace:
    first = began(spans[0])
    return Trace(
        trace_id,
        datetime.fromtimestamp(first, UTC),
        str(spans[0].get("name")),
        tuple(dict.fromkeys(str(span.get("service")) for span in spans)),
        max(1000 * (began(span) - first) + lasted(span) for span in spans),
    )


def waterfall(spans: Sequence[Mapping[str, Any]]) -> list[SpanBar]:
    """The spans of one trace, each below its parent, placed on the trace's own time line."""
    known = [(began(span), lasted(span), span) for span in spans]
    if not known:
        return []
    first = min(start for start, _, _ in known)
    length = max(1000 * (start - first) + ms for start, ms, _ in known) or 1.0
    bars = {
        str(span.get("span_id")): (
            100_000 * (start - first) / length,
            max(100 * ms / length, THINNEST),
            span,
        )
        for start, ms, span in sorted(known, key=lambda each: (each[0], -each[1]))
    }
    return _nested(bars)


def _nested(bars: Mapping[str, tuple[float, float, Mapping[str, Any]]]) -> list[SpanBar]:
    """Bars by span id, in order of time, each below its parent; what has no earlier parent begins a line."""
    children: dict[str | None, list[str]] = {}
    seen: set[str] = set()
    for key, (_, _, span) in bars.items():
        parent = span.get("parent_id")
        children.setdefault(parent if parent in seen else None, []).append(key)
        seen.add(key)
    placed: list[SpanBar] = []
    waiting = [(key, 0) for key in reversed(children.get(None, []))]
    while waiting:
        key, depth = waiting.pop()
        placed.append(SpanBar(depth, *bars[key]))
        waiting += [(child, depth + 1) for child in reversed(children.get(key, []))]
    return placed


def began(span: Mapping[str, Any]) -> float:
    """When a span began, in seconds since 1970; 0 when it does not say."""
    started = span.get("started_at")
    return float(started) if isinstance(started, int | float) else 0.0


def lasted(span: Mapping[str, Any]) -> float:
    """How long a span lasted, in milliseconds; 0 when it does not say."""
    duration = span.get("duration_ms")
    return float(duration) if isinstance(duration, int | float) else 0.0
