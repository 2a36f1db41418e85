"""YAML as plain JSON values, and back: no tags, anchors, dates, clock numbers or yes/no, and no key twice."""

import re
from collections.abc import Mapping
from typing import Any, cast

import yaml

from libs.common.procedure.mistakes import Mistake, ProcedureRefused, joined
from libs.common.procedure.words import storable

DEEPEST = 30
# Plain YAML 1.1 would read 08:30 as 510 and the key `on` as true.
PLAIN: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)


def mapping_from_yaml(text: str) -> dict[str, Any]:
    """The document as JSON values. Raises ProcedureRefused for bad form and for each key given twice."""
    try:
        root = yaml.compose(text, Loader=_PlainLoader)
    except yaml.YAMLError as error:
        raise ProcedureRefused((_mistake(error),)) from error
    mistakes: list[Mistake] = []
    value = _value(root, "", mistakes) if root is not None else None
    if not mistakes and not isinstance(value, dict):
        mistakes.append(Mistake("", "is not a document: write its sections as `name: …`"))
    if mistakes:
        raise ProcedureRefused(tuple(mistakes))
    return cast(dict[str, Any], value)


def yaml_from_mapping(document: Mapping[str, Any]) -> str:
    """The document as YAML, its sections in the order they have; `mapping_from_yaml` reads the same again.

    Comments and the way a text was laid out are not part of a document, so an imported text loses them.
    """
    text: str = yaml.dump(dict(document), Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=110)
    return text


class _PlainDumper(yaml.SafeDumper):
    """Writes the same value out wherever it stands: the reader takes no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _PlainLoader(yaml.SafeLoader):
    """Refuses while composing what could make a small text a large document."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = cast(Any, self).peek_event()
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise yaml.MarkedYAMLError(problem="anchors are not allowed", problem_mark=event.start_mark)
        if event.tag not in (None, "!"):
            raise yaml.MarkedYAMLError(problem="tags are not allowed", problem_mark=event.start_mark)
        if self.depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem="is nested too deeply", problem_mark=event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _mistake(error: yaml.YAMLError) -> Mistake:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "is not readable"
    where = f"line {mark.line + 1}: " if mark is not None else ""
    return Mistake("", f"{where}not YAML: {problem}")


def _value(node: yaml.Node, path: str, mistakes: list[Mistake]) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, joined(path, at), mistakes) for at, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, mistakes)
    if not isinstance(node, yaml.ScalarNode) or node.style is not None:
        return node.value
    if INTEGER.fullmatch(node.value):
        return int(node.value)
    return PLAIN.get(node.value, node.value)


def _mapping(node: yaml.MappingNode, path: str, mistakes: list[Mistake]) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key, value in node.value:
        line = f"line {key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode) or not storable(key.value):
            mistakes.append(Mistake(path, f"{line}: a key must be a word"))
        elif key.value in mapping:
            mistakes.append(Mistake(joined(path, key.value), f"{line}: is given twice"))
        else:
            mapping[key.value] = _value(value, joined(path, key.value), mistakes)
    return mapping
