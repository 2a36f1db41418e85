"""Who is on duty when (DI-3)."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import uuid_utils.compat as uuids

from libs.common.inbox import NotYetKnown
from libs.common.unit_of_work import Work
from services.dispatch.domain.people import Person
from services.dispatch.domain.permissions import Actor, may_plan
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed
from services.dispatch.store import Store


class RosterChanged(Exception):
    """The roster changed since you read it; read it again."""


def roster_of(store: Store, department: str | None) -> dict[str, Any]:
    """The entries of one department, or of all when None; `revision` is another one after each change of them."""
    entries = store.roster.entries(department)
    told = hashlib.sha256(b"".join(sorted(entry["entry_id"].bytes for entry in entries))).digest()
    return {"entries": entries, "revision": int.from_bytes(told[:6])}


def plan_roster(
    work: Work[Store], actor: Actor, department: str, entries: Sequence[Mapping[str, Any]], seen: int | None
) -> dict[str, Any]:
    """Replace the department's roster. Raises NotAllowed, NotAcceptable, and RosterChanged when `seen` is given and
    is not the newest revision.

    A department without entries of role `duty` has no roster: then its whole front line is on duty always.
    """
    if why := may_plan(actor, department):
        raise NotAllowed(why)
    _check_department(work, department)
    work.store.roster.take_turn()
    if seen not in (None, roster_of(work.store, department)["revision"]):
        raise RosterChanged
    known = work.store.staff.known({entry["person_id"] for entry in entries})
    errors = [
        {"detail": detail, "pointer": f"#/entries/{at}/{field}"}
        for at, entry in enumerate(entries)
        for field, detail in _mistakes(entry, department, known.get(entry["person_id"]))
    ]
    if errors:
        raise NotAcceptable("Some entries of the roster cannot be taken.", errors)
    rows = [{**entry, "department": department, "entry_id": uuids.uuid7()} for entry in entries]
    work.store.roster.replace(department, rows)
    work.store.staff.changed()
    return roster_of(work.store, department)


def _check_department(work: Work[Store], department: str) -> None:
    try:
        _, procedure = work.store.procedures.in_force(work.now)
    except NotYetKnown as missing:
        raise NotAcceptable.field("department", "is not known: no Procedure is published yet") from missing
    if procedure.department(department) is None:
        known = ", ".join(each.id for each in procedure.departments)
        raise NotAcceptable.field("department", f"is no department here; the departments: {known}")


def _mistakes(entry: Mapping[str, Any], department: str, person: Person | None) -> Sequence[tuple[str, str]]:
    mistakes = []
    if entry["ends_at"] <= entry["starts_at"]:
        mistakes.append(("ends_at", "must be later than starts_at"))
    if entry.get("department", department) != department:
        mistakes.append(("department", f"is not {department}, whose roster this is"))
    if person is None or not person.active:
        mistakes.append(("person_id", "is nobody who works here now"))
    elif entry["role"] == "duty" and department not in person.departments:
        mistakes.append(("person_id", f"does not work in {department}"))
    return mistakes
