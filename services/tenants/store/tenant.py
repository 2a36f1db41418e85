"""The tenant itself and its public name."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from libs.common.tenancy import TenantConnection
from services.tenants.tables import doors, tenants


class SlugTaken(Exception):
    """Another tenant has this public name."""


class TenantRow:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        """Raises SlugTaken."""
        door = {"slug": values["slug"], "tenant_id": self._rows.tenant_id}
        try:
            self._rows.execute(doors.insert(), [door])
        except IntegrityError as failure:
            raise SlugTaken from failure
        self._rows.insert(tenants, **values)

    def find(self) -> RowMapping | None:
        return self._rows.one(select(tenants).where(self._rows.mine(tenants)))

    def lock(self) -> None:
        """Let whoever else publishes for this tenant wait until this transaction ends."""
        self._rows.one(select(tenants.c.tenant_id).where(self._rows.mine(tenants)).with_for_update())
