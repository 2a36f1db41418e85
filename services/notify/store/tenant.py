"""What the tenants service told notify: the tenant itself, and who has which role."""

from typing import Any
from uuid import UUID

from libs.common.tenancy import TenantConnection
from services.notify.store.rows import Row
from services.notify.tables import people, tenants


class Known:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._tenant: Row | None = None  # a store lives for one transaction

    def tenant(self) -> Row | None:
        self._tenant = self._tenant or self._rows.first(tenants)
        return self._tenant

    def keep_tenant(self, **values: Any) -> None:
        self._rows.remove(tenants)
        self._rows.insert(tenants, **values)
        self._tenant = None

    def keep_person(self, person_id: UUID, roles: list[str], active: bool) -> None:
        self._rows.remove(people, person_id=person_id)
        self._rows.insert(people, person_id=person_id, roles=roles, active=active)

    def active_with_role(self, role: str) -> list[UUID]:
        """The people with this role, in a fixed order."""
        active = self._rows.of(people, people.c.person_id, active=True)
        return [row["person_id"] for row in active if role in row["roles"]]
