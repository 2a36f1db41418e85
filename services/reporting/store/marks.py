"""Who marked which complaint as a mystery shopper's, and why (RE-4)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.reporting.tables import mystery_marks


class Marks:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(mystery_marks, **values)

    def page(self, before: UUID | None, limit: int) -> Sequence[RowMapping]:
        """The newest first; ids grow with time."""
        wanted = select(mystery_marks).where(self._rows.mine(mystery_marks))
        if before:
            wanted = wanted.where(mystery_marks.c.mark_id < before)
        return self._rows.all(wanted.order_by(mystery_marks.c.mark_id.desc()).limit(limit))
