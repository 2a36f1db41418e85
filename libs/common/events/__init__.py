"""The published language: what services tell each other, one module per sender.

An event is a frozen dataclass with a dotted, past-tense type and a major version. Within a version its
fields only grow; a reader ignores fields it does not know. `decode(encode(event)) == event`.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import msgspec


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every event says. `subject` is the complaint, or the tenant, person or place it is about."""

    type: ClassVar[str]
    source: ClassVar[str]

    tenant_id: UUID
    subject: UUID
    occurred_at: datetime


EventClass = TypeVar("EventClass", bound=type[Event])
REGISTRY: dict[str, type[Event]] = {}
IN_ENVELOPE = frozenset(field.name for field in fields(Event))


class TypeTaken(Exception):
    """Two event classes claim one type."""


class NotUnderstood(Exception):
    """A message that names no known event type, or does not carry that event's fields."""


def event(name: str) -> Callable[[EventClass], EventClass]:
    """Register an event class under its type; its sender is the module that defines it."""

    def register(event_class: EventClass) -> EventClass:
        if name in REGISTRY:
            raise TypeTaken(name)
        event_class.type = name
        event_class.source = event_class.__module__.rsplit(".", 1)[-1]
        REGISTRY[name] = event_class
        return event_class

    return register


def encode(said: Event) -> bytes:
    """The event's own fields as JSON; tenant, subject and time travel in the envelope."""
    own = {name: value for name, value in vars(said).items() if name not in IN_ENVELOPE}
    return msgspec.json.encode(own)


def decode(name: str, data: bytes, *, tenant_id: UUID, subject: UUID, occurred_at: datetime) -> Event:
    """The event back from its JSON. Unknown fields are ignored. Raises NotUnderstood."""
    event_class = REGISTRY.get(name)
    if event_class is None:
        raise NotUnderstood(f"no event type {name}")
    try:
        content = msgspec.json.decode(data, type=dict[str, Any])
        content |= {"tenant_id": tenant_id, "subject": subject, "occurred_at": occurred_at}
        return msgspec.convert(content, event_class)
    except msgspec.MsgspecError as mistake:
        raise NotUnderstood(f"{name}: {mistake}") from mistake
