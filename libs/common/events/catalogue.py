"""The catalogue of the published language: a schema and an example per type, a page, an AsyncAPI document.

Who hears what is given by the caller (`{"intake": SUBSCRIPTIONS, …}`): events know no service.
"""

import importlib
import json
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from libs.common import events
from libs.common.events import IN_ENVELOPE, REGISTRY, Event, encode
from libs.common.events.compatibility import breaks
from libs.common.events.invented import invent

FOLDER = Path(__file__).parent
Hearers = Mapping[str, Iterable[type[Event]]]
"""Service → the event classes it has a handler for."""


class BreaksReaders(Exception):
    """A committed schema would change in a way that old messages or old readers do not survive."""


def event_types() -> list[type[Event]]:
    """Every published event, by sender, in the order of definition."""
    for module in pkgutil.iter_modules([str(FOLDER)]):
        importlib.import_module(f"{events.__name__}.{module.name}")
    published = [found for found in REGISTRY.values() if found.__module__.startswith(f"{events.__name__}.")]
    return sorted(published, key=lambda found: found.source)


def schema_of(event_class: type[Event]) -> dict[str, Any]:
    """JSON Schema (2020-12) of what travels as `data`; tenant, subject and time are in the envelope."""
    # As JSON writes it: the default of a tuple is a list.
    whole = json.loads(msgspec.json.encode(msgspec.json.schema(event_class)))
    parts = whole.pop("$defs")
    schema: dict[str, Any] = parts.pop(event_class.__name__)
    for name in IN_ENVELOPE:
        del schema["properties"][name]
    schema["required"] = [name for name in schema["required"] if name not in IN_ENVELOPE]
    _name_times(event_class, schema["properties"])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": event_class.type}
    return head | {key: value for key, value in schema.items() if key != "title"} | ({"$defs": parts} if parts else {})


def example_of(event_class: type[Event]) -> dict[str, Any]:
    """The `data` of one such event, always the same."""
    data: dict[str, Any] = json.loads(encode(invent(event_class)))
    return data


def write_schemas(folder: Path = FOLDER) -> None:
    """`schemas/<type>.json` and `examples/<type>.json`. Raises BreaksReaders and writes nothing."""
    schemas = {event_class: schema_of(event_class) for event_class in event_types()}
    for event_class, schema in schemas.items():
        path = folder / "schemas" / f"{event_class.type}.json"
        if path.exists() and (mistakes := breaks(json.loads(path.read_text()), schema)):
            raise BreaksReaders(f"{event_class.type}: {'; '.join(mistakes)}")
    for event_class, schema in schemas.items():
        _write(folder / "schemas" / f"{event_class.type}.json", schema)
        _write(folder / "examples" / f"{event_class.type}.json", example_of(event_class))


def write_documents(folder: Path, hearers: Hearers) -> None:
    """`events.md` and `asyncapi.json`."""
    (folder / "events.md").write_text(page(hearers))
    _write(folder / "asyncapi.json", asyncapi(hearers))


def page(hearers: Hearers) -> str:
    """Every event for a reader: type, meaning, fields, who says it and who answers it."""
    lines = ["# Events", "", _INTRODUCTION]
    source = ""
    for event_class in event_types():
        if event_class.source != source:
            source = event_class.source
            lines += ["", f"## {source}", "", _doc(importlib.import_module(event_class.__module__))]
        lines += ["", f"### `{event_class.type}`", "", _doc(event_class), ""]
        lines += [f"Answered by: {', '.join(_hearing(event_class, hearers)) or 'nobody'}.", ""]
        lines += ["| field | type |", "|---|---|"]
        properties = schema_of(event_class)["properties"]
        lines += [f"| `{name}` | {_in_words(schema)} |" for name, schema in properties.items()]
    return "\n".join(lines) + "\n"


def asyncapi(hearers: Hearers) -> dict[str, Any]:
    """The same as AsyncAPI 3.0: a channel per sender, one send and one receive operation a service."""
    types = event_types()
    by_source: dict[str, list[type[Event]]] = {}
    for event_class in types:
        by_source.setdefault(event_class.source, []).append(event_class)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Redress events", "version": "1.0.0", "description": _INTRODUCTION},
        "defaultContentType": "application/cloudevents+json",
        "channels": {source: _channel(source, said) for source, said in by_source.items()},
        "operations": dict(_operations(by_source, hearers)),
        "components": {
            "messages": {event_class.type: _message(event_class) for event_class in types},
            "schemas": {"envelope": _ENVELOPE} | {event_class.type: schema_of(event_class) for event_class in types},
        },
    }


_INTRODUCTION = """What services tell each other. Each message is a CloudEvents 1.0 envelope (`tenantid`, `subject`,
`sequence`, `time`, `causationid`, `traceparent`) around the fields below. Delivered at least once, in order per
sender and subject. Within a version fields are only added, and readers ignore those they do not know."""

_ENVELOPE: dict[str, Any] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "time", "tenantid", "subject", "sequence", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid"},
        "source": {"type": "string"},
        "type": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "tenantid": {"type": "string", "format": "uuid"},
        "subject": {"type": "string", "format": "uuid"},
        "sequence": {"type": "integer", "minimum": 1},
        "causationid": {"type": "string", "format": "uuid"},
        "traceparent": {"type": "string"},
        "data": {"type": "object"},
    },
}


def _channel(source: str, said: Iterable[type[Event]]) -> dict[str, Any]:
    return {
        "address": f"{source}.#",
        "messages": {said_class.type: _reference("messages", said_class.type) for said_class in said},
        "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": "redress.events", "type": "topic"}}},
    }


def _operations(by_source: Mapping[str, list[type[Event]]], hearers: Hearers) -> Iterable[tuple[str, dict[str, Any]]]:
    for source in by_source:
        yield f"{source}.says", {"action": "send", "channel": {"$ref": f"#/channels/{source}"}}
        for service, heard in hearers.items():
            messages = [
                {"$ref": f"#/channels/{source}/messages/{event_class.type}"}
                for event_class in by_source[source]
                if event_class in set(heard)
            ]
            if messages:
                channel = {"$ref": f"#/channels/{source}"}
                yield f"{service}.hears.{source}", {"action": "receive", "channel": channel, "messages": messages}


def _message(event_class: type[Event]) -> dict[str, Any]:
    data = {"properties": {"type": {"const": event_class.type}, "data": _reference("schemas", event_class.type)}}
    return {
        "name": event_class.type,
        "summary": _doc(event_class),
        "payload": {"allOf": [_reference("schemas", "envelope"), data]},
        "examples": [{"payload": {"type": event_class.type, "data": example_of(event_class)}}],
    }


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _hearing(event_class: type[Event], hearers: Hearers) -> list[str]:
    return [service for service, heard in hearers.items() if event_class in set(heard)]


def _name_times(event_class: type[Event], properties: dict[str, Any]) -> None:
    hints = get_type_hints(event_class)
    for field in fields(event_class):
        if field.name in properties and datetime in (hints[field.name], *get_args(hints[field.name])):
            for schema in properties[field.name].get("anyOf", [properties[field.name]]):
                if schema.get("type") == "string":
                    schema["format"] = "date-time"


def _in_words(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_in_words(part) for part in schema["anyOf"])
    kind = str(schema.get("format") or schema.get("type") or "anything")
    return f"list of {_in_words(schema['items'])}" if kind == "array" and schema.get("items") else kind


def _doc(described: Any) -> str:
    return " ".join((described.__doc__ or "").split())


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
