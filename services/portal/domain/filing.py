"""Which fields a complaint owes, in the words a Procedure uses for them (IN-2)."""

from collections.abc import Iterable, Mapping
from typing import Any

# What a Procedure asks for, and the fields of the screen that each answer it; an error is shown at the first.
ANSWERED_BY: Mapping[str, tuple[str, ...]] = {
    "contact": ("phone", "email"),
    "place": ("place_id", "where"),
}
CONTACT = frozenset({"name", "contact", "phone", "email", "identity_number"})


def owed(required: Iterable[str], *, anonymous: bool) -> list[str]:
    """What must be filled in. An anonymous complaint owes its text and whatever is no contact (IN-5)."""
    return [name for name in required if not (anonymous and name in CONTACT)]


def unanswered(required: Iterable[str], values: Mapping[str, Any]) -> list[str]:
    """The fields of the screen to mark, one for each required thing that no field answers."""
    return [
        field_shown(name) for name in required if not any(values.get(field) for field in ANSWERED_BY.get(name, (name,)))
    ]


def field_shown(name: str) -> str:
    """The field of the screen at which `name`, as a Procedure or a service calls it, is asked for."""
    return ANSWERED_BY.get(name, (name,))[0]
