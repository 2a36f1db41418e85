"""The tenant itself and its public name."""

from typing import Any

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
        self._rows.insert(doors, slug=values["slug"])
        try:
            self._rows.flush()
        except IntegrityError as failure:
            raise SlugTaken from failure
        self._rows.insert(tenants, **values)

    def find(self) -> dict[str, Any] | None:
        return self._rows.first(tenants)

    def lock(self) -> None:
        """Let whoever else publishes for this tenant wait until this transaction ends."""
        self._rows.first(tenants, to_change=True)
