"""Places lie in one another: property › building › unit."""

from dataclasses import dataclass

from services.tenants.domain.mistakes import FieldMistake

LIES_IN: dict[str, tuple[str, ...]] = {
    "property": (),
    "building": ("property",),
    "unit": ("building", "property"),
}
SEPARATOR = " › "


@dataclass(frozen=True)
class Parent:
    kind: str
    label: str


def misplaced(kind: str, parent: Parent | None) -> FieldMistake | None:
    """What is wrong with a place of this kind lying there; `parent` None: at the top."""
    wanted = LIES_IN[kind]
    if parent is None and wanted:
        return "parent_id", f"a {kind} lies in a {' or a '.join(wanted)}: name it"
    if parent is not None and parent.kind not in wanted:
        right = f"in a {' or a '.join(wanted)}" if wanted else "in no other place"
        return "parent_id", f"a {kind} lies {right}, this is a {parent.kind}"
    return None


def label_of(name: str, parent: Parent | None) -> str:
    """The full name from the top."""
    return f"{parent.label}{SEPARATOR}{name}" if parent else name
