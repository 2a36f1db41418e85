"""From YAML or JSON to a Procedure, or to the list of everything that is wrong with it; and back to JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from marshmallow import ValidationError

from libs.common.procedure.cross_checks import mistakes_between_sections
from libs.common.procedure.document import Procedure
from libs.common.procedure.mistakes import Mistake, ProcedureRefused, joined
from libs.common.procedure.shapes import ProcedureShape
from libs.common.procedure.words import storable
from libs.common.procedure.yaml_text import DEEPEST, mapping_from_yaml, yaml_from_mapping

__all__ = [
    "Mistake",
    "ProcedureRefused",
    "as_document",
    "mapping_from_yaml",
    "read",
    "read_yaml",
    "refuse_unstorable",
    "yaml_from_mapping",
]

SHAPE = ProcedureShape()


def read(document: Mapping[str, Any]) -> Procedure:
    """The Procedure a JSON document describes. Raises ProcedureRefused with every mistake, sorted by path."""
    refuse_unstorable(document)
    mistakes = set(mistakes_between_sections(document))
    try:
        procedure: Procedure = SHAPE.load(document)
    except ValidationError as error:
        mistakes |= set(_mistakes(error.messages, ""))
    if mistakes:
        raise ProcedureRefused(tuple(sorted(mistakes, key=_by_path)))
    return procedure


def refuse_unstorable(document: Mapping[str, Any]) -> None:
    """Raises ProcedureRefused for a document, perhaps unfinished, that could not even be kept as JSON text."""
    mistakes = set(_not_plain(document, "", 0))
    if mistakes:
        raise ProcedureRefused(tuple(sorted(mistakes, key=_by_path)))


def read_yaml(text: str) -> Procedure:
    """The Procedure a YAML text describes. Raises ProcedureRefused."""
    return read(mapping_from_yaml(text))


def as_document(procedure: Procedure) -> dict[str, Any]:
    """The Procedure as JSON values, such that `read(as_document(procedure)) == procedure`."""
    document: dict[str, Any] = SHAPE.dump(procedure)
    return document


def _by_path(mistake: Mistake) -> tuple[str, str]:
    return mistake.path, mistake.message


def _mistakes(messages: Any, path: str) -> Iterator[Mistake]:
    if isinstance(messages, dict):
        for key, found in messages.items():
            yield from _mistakes(found, path if key == "_schema" else joined(path, key))
        return
    for message in messages:
        if isinstance(message, Mistake):
            yield replace(message, path=path)
        else:
            yield Mistake(path, message)


def _not_plain(value: Any, path: str, depth: int) -> Iterator[Mistake]:
    """What could not travel as JSON or be stored as text."""
    if depth > DEEPEST:
        yield Mistake(path, "is nested too deeply")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not storable(key):
                yield Mistake(path, "has a key that is not a plain word")
            else:
                yield from _not_plain(item, joined(path, key), depth + 1)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _not_plain(item, joined(path, at), depth + 1)
    elif isinstance(value, str):
        if not storable(value):
            yield Mistake(path, "has characters that cannot be stored")
    elif value is not None and not isinstance(value, bool | int):
        yield Mistake(path, f"is of a kind a Procedure does not use ({type(value).__name__})")
