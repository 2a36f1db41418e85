"""The people of a tenant: who they are, what they may do, where they can be reached."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.tenants import PersonChanged
from libs.common.inbox import NotYetKnown
from libs.common.unit_of_work import Work
from services.tenants.domain.mistakes import AlreadyTaken
from services.tenants.domain.person import House, NewPerson, cleaned
from services.tenants.handlers.gate import NoSuchTenant
from services.tenants.store import Store
from services.tenants.store.people import LoginTaken

SAID = ("name", "roles", "departments", "skills", "active")
"""What the other services are told. Addresses, logins and passwords are not among it."""

ENDS_SESSIONS = ("password_hash", "roles", "active")


class NoSuchPerson(Exception):
    """Nobody with this id works here."""


class LastAdmin(Exception):
    """The tenant would be left without an admin. Make somebody else admin first."""


def add_person(work: Work[Store], new: NewPerson, under: str = "#") -> UUID:
    """A new member of staff; returns the person's id. Raises NotAcceptable, AlreadyTaken for a login in use.

    `under` points at the object in the request that has the person's fields.
    """
    tenant = work.store.tenant.find()
    if tenant is None:
        raise NoSuchTenant
    values = cleaned(asdict(new), _house(work.store, work.now, tenant), under)
    person = {**values, "language": values["language"] or tenant["language"], "active": True}
    person |= {name: list(values[name]) for name in ("departments", "skills")}
    person_id: UUID = uuids.uuid7()
    try:
        work.store.people.add(person_id=person_id, **person)
    except LoginTaken as taken:
        say = f"somebody else has the login {values['login']}; choose another"
        raise AlreadyTaken.of([("login", say)], under) from taken
    _say(work, person_id, person)
    return person_id


def change_person(work: Work[Store], person_id: UUID, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change some of name, roles, departments, skills, language, email, phone, active and password_hash.

    Another password or other roles, or leaving, end the person's sessions. Returns the person as they are now.
    Raises NoSuchPerson, NotAcceptable, LastAdmin.
    """
    work.store.tenant.lock()
    tenant, person = work.store.tenant.find(), work.store.people.find_and_hold(person_id)
    if tenant is None or person is None:
        raise NoSuchPerson
    clean = cleaned(changes, _house(work.store, work.now, tenant))
    new = {name: value for name, value in clean.items() if value != person[name]}
    after = {**person, **new}
    if _is_admin(person) and not _is_admin(after) and not _other_admins(work.store, person_id):
        raise LastAdmin
    if new:
        work.store.people.change(person_id, **new)
    if any(name in new for name in ENDS_SESSIONS):
        work.store.sessions.end_all_of(person_id)
    if any(name in new for name in SAID):
        _say(work, person_id, after)
    return after


def find_person(store: Store, person_id: UUID) -> Mapping[Any, Any]:
    """Raises NoSuchPerson."""
    person = store.people.find(person_id)
    if person is None:
        raise NoSuchPerson
    return person


def reachable_at(store: Store, person_id: UUID) -> Mapping[Any, Any]:
    """The work addresses of somebody who works here now. Raises NoSuchPerson, also for who has left."""
    person = find_person(store, person_id)
    if not person["active"]:
        raise NoSuchPerson
    return person


def _house(store: Store, now: datetime, tenant: Mapping[Any, Any]) -> House:
    try:
        _, procedure = store.procedures.in_force(now)
    except NotYetKnown:
        return House(tenant["kind"], tenant["country"], None, None)
    departments = [department.id for department in procedure.departments]
    return House(tenant["kind"], tenant["country"], departments, [each.id for each in procedure.categories])


def _is_admin(person: Mapping[Any, Any]) -> bool:
    return person["active"] and "admin" in person["roles"]


def _other_admins(store: Store, person_id: UUID) -> bool:
    return any("admin" in row["roles"] for row in store.people.active() if row["person_id"] != person_id)


def _say(work: Work[Store], person_id: UUID, person: Mapping[Any, Any]) -> None:
    work.record(
        PersonChanged(
            tenant_id=work.tenant_id,
            subject=person_id,
            occurred_at=work.now,
            person_id=person_id,
            name=person["name"],
            roles=tuple(person["roles"]),
            departments=tuple(person["departments"]),
            skills=tuple(person["skills"]),
            active=person["active"],
        )
    )
