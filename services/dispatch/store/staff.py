"""The tenant and its people, as the tenants service told them, and how busy they are."""

from collections.abc import Collection, Mapping
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.engine import RowMapping

from libs.common.inbox import NotYetKnown
from libs.common.tenancy import TenantConnection
from services.dispatch.domain.assignment import Staff
from services.dispatch.domain.parts import OPEN_STATES
from services.dispatch.domain.people import House, Person
from services.dispatch.store.absences import Absences
from services.dispatch.tables import cases, parts, people, roster, tenants


class StaffRows:
    """Who can be given work is read once a transaction: a hundred new cases cost one look."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._zone: tzinfo | None = None
        self._seen: Staff | None = None

    def zone(self) -> tzinfo:
        """The tenant's time zone. Raises NotYetKnown while the tenant has not arrived."""
        if self._zone is None:
            row = self._rows.one(select(tenants.c.time_zone).where(self._rows.mine(tenants)))
            if row is None:
                raise NotYetKnown("the tenant")
            self._zone = ZoneInfo(row["time_zone"])
        return self._zone

    def house(self) -> House:
        """What the tenant is called. Raises NotYetKnown while the tenant has not arrived."""
        row = self._rows.one(select(tenants).where(self._rows.mine(tenants)))
        if row is None:
            raise NotYetKnown("the tenant")
        return House(row["name"], row["language"], ZoneInfo(row["time_zone"]))

    def keep_tenant(self, name: str, language: str, time_zone: str) -> None:
        self._rows.execute(tenants.delete().where(self._rows.mine(tenants)))
        self._rows.insert(tenants, name=name, language=language, time_zone=time_zone)
        self._zone = None

    def keep_person(self, person_id: UUID, **values: Any) -> None:
        self._rows.execute(people.delete().where(self._rows.mine(people), people.c.person_id == person_id))
        self._rows.insert(people, person_id=person_id, **values)
        self.changed()

    def person(self, person_id: UUID) -> Person | None:
        """None when the tenant has nobody of that id."""
        row = self._rows.one(select(people).where(self._rows.mine(people), people.c.person_id == person_id))
        return _person(row) if row else None

    def known(self, ids: Collection[UUID]) -> dict[UUID, Person]:
        """Those of the ids that the tenant has."""
        if not ids:
            return {}
        rows = self._rows.all(select(people).where(self._rows.mine(people), people.c.person_id.in_(ids)))
        return {row["person_id"]: _person(row) for row in rows}

    def names(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """What these people are called; who is not known yet is missing."""
        if not ids:
            return {}
        this = select(people.c.person_id, people.c.name).where(self._rows.mine(people))
        return {row["person_id"]: row["name"] for row in self._rows.all(this.where(people.c.person_id.in_(ids)))}

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
        rows = self._people()
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

    def _people(self) -> list[RowMapping]:
        theirs = self._rows.mine(cases) & (cases.c.assignee_id == people.c.person_id)
        open_cases = select(func.count()).where(theirs, cases.c.closed_at.is_(None)).scalar_subquery()
        my_part = self._rows.mine(parts) & parts.c.lead.is_(False) & (parts.c.assignee_id == people.c.person_id)
        open_parts = select(func.count()).where(my_part, parts.c.state.in_(OPEN_STATES)).scalar_subquery()
        last = select(func.max(cases.c.assigned_at)).where(theirs).scalar_subquery()
        return list(
            self._rows.all(
                select(people, (open_cases + open_parts).label("open_work"), last.label("last_assigned"))
                .where(self._rows.mine(people), people.c.active)
                .order_by(people.c.person_id)
            )
        )

    def _duties(
        self, now: datetime
    ) -> tuple[Mapping[str, frozenset[UUID]], Mapping[str, frozenset[UUID]], frozenset[str]]:
        """On duty and duty managers now, by department; and which departments have a roster at all."""
        covers = (roster.c.starts_at <= now) & (roster.c.ends_at > now)
        present = case((covers, roster.c.person_id))
        found: dict[str, dict[str, set[UUID]]] = {"duty": {}, "duty_manager": {}}
        for row in self._rows.all(
            select(roster.c.department, roster.c.role, present.label("person_id"))
            .where(self._rows.mine(roster))
            .distinct()
        ):
            named = found[row["role"]].setdefault(row["department"], set())
            if row["person_id"] is not None:
                named.add(row["person_id"])
        on_duty, managers = (
            {department: frozenset(named) for department, named in by_department.items()}
            for by_department in found.values()
        )
        return on_duty, managers, frozenset(on_duty)


def _person(row: RowMapping) -> Person:
    roles, departments, skills = (tuple(row[name]) for name in ("roles", "departments", "skills"))
    return Person(row["person_id"], roles, departments, row["active"], skills)
