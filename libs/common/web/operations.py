"""What operators of the platform see of one service (PO-5): queues, parked events, one complaint's events.

No complaint content: types, times, states and error names only.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import abort
from marshmallow import Schema, fields
from sqlalchemy import func, literal, select, union_all

from libs.common.clock import Clock
from libs.common.db import Database
from libs.common.inbox import replay_parked
from libs.common.outbox import Bell
from libs.common.plumbing import DUE, PARKED, Plumbing
from libs.common.web.access import OPERATOR, Blueprint
from libs.common.web.fields import UtcTime


class Waiting(Schema):
    waiting = fields.Integer()
    oldest_seconds = fields.Float()


class Received(Schema):
    due = fields.Integer()
    oldest_seconds = fields.Float()
    parked = fields.Integer()


class Queues(Schema):
    outbox = fields.Nested(Waiting())
    inbox = fields.Nested(Received())


class ParkedEvent(Schema):
    event_id = fields.UUID()
    source = fields.String()
    type = fields.String()
    tenant_id = fields.UUID()
    subject = fields.UUID()
    sequence = fields.Integer()
    attempts = fields.Integer()
    error = fields.String()
    received_at = UtcTime()


class ParkedEvents(Schema):
    items = fields.List(fields.Nested(ParkedEvent()))


class TimelineStep(Schema):
    at = UtcTime()
    kind = fields.String(metadata={"description": "said | heard"})
    source = fields.String()
    type = fields.String()
    sequence = fields.Integer()
    state = fields.String()
    attempts = fields.Integer()
    trace = fields.String(allow_none=True)


class Timeline(Schema):
    items = fields.List(fields.Nested(TimelineStep()))


def operations_blueprint(
    service: str, database: Database, plumbing: Plumbing, clock: Clock, inbox_bell: Bell
) -> Blueprint:
    """`database` must be the worker's: only its role sees the plumbing of all tenants."""
    blueprint = Blueprint("operations", access=OPERATOR, url_prefix="/v1/ops")

    @blueprint.route("/queues")
    @blueprint.response(200, Queues())
    def queues() -> dict[str, Any]:
        """How much waits in outbox and inbox, and since when."""
        return queue_figures(database, plumbing, clock.now())

    @blueprint.route("/parked")
    @blueprint.response(200, ParkedEvents())
    def parked() -> dict[str, Any]:
        """Events that failed for good; each holds back only its own complaint."""
        return {"items": parked_events(database, plumbing)}

    @blueprint.route("/parked/<uuid:event_id>/replay", methods=["POST"])
    @blueprint.response(202)
    def replay(event_id: UUID) -> None:
        """Try a parked event again."""
        if not replay_parked(database, plumbing, event_id, clock.now()):
            abort(404)
        inbox_bell.ring()

    @blueprint.route("/timeline/<uuid:complaint_id>")
    @blueprint.response(200, Timeline())
    def timeline(complaint_id: UUID) -> dict[str, Any]:
        """What this service said and heard about one complaint."""
        return {"items": timeline_of(service, database, plumbing, complaint_id)}

    return blueprint


def queue_figures(database: Database, plumbing: Plumbing, now: datetime) -> dict[str, Any]:
    outbox, inbox = plumbing.outbox, plumbing.inbox
    with database.read() as connection:
        waiting, said = connection.execute(
            select(func.count(), func.min(outbox.c.occurred_at)).select_from(outbox)
        ).one()
        due, heard = connection.execute(
            select(func.count(), func.min(inbox.c.received_at)).where(inbox.c.state == DUE, inbox.c.due_at.isnot(None))
        ).one()
        parked = connection.execute(select(func.count()).where(inbox.c.state == PARKED)).scalar_one()
    return {
        "outbox": {"waiting": waiting, "oldest_seconds": (now - said).total_seconds() if said else 0},
        "inbox": {
            "due": due,
            "oldest_seconds": (now - heard).total_seconds() if heard else 0,
            "parked": parked,
        },
    }


def parked_events(database: Database, plumbing: Plumbing) -> list[dict[str, Any]]:
    inbox = plumbing.inbox
    shown = [inbox.c[name] for name in ("event_id", "source", "type", "tenant_id", "subject", "sequence", "attempts")]
    wanted = select(*shown, inbox.c.last_error.label("error"), inbox.c.received_at).where(inbox.c.state == PARKED)
    with database.read() as connection:
        return [dict(row) for row in connection.execute(wanted.limit(200)).mappings()]


def timeline_of(service: str, database: Database, plumbing: Plumbing, complaint_id: UUID) -> list[dict[str, Any]]:
    """Said and heard events of one complaint in order of time, with their trace ids."""
    steps: list[dict[str, Any]] = []
    inbox = plumbing.inbox
    said = union_all(
        *(
            select(
                table.c.occurred_at,
                table.c.type,
                table.c.sequence,
                table.c.traceparent,
                literal(state).label("state"),
            ).where(table.c.subject == complaint_id)
            for table, state in ((plumbing.outbox, "waiting"), (plumbing.sent, "sent"))
        )
    )
    with database.read() as connection:
        for row in connection.execute(said).mappings():
            steps.append(_step("said", service, row, row["occurred_at"], row["state"], 0))
        for row in connection.execute(select(inbox).where(inbox.c.subject == complaint_id)).mappings():
            state = ("due", "done", "parked")[row["state"]]
            steps.append(_step("heard", row["source"], row, row["received_at"], state, row["attempts"]))
    return sorted(steps, key=lambda step: step["at"])


def _step(kind: str, source: str, row: Any, at: datetime, state: str, attempts: int) -> dict[str, Any]:
    trace = (row["traceparent"] or "").split("-")
    return {
        "at": at,
        "kind": kind,
        "source": source,
        "type": row["type"],
        "sequence": row["sequence"],
        "state": state,
        "attempts": attempts,
        "trace": trace[1] if len(trace) > 1 else None,
    }
