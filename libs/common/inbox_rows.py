"""The rows of the inbox, and how far each sender's story about a subject has been taken in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, Update, bindparam, select, tuple_
from sqlalchemy.engine import Connection, RowMapping

from libs.common.envelope import Envelope
from libs.common.many_rows import LEFT_ALONE, insert_many, raised, replaced
from libs.common.plumbing import DONE, DUE, Plumbing

Stream = tuple[UUID, str, UUID]
"""Tenant, sender, subject: one story, told in order."""


HANDLED: dict[str, Any] = {"state": DONE, "body": None, "due_at": None, "last_error": None}


class TakenInElsewhere(Exception):
    """Another process took in the beginning of the same story meanwhile; what was done here is undone."""


class InboxRows:
    """The SQL of one service's inbox, for all tenants; each call within the caller's transaction."""

    def __init__(self, plumbing: Plumbing) -> None:
        self._table = plumbing.inbox
        self._applied = plumbing.applied

    def how_far(self, connection: Connection, streams: set[Stream]) -> dict[Stream, int]:
        """How far each story has been taken in; the rows are locked, so that one process works a story."""
        if not streams:
            return {}
        found = connection.execute(_reached(self._applied), {"streams": sorted(streams, key=str)}).mappings()
        return {(row["tenant_id"], row["source"], row["subject"]): row["sequence"] for row in found}

    def remember(self, connection: Connection, moved: Mapping[Stream, int]) -> None:
        """Note how far each story is taken in now. Raises TakenInElsewhere."""
        if not moved:
            return
        rows = [
            {"tenant_id": tenant_id, "source": source, "subject": subject, "sequence": sequence}
            for (tenant_id, source, subject), sequence in sorted(moved.items(), key=str)
        ]
        if insert_many(connection, self._applied, rows, raised(self._applied, "sequence")) != len(rows):
            raise TakenInElsewhere

    def row(self, envelope: Envelope, now: datetime) -> dict[str, Any]:
        """An envelope as a fresh row, due now."""
        return {
            "tenant_id": envelope.tenant_id,
            "source": envelope.source,
            "event_id": envelope.event_id,
            "type": envelope.type,
            "subject": envelope.subject,
            "sequence": envelope.sequence,
            "body": envelope.body,
            "occurred_at": envelope.occurred_at,
            "cause_id": envelope.cause_id,
            "traceparent": envelope.traceparent,
            "received_at": now,
            "state": DUE,
            "attempts": 0,
            "due_at": now,
            "last_error": None,
        }

    def insert(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Those seen before are left alone."""
        insert_many(connection, self._table, rows, LEFT_ALONE)

    def insert_done(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Handled at once; a copy that came earlier and was stored is done with it."""
        insert_many(connection, self._table, [{**row, **HANDLED} for row in rows], replaced(self._table, *HANDLED))

    def finish(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Handled: their bodies are not needed any more."""
        if rows:
            connection.execute(_finished(self._table), [_named(row) for row in rows])

    def postpone(self, connection: Connection, rows: Sequence[Mapping[str, Any]], until: datetime) -> None:
        """Rows that wait for an earlier one are not to blame: their attempts start again."""
        if rows:
            connection.execute(_postponed(self._table), [{**_named(row), "until": until} for row in rows])

    def wake_followers(self, connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """What waited for one of these rows is due now."""
        if not rows or connection.execute(_anybody_waits(self._table)).first() is None:
            return
        next_ones = [
            {"of_tenant": tenant_id, "of_source": source, "of_subject": subject, "next": sequence + 1, "now": now}
            for (tenant_id, source, subject), sequence in last_of_each(rows).items()
        ]
        connection.execute(_woken(self._table), next_ones)

    def this(self, row: RowMapping) -> Any:
        """The condition that names one row."""
        table = self._table
        return (
            (table.c.tenant_id == row["tenant_id"])
            & (table.c.source == row["source"])
            & (table.c.event_id == row["event_id"])
        )


@cache
def _reached(applied: Table) -> Select[Any]:
    keys = tuple_(applied.c.tenant_id, applied.c.source, applied.c.subject)
    wanted = select(applied).where(keys.in_(bindparam("streams", expanding=True)))
    return wanted.order_by(*applied.primary_key.columns).with_for_update()


@cache
def _anybody_waits(inbox: Table) -> Select[Any]:
    return select(inbox.c.event_id).where(inbox.c.due_at.isnot(None)).limit(1)


@cache
def _finished(inbox: Table) -> Update:
    return inbox.update().where(*_this_one(inbox)).values(**HANDLED)


@cache
def _postponed(inbox: Table) -> Update:
    return inbox.update().where(*_this_one(inbox)).values(due_at=bindparam("until"), attempts=0)


@cache
def _woken(inbox: Table) -> Update:
    follows = (
        inbox.c.tenant_id == bindparam("of_tenant"),
        inbox.c.source == bindparam("of_source"),
        inbox.c.subject == bindparam("of_subject"),
        inbox.c.sequence == bindparam("next"),
    )
    return inbox.update().where(*follows, inbox.c.state == DUE).values(due_at=bindparam("now"))


def _this_one(inbox: Table) -> tuple[ColumnElement[bool], ...]:
    keys = (inbox.c.tenant_id, inbox.c.source, inbox.c.event_id)
    return tuple(key == bindparam(f"this_{key.name}", type_=key.type) for key in keys)


def _named(row: Mapping[str, Any] | RowMapping) -> dict[str, Any]:
    return {f"this_{name}": row[name] for name in ("tenant_id", "source", "event_id")}


def stream_of(row: Mapping[str, Any] | RowMapping) -> Stream:
    return row["tenant_id"], row["source"], row["subject"]


def place_of(row: Mapping[str, Any] | RowMapping) -> tuple[bytes, bytes, str, int]:
    """Subject by subject, so that two processes take the same ones in one order, whoever speaks of them."""
    return row["tenant_id"].bytes, row["subject"].bytes, row["source"], row["sequence"]


def last_of_each(rows: Sequence[Mapping[str, Any]]) -> dict[Stream, int]:
    last: dict[Stream, int] = {}
    for row in rows:
        last[stream_of(row)] = max(row["sequence"], last.get(stream_of(row), 0))
    return last
