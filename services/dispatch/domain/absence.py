"""Who is away, and who stands in for them (DI-3)."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

Away = Mapping[UUID, UUID | None]
"""Who is absent at one moment, and the substitute each of them has; None: none."""

NOBODY_AWAY: Away = MappingProxyType({})


def stand_in(person_id: UUID, away: Away) -> UUID | None:
    """The person; in place of who is away their substitute, and so on along the chain.

    None when the chain ends without anybody or turns in a circle.
    """
    passed = set[UUID]()
    here: UUID | None = person_id
    while here is not None and here in away:
        if here in passed:
            return None
        passed.add(here)
        here = away[here]
    return here


def present(named: Iterable[UUID], away: Away, working: Collection[UUID]) -> list[UUID]:
    """Those of the named who are there, or who stands in for them, each once. `working`: who has not left."""
    found = (stand_in(each, away) for each in named if each in working)
    return list(dict.fromkeys(each for each in found if each is not None and each in working))
