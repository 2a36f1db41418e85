"""What travels: an event in a CloudEvents 1.0 envelope, structured mode, JSON."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from libs.common.events import NotUnderstood

CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True)
class Envelope:
    """`sequence` counts from 1 per source and subject; `cause_id` is the event that this one answers."""

    event_id: UUID
    source: str
    type: str
    occurred_at: datetime
    tenant_id: UUID
    subject: UUID
    sequence: int
    body: str  # the event's own fields, JSON
    cause_id: UUID | None = None
    traceparent: str | None = None


def to_json(envelope: Envelope) -> bytes:
    content: dict[str, Any] = {
        "specversion": "1.0",
        "id": envelope.event_id,
        "source": f"/redress/{envelope.source}",
        "type": envelope.type,
        "time": envelope.occurred_at.astimezone(UTC),
        "datacontenttype": "application/json",
        "tenantid": envelope.tenant_id,
        "subject": envelope.subject,
        "sequence": envelope.sequence,
        "data": msgspec.Raw(envelope.body.encode()),
    }
    if envelope.cause_id:
        content["causationid"] = envelope.cause_id
    if envelope.traceparent:
        content["traceparent"] = envelope.traceparent
    return msgspec.json.encode(content)


class _Wire(msgspec.Struct):
    """Only what the inbox has room for: a message that cannot be stored would come back for ever."""

    id: UUID
    source: Annotated[str, msgspec.Meta(pattern=r"^/redress/[a-z_]{1,32}$")]
    type: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_.]{1,80}$")]
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    tenantid: UUID
    subject: UUID
    sequence: Annotated[int, msgspec.Meta(ge=1, lt=2**31)]
    data: msgspec.Raw
    causationid: UUID | None = None
    traceparent: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f-]{1,55}$")] | None = None


def from_json(content: bytes) -> Envelope:
    """Raises NotUnderstood when it is not one of our envelopes."""
    try:
        wire = msgspec.json.decode(content, type=_Wire)
        body = bytes(wire.data).decode()
    except (msgspec.MsgspecError, UnicodeDecodeError) as mistake:
        raise NotUnderstood(str(mistake)) from mistake
    return Envelope(
        event_id=wire.id,
        source=wire.source.rsplit("/", 1)[-1],
        type=wire.type,
        occurred_at=wire.time,
        tenant_id=wire.tenantid,
        subject=wire.subject,
        sequence=wire.sequence,
        body=body,
        cause_id=wire.causationid,
        traceparent=wire.traceparent,
    )
