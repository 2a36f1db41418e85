"""The tenant and its people, as the tenants service told them, and how busy they are."""

from collections.abc import Collection, Mapping
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.engine import RowMapping

from libs.common.inbox import NotYetKnown
from libs.common.tenancy import TenantConnection, theirs
from services.dispatch.domain.assignment import Staff
from services.dispatch.domain.parts import OPEN_STATES
from services.dispatch.domain.people import House, Person
from services.dispatch.store.absences import Absences
from services.dispatch.tables import cases, parts, people, roster, tenants

OF_THEIRS = theirs(cases) & (cases.c.assignee_id == people.c.person_id)
PART_OF_THEIRS = theirs(parts) & parts.c.lead.is_(False) & (parts.c.assignee_id == people.c.person_id)
OPEN_CASES = select(func.count()).where(OF_THEIRS, cases.c.closed_at.is_(None)).scalar_subquery()
OPEN_PARTS = select(func.count()).where(PART_OF_THEIRS, parts.c.state.in_(OPEN_STATES)).scalar_subquery()
LAST_ASSIGNED = select(func.max(cases.c.assigned_at)).where(OF_THEIRS).scalar_subquery()
AT_WORK = (
    select(people, (OPEN_CASES + OPEN_PARTS).label("open_work"), LAST_ASSIGNED.label("last_assigned"))
    .where(theirs(people), people.c.active)
    .order_by(people.c.person_id)
)
COVERS_NOW = (roster.c.starts_at <= bindparam("now")) & (roster.c.ends_at > bindparam("now"))
DUTIES = (
    select(roster.c.department, roster.c.role, case((COVERS_NOW, roster.c.person_id)).label("person_id"))
    .where(theirs(roster))
    .distinct()
)
KNOWN = select(people).where(theirs(people), people.c.person_id.in_(bindparam("ids", expanding=True)))


class StaffRows:
    """Who can be given work is read once a transaction: a hundred new cases cost one look."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._zone: tzinfo | None = None
        self._seen: Staff | None = None

    def zone(self) -> tzinfo:
        """The tenant's time zone. Raises NotYetKnown while the tenant has not arrived."""
        if self._zone is None:
            row = self._rows.first(tenants)
            if row is None:
                raise NotYetKnown("the tenant")
            self._zone = ZoneInfo(row["time_zone"])
        return self._zone

    def house(self) -> House:
        """What the tenant is called. Raises NotYetKnown while the tenant has not arrived."""
        row = self._rows.first(tenants)
        if row is None:
            raise NotYetKnown("the tenant")
        return House(row["name"], row["language"], ZoneInfo(row["time_zone"]))

    def keep_tenant(self, name: str, language: str, time_zone: str) -> None:
        self._rows.remove(tenants)
        self._rows.insert(tenants, name=name, language=language, time_zone=time_zone)
        self._zone = None

    def keep_person(self, person_id: UUID, **values: Any) -> None:
        self._rows.remove(people, person_id=person_id)
        self._rows.insert(people, person_id=person_id, **values)
        self.changed()

    def person(self, person_id: UUID) -> Person | None:
        """None when the tenant has nobody of that id."""
        row = self._rows.first(people, person_id=person_id)
        return _person(row) if row else None

    def known(self, ids: Collection[UUID]) -> dict[UUID, Person]:
        """Those of the ids that the tenant has."""
        if not ids:
            return {}
        return {row["person_id"]: _person(row) for row in self._rows.all(KNOWN, ids=list(ids))}

    def names(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """What these people are called; who is not known yet is missing."""
        if not ids:
            return {}
        return {row["person_id"]: row["name"] for row in self._rows.all(KNOWN, ids=list(ids))}

    def at(self, now: datetime) -> Staff:
        """Who works there at `now`, the moment of this transaction."""
        if self._seen is None:
            self._seen = self._read(now)
        return self._seen

    def was_given(self, person_id: UUID, at: datetime) -> None:
        """A new case, or a part of one, went to this person in this transaction."""
        if self._seen is not None:
            work, last = dict(self._seen.open_work), dict(self._seen.last_assigned)
            work[person_id], last[person_id] = work.get(person_id, 0) + 1, at
            self._seen = Staff(**{**self._seen.__dict__, "open_work": work, "last_assigned": last})

    def changed(self) -> None:
        """People, rosters or who has what changed; look again."""
        self._seen = None

    def _read(self, now: datetime) -> Staff:
        rows = self._rows.all(AT_WORK)
        on_duty, managers, rostered = self._duties(now)
        return Staff(
            people=tuple(_person(row) for row in rows),
            rostered=rostered,
            on_duty=on_duty,
            duty_managers=managers,
            open_work={row["person_id"]: row["open_work"] for row in rows},
            last_assigned={row["person_id"]: row["last_assigned"] for row in rows if row["last_assigned"] is not None},
            away=Absences(self._rows).away(now),
        )

    def _duties(
        self, now: datetime
    ) -> tuple[Mapping[str, frozenset[UUID]], Mapping[str, frozenset[UUID]], frozenset[str]]:
        """On duty and duty managers now, by department; and which departments have a roster at all."""
        found: dict[str, dict[str, set[UUID]]] = {"duty": {}, "duty_manager": {}}
        for row in self._rows.all(DUTIES, now=now):
            named = found[row["role"]].setdefault(row["department"], set())
            if row["person_id"] is not None:
                named.add(row["person_id"])
        on_duty, managers = (
            {department: frozenset(named) for department, named in by_department.items()}
            for by_department in found.values()
        )
        return on_duty, managers, frozenset(on_duty)


def _person(row: RowMapping | dict[str, Any]) -> Person:
    roles, departments, skills = (tuple(row[name]) for name in ("roles", "departments", "skills"))
    return Person(row["person_id"], roles, departments, row["active"], skills, row["name"])
