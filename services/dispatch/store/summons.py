"""Who was called to a case by its lanes (DI-8). Due calls are claimed for all tenants, then worked one by one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from libs.common import due
from libs.common.db import Database
from libs.common.tenancy import TenantConnection
from services.dispatch.domain.summons import Summons
from services.dispatch.tables import summons


@dataclass(frozen=True, slots=True)
class DueCall:
    """A call that nobody answered in time."""

    tenant_id: UUID
    complaint_id: UUID
    summons_id: UUID


def anything_due(database: Database, now: datetime) -> bool:
    """Whether any tenant has a call due; one look at an index."""
    with database.read() as connection:
        return due.anything_due(connection, summons, now)


def claim(connection: Connection, now: datetime, limit: int) -> list[DueCall]:
    """Up to `limit` due calls of all tenants, in turns, leased for a minute."""
    rows = due.claim(connection, summons, now=now, limit=limit, key="summons_id")
    return [DueCall(row["tenant_id"], row["complaint_id"], row["summons_id"]) for row in rows]


class Calls:
    """The calls of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, complaint_id: UUID, call: Summons, at: datetime) -> None:
        """An open call; it is due when it has to be answered."""
        self._rows.insert(
            summons,
            complaint_id=complaint_id,
            **call.__dict__,
            at=at,
            answered_at=None,
            answered_by_id=None,
            due_at=call.acknowledge_by,
            attempts=0,
        )

    def of(self, complaint_id: UUID) -> tuple[Summons, ...]:
        """Every call to the case, in the order they were made."""
        return tuple(_summons(row) for row in self.rows(complaint_id))

    def rows(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """With their times and answers, for the case's page."""
        return self._rows.of(summons, summons.c.lane, summons.c.turn, complaint_id=complaint_id)

    def end(self, complaint_id: UUID, lane: str | None = None, **answer: Any) -> None:
        """Nobody is waited for any more: in this lane, or in all of the case when None."""
        these = {} if lane is None else {"lane": lane}
        ended = {"open": False, "due_at": None, **answer}
        self._rows.change(summons, ended, complaint_id=complaint_id, open=True, **these)


def _summons(row: dict[str, Any]) -> Summons:
    return Summons(
        summons_id=row["summons_id"],
        lane=row["lane"],
        turn=row["turn"],
        round=row["round"],
        person_id=row["person_id"],
        acknowledge_by=row["acknowledge_by"],
        open=row["open"],
    )
