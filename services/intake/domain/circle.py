"""The people of a case: who of the staff may see its complainant unmasked (PR-1)."""

from dataclasses import dataclass
from uuid import UUID

OVERSEERS = ("coordinator", "manager", "auditor")


class NotOfTheCase(Exception):
    """Only people of the case see this; says who they are."""


@dataclass(frozen=True)
class Circle:
    """Those who have the case, answer for it or were called to it, and the departments that handle it."""

    people: frozenset[UUID]
    departments: frozenset[str]


@dataclass(frozen=True)
class Looking:
    """Who asks to see of a complaint what is for the people of its case alone."""

    person_id: UUID
    roles: frozenset[str]
    departments: frozenset[str]


def unless_of_the_case(
    circle: Circle, looking: Looking, what: str = "A complaint is seen in full"
) -> NotOfTheCase | None:
    """The refusal of somebody who neither has to do with the case nor oversees all of them; None: they may look."""
    takes_part = looking.person_id in circle.people or looking.departments & circle.departments
    if takes_part or looking.roles.intersection(OVERSEERS):
        return None
    handling = f", people of {', '.join(sorted(circle.departments))}" if circle.departments else ""
    return NotOfTheCase(
        f"{what} by who has the case or was called to it{handling}, "
        f"and by: {', '.join(OVERSEERS)}. To be one of them, ask for the case to be given to you."
    )
