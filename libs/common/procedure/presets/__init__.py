"""Procedures a tenant starts from, each a YAML file of this folder."""

from importlib import resources
from typing import Any

from libs.common.procedure.yaml_text import mapping_from_yaml

SUFFIX = ".yaml"


class NoSuchPreset(Exception):
    """No preset has that name."""


def names() -> tuple[str, ...]:
    """The names of the presets, in alphabetical order."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in files if name.endswith(SUFFIX)))


def load(name: str) -> dict[str, Any]:
    """The document of a preset, as JSON values. Raises NoSuchPreset."""
    if name not in names():
        raise NoSuchPreset(name)
    text = resources.files(__name__).joinpath(name + SUFFIX).read_text(encoding="utf-8")
    return mapping_from_yaml(text)
