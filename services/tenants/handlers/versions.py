"""Looking at published versions: one of them, as YAML, and what changed between two."""

from typing import Any

from libs.common.inbox import NotYetKnown
from libs.common.procedure import presets
from libs.common.procedure.differences import Difference, differences
from libs.common.procedure.document import Procedure
from libs.common.procedure.reading import yaml_from_mapping
from services.tenants.handlers.procedures import NoProcedure
from services.tenants.store import Store

NEWEST_POSSIBLE = 2**31 - 1


class NoSuchVersion(NoProcedure):
    """The tenant has published no such version."""


def version(store: Store, wanted: int) -> dict[str, Any]:
    """{version, active_from, document}. Raises NoSuchVersion."""
    known_version(store, wanted)
    return store.publications.document(wanted)


def version_as_yaml(store: Store, wanted: int) -> str:
    """Reads back as the same Procedure. Raises NoSuchVersion."""
    return yaml_from_mapping(version(store, wanted)["document"])


def changes_between(store: Store, before: int, after: int) -> tuple[Difference, ...]:
    """What became different from one version to the other. Raises NoSuchVersion."""
    return differences(known_version(store, before), known_version(store, after))


def known_version(store: Store, wanted: int) -> Procedure:
    """What that version means. Raises NoSuchVersion."""
    if not 1 <= wanted <= NEWEST_POSSIBLE:
        raise NoSuchVersion
    try:
        return store.procedures.version(wanted)
    except NotYetKnown as failure:
        raise NoSuchVersion from failure


def presets_to_start_from() -> list[dict[str, Any]]:
    """{name, title} of each preset, the title by language."""
    return [{"name": name, "title": presets.load(name)["name"]} for name in presets.names()]
