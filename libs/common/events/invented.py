"""Invented events for examples and tests: the same every time, with values that fit their fields."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from libs.common.events import Event

EventClass = TypeVar("EventClass", bound=Event)

MOMENT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
AFTER: dict[str, timedelta] = {
    "registered_at": timedelta(minutes=1),
    "started_at": timedelta(minutes=1),
    "reached_at": timedelta(hours=1),
    "met_at": timedelta(hours=1),
    "old_due_at": timedelta(hours=2),
    "due_at": timedelta(hours=4),
    "stopped_at": timedelta(hours=5),
    "closed_at": timedelta(days=2),
}
WORDS = {
    "asked_for": "请尽快维修",
    "author": "complainant",
    "category": "repairs",
    "channel": "web",
    "country": "CN",
    "department": "engineering",
    "external_ref": "review-20417",
    "from_department": "front_desk",
    "impact": "地板已泡水变形",
    "kind": "property",
    "label": "海棠苑 3号楼 1502",
    "language": "zh-Hans",
    "limit_id": "first_response",
    "milestone": "accepted",
    "milestone_from": "registered",
    "milestone_to": "accepted",
    "name": "海棠苑物业",
    "number": "2603-0417-5520",
    "old_category": "noise",
    "old_urgency": "general",
    "outcome": "solved",
    "place_label": "海棠苑 3号楼 1502",
    "reason": "by rule repairs-to-engineering",
    "slug": "haitangyuan",
    "text": "卫生间天花板漏水,已经两天了。",
    "time_zone": "Asia/Shanghai",
    "to": "complainant",
    "to_department": "engineering",
    "to_role": "supervisor",
    "urgency": "urgent",
}
LISTS = {
    "attachments": ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",),
    "departments": ("engineering",),
    "roles": ("supervisor",),
}


def invent(event_class: type[EventClass], **given: Any) -> EventClass:
    """One such event; `given` fields instead of the invented ones."""
    hints = get_type_hints(event_class)
    values = {field.name: _value(field.name, hints[field.name]) for field in fields(event_class)}
    return event_class(**values | given)


def _value(name: str, hint: Any) -> Any:
    kind = next(part for part in get_args(hint) if part is not type(None)) if isinstance(hint, UnionType) else hint
    if kind is datetime:
        return MOMENT + AFTER.get(name, timedelta(0))
    if kind is UUID:
        return UUID(bytes=name.encode()[:16].ljust(16, b"\0"), version=4)
    if kind is str:
        return WORDS.get(name, name.replace("_", " "))
    if get_origin(kind) is tuple:
        return LISTS.get(name) or (_value(name, get_args(kind)[0]),)
    plain: dict[Any, Any] = {bool: True, int: 1, float: 1.0}
    return plain.get(kind, {})
