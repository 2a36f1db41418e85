"""The duty roster (DI-3)."""

from collections.abc import Sequence
from typing import Any

from libs.common.tenancy import TenantConnection
from services.dispatch.tables import roster, tenants


class Roster:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take_turn(self) -> None:
        """One roster of a tenant is replaced at a time, until the transaction ends."""
        self._rows.first(tenants, to_change=True)

    def entries(self, department: str | None) -> list[dict[str, Any]]:
        """Of one department, or of all when None; by department and start."""
        these = {} if department is None else {"department": department}
        return self._rows.of(roster, roster.c.department, roster.c.starts_at, roster.c.entry_id, **these)

    def replace(self, department: str, entries: Sequence[dict[str, Any]]) -> None:
        """The department's roster is this from now on."""
        self._rows.remove(roster, department=department)
        for entry in entries:
            self._rows.insert(roster, **entry)
