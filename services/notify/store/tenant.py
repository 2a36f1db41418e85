"""What the tenants service told notify: the tenant itself, and who has which role."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.notify.tables import people, tenants


class Known:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def tenant(self) -> RowMapping | None:
        return self._rows.one(select(tenants).where(self._rows.mine(tenants)))

    def keep_tenant(self, **values: Any) -> None:
        self._rows.execute(tenants.delete().where(self._rows.mine(tenants)))
        self._rows.insert(tenants, **values)

    def keep_person(self, person_id: UUID, roles: list[str], active: bool) -> None:
        this = self._rows.mine(people) & (people.c.person_id == person_id)
        self._rows.execute(people.delete().where(this))
        self._rows.insert(people, person_id=person_id, roles=roles, active=active)

    def active_with_role(self, role: str) -> list[UUID]:
        """The people with this role, in a fixed order."""
        active = select(people).where(self._rows.mine(people), people.c.active).order_by(people.c.person_id)
        return [row["person_id"] for row in self._rows.all(active) if role in row["roles"]]
