"""How long closed cases are kept (SL-8, PR-3). Due ones are claimed for all tenants, then worked for each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.engine import Connection

from libs.common import due
from libs.common.db import Database
from libs.common.tenancy import TenantConnection
from services.sla.tables import retentions


@dataclass(frozen=True, slots=True)
class Kept:
    """A closed case that was kept long enough."""

    tenant_id: UUID
    complaint_id: UUID
    closed_at: datetime


def anything_due(database: Database, now: datetime) -> bool:
    with database.read() as connection:
        return due.anything_due(connection, retentions, now)


def claim(connection: Connection, now: datetime, limit: int) -> list[Kept]:
    """Up to `limit` cases of all tenants, in turns; nobody else gets them before the transaction ends."""
    rows = due.hold(connection, retentions, now=now, limit=limit, key="complaint_id")
    return [Kept(row["tenant_id"], row["complaint_id"], row["closed_at"]) for row in rows]


class Retentions:
    """Those of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def is_known(self, complaint_id: UUID) -> bool:
        return self._rows.first(retentions, complaint_id=complaint_id) is not None

    def add(self, complaint_id: UUID, closed_at: datetime, ends_at: datetime) -> None:
        times = {"closed_at": closed_at, "ends_at": ends_at, "due_at": ends_at, "attempts": 0}
        self._rows.insert(retentions, complaint_id=complaint_id, **times)

    def remove(self, complaint_id: UUID) -> None:
        self._rows.remove(retentions, complaint_id=complaint_id)

    def finish(self, complaint_ids: Collection[UUID]) -> None:
        """They were told of, once and for all."""
        these = self._rows.mine(retentions) & self._rows.among(retentions.c.complaint_id, complaint_ids)
        self._rows.execute(retentions.update().where(these).values(due_at=None))
