"""The duty roster (DI-3)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from libs.common.tenancy import TenantConnection
from services.dispatch.tables import roster


class Roster:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def entries(self, department: str | None) -> list[dict[str, Any]]:
        """Of one department, or of all when None; by department and start."""
        this = select(roster).where(self._rows.mine(roster))
        if department is not None:
            this = this.where(roster.c.department == department)
        rows = self._rows.all(this.order_by(roster.c.department, roster.c.starts_at, roster.c.entry_id))
        return [dict(row) for row in rows]

    def replace(self, department: str, entries: Sequence[dict[str, Any]]) -> None:
        """The department's roster is this from now on."""
        self._rows.execute(roster.delete().where(self._rows.mine(roster), roster.c.department == department))
        for entry in entries:
            self._rows.insert(roster, **entry)
