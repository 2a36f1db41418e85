"""Settings from the environment: typed, read once at start, every missing one named at once.

A setting `X` may also be given as `X_FILE`, the path of a file that holds it. Values never appear in messages.
"""

import dataclasses
import os
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

ConfigClass = TypeVar("ConfigClass")


class SettingsWrong(Exception):
    """Settings are missing or cannot be read; names all of them."""


class Secret:
    """A value that never shows itself in repr, str, logs or JSON; `reveal()` gives it."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def setting(name: str, meaning: str, default: Any = dataclasses.MISSING) -> Any:
    """A field of a Config class, read from the variable `name`; without a default it must be set."""
    return dataclasses.field(default=default, metadata={"name": name, "meaning": meaning})


def from_env(config_class: type[ConfigClass], environ: Mapping[str, str] | None = None) -> ConfigClass:
    """The filled Config. Raises SettingsWrong that names every missing or unreadable variable."""
    environ = os.environ if environ is None else environ
    hints = get_type_hints(config_class)
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for field in dataclasses.fields(config_class):  # type: ignore[arg-type]
        name = field.metadata["name"]
        try:
            text = _text(environ, name)
        except (OSError, UnicodeDecodeError):
            wrong.append(f"{name}_FILE names a file that cannot be read ({field.metadata['meaning']})")
            continue
        if text is None:
            if field.default is dataclasses.MISSING:
                wrong.append(f"{name} is not set ({field.metadata['meaning']})")
            continue
        try:
            values[field.name] = _convert(text, hints[field.name])
        except ValueError:
            wrong.append(f"{name} is not a {_plain(hints[field.name]).__name__} ({field.metadata['meaning']})")
    if wrong:
        raise SettingsWrong("; ".join(wrong))
    return config_class(**values)


def _text(environ: Mapping[str, str], name: str) -> str | None:
    if name in environ and environ[name] != "":
        return environ[name]
    path = environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else None


def _plain(hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _convert(text: str, hint: Any) -> Any:
    kind = _plain(hint)
    if kind is bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if text.lower() not in words:
            raise ValueError(text)
        return words[text.lower()]
    return kind(text)
