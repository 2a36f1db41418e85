"""What notify knows of cases, and which of their limits run."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.notify.domain.notice import Promise
from services.notify.tables import cases, clocks

NEW = {"assignee_id": None, "head_id": None, "coordinator_id": None, "round": 1, "closed_at": None}


class Cases:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(cases, **NEW, **values)

    def find(self, complaint_id: UUID) -> RowMapping | None:
        return self._rows.one(select(cases).where(self._rows.mine(cases), cases.c.complaint_id == complaint_id))

    def change(self, complaint_id: UUID, **values: Any) -> None:
        this = self._rows.mine(cases) & (cases.c.complaint_id == complaint_id)
        self._rows.execute(cases.update().where(this).values(**values))

    def start_clock(self, **values: Any) -> None:
        self._rows.insert(clocks, ended=False, **values)

    def change_clock(self, clock_id: UUID, **values: Any) -> None:
        this = self._rows.mine(clocks) & (clocks.c.clock_id == clock_id)
        self._rows.execute(clocks.update().where(this).values(**values))

    def promises(self, complaint_id: UUID, not_towards: Collection[str] = ()) -> list[Promise]:
        """The case's limits that run, but for those that lead to one of these milestones."""
        runs = clocks.c.ended.is_(False) & clocks.c.of_part.is_(False)
        running = self._rows.all(
            select(clocks).where(self._rows.mine(clocks), clocks.c.complaint_id == complaint_id, runs)
        )
        return [Promise(row["limit_id"], row["ends_at"]) for row in running if row["milestone_to"] not in not_towards]

    def limit_is_over(self, complaint_id: UUID, limit_id: str) -> bool:
        """True when clocks of this limit were heard of, and none of them runs any more."""
        ended = select(clocks.c.ended).where(
            self._rows.mine(clocks), clocks.c.complaint_id == complaint_id, clocks.c.limit_id == limit_id
        )
        known = [row["ended"] for row in self._rows.all(ended)]
        return bool(known) and all(known)
