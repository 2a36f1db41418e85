"""Recent spans in a SQLite file, for the embedded mode: the operator's page draws them. No collector needed."""

import json
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

KEPT = 50_000


class LocalSpans(SpanExporter):
    """Keeps the last 50,000 spans. A full disk or a lost file loses spans, never work."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.executescript(
            """PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
               CREATE TABLE IF NOT EXISTS spans (
                 n INTEGER PRIMARY KEY, trace_id TEXT, span_id TEXT, parent_id TEXT, service TEXT, name TEXT,
                 started_ns INTEGER, ended_ns INTEGER, complaint TEXT, attributes TEXT);
               CREATE INDEX IF NOT EXISTS spans_by_trace ON spans (trace_id);
               CREATE INDEX IF NOT EXISTS spans_by_complaint ON spans (complaint);"""
        )

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        rows = [_row(span) for span in spans]
        with self._lock, self._connection:
            self._connection.executemany("INSERT INTO spans VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._connection.execute("DELETE FROM spans WHERE n < (SELECT max(n) FROM spans) - ?", (KEPT,))
        return SpanExportResult.SUCCESS

    def of_complaint(self, complaint_id: str) -> list[dict[str, Any]]:
        """Every span of every trace that touched the complaint, oldest first."""
        return self._read(
            "trace_id IN (SELECT trace_id FROM spans WHERE complaint = ?) ORDER BY started_ns", (complaint_id,)
        )

    def recent(self) -> list[dict[str, Any]]:
        """The first span of each of the last 50 traces, newest first."""
        return self._read("parent_id IS NULL ORDER BY n DESC LIMIT 50", ())

    def of_trace(self, trace_id: str) -> list[dict[str, Any]]:
        return self._read("trace_id = ? ORDER BY started_ns", (trace_id,))

    def _read(self, condition: str, values: tuple[str, ...]) -> list[dict[str, Any]]:
        columns = "trace_id, span_id, parent_id, service, name, started_ns, ended_ns, attributes"
        with self._lock:
            rows = self._connection.execute(f"SELECT {columns} FROM spans WHERE {condition}", values).fetchall()  # noqa: S608
        return [_span(row) for row in rows]


def _row(span: ReadableSpan) -> tuple[Any, ...]:
    context, attributes = span.get_span_context(), dict(span.attributes or {})
    assert context is not None
    return (
        f"{context.trace_id:032x}",
        f"{context.span_id:016x}",
        f"{span.parent.span_id:016x}" if span.parent else None,
        attributes.pop("service", "portal"),
        span.name,
        span.start_time,
        span.end_time,
        attributes.get("complaint"),
        json.dumps(attributes),
    )


def _span(row: tuple[Any, ...]) -> dict[str, Any]:
    trace_id, span_id, parent_id, service, name, started, ended, attributes = row
    return {
        "trace_id": trace_id,
        "span_id": span_id,
        "parent_id": parent_id,
        "service": service,
        "name": name,
        "started_at": started / 1e9,
        "duration_ms": round((ended - started) / 1e6, 3),
        "attributes": json.loads(attributes),
    }
