"""How long closed cases of one tenant are kept (SL-8, PR-3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, bindparam, select

from libs.common.db import UtcDateTime
from libs.common.tenancy import TenantConnection, theirs
from services.sla.tables import retentions

DUE = (
    select(retentions.c.complaint_id, retentions.c.closed_at)
    .where(theirs(retentions), retentions.c.due_at <= bindparam("now", type_=UtcDateTime))
    .order_by(retentions.c.due_at)
    .limit(bindparam("at_most", type_=Integer))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A closed case that was kept long enough."""

    complaint_id: UUID
    closed_at: datetime


class Retentions:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take_due(self, now: datetime, limit: int) -> list[Kept]:
        """Up to `limit` cases; nobody else gets them before the transaction ends."""
        return [Kept(**row) for row in self._rows.all(DUE, now=now, at_most=limit)]

    def is_known(self, complaint_id: UUID) -> bool:
        return self._rows.first(retentions, complaint_id=complaint_id) is not None

    def add(self, complaint_id: UUID, closed_at: datetime, ends_at: datetime) -> None:
        self._rows.insert(retentions, complaint_id=complaint_id, closed_at=closed_at, ends_at=ends_at, due_at=ends_at)

    def remove(self, complaint_id: UUID) -> None:
        self._rows.remove(retentions, complaint_id=complaint_id)

    def finish(self, complaint_ids: Collection[UUID]) -> None:
        """They were told of, once and for all."""
        these = self._rows.mine(retentions) & self._rows.among(retentions.c.complaint_id, complaint_ids)
        self._rows.execute(retentions.update().where(these).values(due_at=None))
