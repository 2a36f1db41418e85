"""Who is away when, and who stands in for them (DI-3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.unit_of_work import Work
from services.dispatch.domain.assignment import Staff
from services.dispatch.domain.permissions import Actor, may_excuse
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed
from services.dispatch.store import Store


class NoSuchAbsence(Exception):
    """There is no absence of this id."""


def absences_of(store: Store, now: datetime) -> dict[str, Any]:
    """Who is away now or will be, by start."""
    rows = store.absences.not_over(now)
    names = store.staff.names({row[key] for row in rows for key in ("person_id", "substitute_id") if row[key]})
    return {"items": [_shown(row, names) for row in rows]}


def plan_absence(work: Work[Store], actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody will be away. Cases they have stay theirs and are listed; new ones go to others.

    Raises NotAcceptable with every mistake, NotAllowed.
    """
    person_id, substitute_id = given["person_id"], given.get("substitute_id")
    person = work.store.staff.person(person_id)
    if person is None or not person.active:
        raise NotAcceptable.field("person_id", "is nobody who works here now")
    if actor.person_id is None:
        raise NotAllowed("Who is away is said by a person, not by a program.")
    if why := may_excuse(actor, person_id, person.departments):
        raise NotAllowed(why)
    mistakes = _mistakes(work, person_id, substitute_id, given["starts_at"], given["ends_at"])
    if mistakes:
        errors = [{"detail": detail, "pointer": f"#/{field}"} for field, detail in mistakes]
        raise NotAcceptable("The absence cannot be taken.", errors)
    row = {
        "absence_id": uuids.uuid7(),
        "person_id": person_id,
        "starts_at": given["starts_at"],
        "ends_at": given["ends_at"],
        "substitute_id": substitute_id,
        "by_id": actor.person_id,
    }
    work.store.absences.add(**row)
    work.store.staff.changed()
    return _shown(row, work.store.staff.names({each for each in (person_id, substitute_id) if each}))


def end_absence(work: Work[Store], actor: Actor, absence_id: UUID) -> dict[str, Any]:
    """They are back, or do not go. Raises NoSuchAbsence, NotAllowed; returns who is still away."""
    row = work.store.absences.find(absence_id)
    if row is None:
        raise NoSuchAbsence
    person = work.store.staff.person(row["person_id"])
    if why := may_excuse(actor, row["person_id"], person.departments if person else ()):
        raise NotAllowed(why)
    if row["ends_at"] > work.now:
        work.store.absences.end(absence_id, work.now)
        work.store.staff.changed()
    return absences_of(work.store, work.now)


def on_duty_now(store: Store, now: datetime, department: str | None) -> dict[str, Any]:
    """Who gets the work of each department now, substitutes in the place of who is away (DI-3)."""
    staff = store.staff.at(now)
    _, procedure = store.procedures.in_force(now)
    departments = [each.id for each in procedure.departments if department in (None, each.id)]
    duties = {each: (_there(staff, staff.rostered_now(each)), staff.duty_managers_for(each)) for each in departments}
    people = {
        person for duty, managers in duties.values() for person in (*duty, *filter(None, duty.values()), *managers)
    }
    names = store.staff.names(people)
    return {
        "items": [
            {
                "department": each,
                "rostered": each in staff.rostered,
                "on_duty": [{**_who(person, names), "in_place_of": _who(away, names)} for person, away in duty.items()],
                "duty_managers": [_who(person, names) for person in managers],
            }
            for each, (duty, managers) in duties.items()
        ]
    }


def _there(staff: Staff, named: list[UUID]) -> dict[UUID, UUID | None]:
    """Who is there, with whom they stand in for; None: they are on duty themselves."""
    found: dict[UUID, UUID | None] = {}
    for person_id in sorted(named, key=lambda each: each in staff.away):
        for there in staff.present([person_id]):
            found.setdefault(there, None if there == person_id else person_id)
    return found


def _mistakes(
    work: Work[Store], person_id: UUID, substitute_id: UUID | None, starts_at: datetime, ends_at: datetime
) -> list[tuple[str, str]]:
    mistakes = []
    if ends_at <= max(starts_at, work.now):
        mistakes.append(("ends_at", "must be later than starts_at and than now"))
    elif other := work.store.absences.overlapping(person_id, starts_at, ends_at):
        mistakes.append(
            ("starts_at", f"they are away already, until {other['ends_at']:%FT%TZ}: end that absence first")
        )
    if substitute_id is not None:
        substitute = work.store.staff.person(substitute_id)
        if substitute is None or not substitute.active:
            mistakes.append(("substitute_id", "is nobody who works here now"))
        elif substitute_id == person_id:
            mistakes.append(("substitute_id", "nobody stands in for themselves: name somebody else or leave it out"))
    return mistakes


def _shown(row: Mapping[str, Any], names: Mapping[UUID, str]) -> dict[str, Any]:
    return {**row, "person": _who(row["person_id"], names), "substitute": _who(row["substitute_id"], names)}


def _who(person_id: UUID | None, names: Mapping[UUID, str]) -> Any:
    return {"id": person_id, "name": names.get(person_id)} if person_id else None
