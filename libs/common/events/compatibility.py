"""May a published event change this way? Within a major version its fields only grow, by optional ones.

Old messages lie in inboxes and `sent` for days, and old readers run beside new senders during a deployment;
both must get along with the change. Anything else is a new event type with the next version.
"""

from collections.abc import Iterator, Mapping
from typing import Any

WORDS_ONLY = frozenset({"title", "description"})


def breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What an old reader or an old message would trip over; empty when the JSON Schema only grew."""
    return [*_breaks(old, new, ""), *_breaks_within(old, new)]


def _breaks(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    was_required, is_required = set(old.get("required", ())), set(new.get("required", ()))
    for name, schema in before.items():
        if name not in after:
            yield f"{path}{name} is gone"
        elif _meaning(schema) != _meaning(after[name]):
            yield f"{path}{name} was {_meaning(schema)} and is {_meaning(after[name])}"
        elif (name in was_required) != (name in is_required):
            yield f"{path}{name} {'must be there now' if name in is_required else 'may be missing now'}"
    for name in after.keys() - before.keys():
        if name in is_required:
            yield f"{path}{name} is new and must be there; give it a default"
    if _rest(old) != _rest(new):
        yield f"{path or 'the whole '}was {_rest(old)} and is {_rest(new)}"


def _breaks_within(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Parts that fields refer to by name; one that is gone shows where it was referred to."""
    before, after = old.get("$defs", {}), new.get("$defs", {})
    for name in before.keys() & after.keys():
        yield from _breaks(before[name], after[name], f"{name}.")


def _meaning(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {key: _meaning(value) for key, value in schema.items() if key not in WORDS_ONLY}
    return [_meaning(item) for item in schema] if isinstance(schema, list) else schema


def _rest(schema: Mapping[str, Any]) -> dict[str, Any]:
    compared = {"properties", "required", "$defs", *WORDS_ONLY}
    return {key: value for key, value in schema.items() if key not in compared}
