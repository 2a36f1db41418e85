"""Reading request bodies: strict JSON, so that what one database would refuse is refused at the door.

No duplicate keys, no NaN or Infinity, no NUL or lone surrogates, depth up to 32, up to 10,000 nodes, integers
that fit 64 bits.
"""

import json
import re
from typing import Any

import msgspec
from flask import Request, abort, request
from flask.json.provider import JSONProvider
from webargs.flaskparser import FlaskParser

SURROGATE = re.compile("[\ud800-\udfff]")
DEPTH = 32
NODES = 10_000


class NotStrictJson(ValueError):
    """The text is not JSON as we take it; says what is wrong."""


def read_json(content: bytes) -> Any:
    """The value. Raises NotStrictJson."""
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_no_twice,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_fitting,
        )
    except UnicodeDecodeError as mistake:
        raise NotStrictJson("the body is not UTF-8") from mistake
    except RecursionError as mistake:
        raise NotStrictJson(f"nested deeper than {DEPTH}") from mistake
    except json.JSONDecodeError as mistake:
        raise NotStrictJson(f"not JSON: {mistake.msg} at character {mistake.pos}") from mistake
    _check(value)
    return value


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrictJson("an object names the same member twice")
    return found


def _no_constant(word: str) -> Any:
    raise NotStrictJson(f"{word} is not a JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise NotStrictJson(f"{text[:20]} is too large")
    return value


def _fitting(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= int(digits) < 2**63:
        raise NotStrictJson("an integer does not fit 64 bits")
    return int(digits)


def _check(value: Any) -> None:
    nodes, level = 0, [value]
    for _ in range(DEPTH + 1):
        below: list[Any] = []
        for item in level:
            nodes += 1
            _check_leaf(item)
            if isinstance(item, dict):
                below += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                below += item
        if nodes > NODES:
            raise NotStrictJson(f"more than {NODES} values")
        if not below:
            return
        level = below
    raise NotStrictJson(f"nested deeper than {DEPTH}")


def _check_leaf(item: Any) -> None:
    if isinstance(item, str):
        if "\x00" in item:
            raise NotStrictJson("a text contains a NUL character")
        if SURROGATE.search(item):
            raise NotStrictJson("a text contains half a character (a lone surrogate)")


def refuse_nul_in_address() -> None:
    """400 for a NUL in path or query: SQLite would take it as a value, PostgreSQL would not."""
    if "\x00" in request.path or any("\x00" in word for pair in request.args.items(multi=True) for word in pair):
        abort(400, description="The address contains a NUL character.")


class JsonProvider(JSONProvider):
    """Flask's JSON: strict on the way in, msgspec on the way out (UUIDs, times in ISO 8601)."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return read_json(s if isinstance(s, bytes) else s.encode())

    def dumps(self, obj: Any, **_: Any) -> str:
        return msgspec.json.encode(obj).decode()


class StrictParser(FlaskParser):
    """webargs for flask-smorest: a body that is not JSON is 415, one that is not strict JSON is 400."""

    def _raw_load_json(self, req: Request) -> Any:
        if not req.is_json:
            abort(415, description="Send the body as application/json.")
        try:
            return read_json(req.get_data(cache=True))
        except NotStrictJson as mistake:
            abort(400, description=f"The body cannot be read: {mistake}.")
