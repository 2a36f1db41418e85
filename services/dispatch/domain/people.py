"""Who in the department gets the case (DI-3), and who answers for it above them (DI-4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from uuid import UUID

from services.dispatch.domain.absence import NOBODY_AWAY, Away, present

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """The tenant itself: its name, the language it writes in, the zone of its days."""

    name: str
    language: str
    zone: tzinfo


@dataclass(frozen=True)
class OnDuty:
    """A person who may be given work now; `last_assigned_at` (UTC) None: never was."""

    person_id: UUID
    last_assigned_at: datetime | None = None


@dataclass(frozen=True)
class Person:
    """A member of staff as far as responsibility goes."""

    id: UUID
    roles: tuple[str, ...]
    departments: tuple[str, ...]
    active: bool = True
    skills: tuple[str, ...] = ()  # categories the person knows how to handle
    name: str = ""  # used at work


@dataclass(frozen=True)
class Responsible:
    """The two levels above the assignee; None: nobody holds that place."""

    head: UUID | None
    coordinator: UUID | None


def choose_assignee(people_on_duty: Iterable[OnDuty], open_work: Mapping[UUID, int]) -> UUID | None:
    """The person with the least open cases; of equals the one not given any for longest, then by id.

    `open_work` counts open cases by person, missing is none. None when nobody is on duty.
    """

    def turn(person: OnDuty) -> tuple[int, datetime, UUID]:
        return open_work.get(person.person_id, 0), person.last_assigned_at or NEVER, person.person_id

    chosen = min(people_on_duty, key=turn, default=None)
    return chosen.person_id if chosen else None


def responsible(people: Iterable[Person], department: str, away: Away = NOBODY_AWAY) -> Responsible:
    """The department's head (its supervisor) and the coordinator; of several the one with the lowest id.

    In place of who is away somebody present answers; where nobody is, they stay responsible.
    """
    active = sorted((person for person in people if person.active), key=lambda person: person.id)
    working = {person.id for person in active}
    heads = [person.id for person in active if "supervisor" in person.roles and department in person.departments]
    coordinators = [person.id for person in active if "coordinator" in person.roles]

    def first(named: list[UUID]) -> UUID | None:
        return next(iter(present(named, away, working) or named), None)

    return Responsible(first(heads), first(coordinators))
