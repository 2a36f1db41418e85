"""Typical cases that everybody may read, and who wrote, published and withdrew them (RE-7)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.engine import RowMapping

from libs.common.many_rows import replaced
from libs.common.tenancy import TenantConnection, theirs
from services.reporting.tables import facts, typical_case_changes, typical_cases

OF_FACT = (facts.c.tenant_id == typical_cases.c.tenant_id) & (facts.c.complaint_id == typical_cases.c.complaint_id)
NEWEST = typical_cases.c.at.desc(), typical_cases.c.complaint_id
ALL = (
    select(typical_cases, facts.c.number)
    .join_from(typical_cases, facts, OF_FACT, isouter=True)
    .where(theirs(typical_cases))
    .order_by(*NEWEST)
)
PUBLISHED = (
    select(typical_cases.c.title, typical_cases.c.text, facts.c.category)
    .join_from(typical_cases, facts, OF_FACT)
    .where(theirs(typical_cases), typical_cases.c.published, facts.c.counted, facts.c.closed_at.isnot(None))
    .order_by(*NEWEST)
    .limit(bindparam("limit"))
)


class TypicalCases:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def keep(self, change_id: UUID, **values: Any) -> None:
        """The words as they stand now; what stood before stays among the changes."""
        self._rows.insert_many(typical_cases, [values], replaced(typical_cases))
        self._rows.insert(typical_case_changes, change_id=change_id, **values)

    def all(self) -> Sequence[RowMapping]:
        """Published or not, the last written first, each with its complaint's number."""
        return self._rows.all(ALL)

    def changes(self) -> list[dict[str, Any]]:
        """Every writing, publication and withdrawal, the newest first."""
        return self._rows.of(typical_case_changes, typical_case_changes.c.change_id.desc())

    def published(self, limit: int) -> Sequence[RowMapping]:
        """What everybody may read: of cases that are closed and count. The last written first."""
        return self._rows.all(PUBLISHED, limit=limit)
