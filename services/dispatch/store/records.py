"""What happened to a case: milestones, transfers, results, escalations."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select

from libs.common.tenancy import TenantConnection
from services.dispatch.tables import escalations, milestones, results, transfers


class Records:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add_milestone(self, **values: Any) -> None:
        self._rows.insert(milestones, **{"counts": True, "by_id": None, "note": None, "attachments": [], **values})

    def start_anew(self, complaint_id: UUID, again: Collection[str]) -> None:
        """These milestones must be reached again; that they were reached stays known."""
        this = self._rows.mine(milestones) & (milestones.c.complaint_id == complaint_id)
        self._rows.execute(milestones.update().where(this, milestones.c.milestone.in_(again)).values(counts=False))

    def add_transfer(self, **values: Any) -> None:
        self._rows.insert(transfers, **values)

    def add_result(self, **values: Any) -> None:
        self._rows.insert(results, **values)

    def add_escalation(self, **values: Any) -> None:
        self._rows.insert(escalations, **values)

    def milestones(self, complaint_id: UUID) -> list[dict[str, Any]]:
        return self._of(milestones, complaint_id, milestones.c.n)

    def transfers(self, complaint_id: UUID) -> list[dict[str, Any]]:
        return self._of(transfers, complaint_id, transfers.c.transfer_id)

    def results(self, complaint_id: UUID) -> list[dict[str, Any]]:
        return self._of(results, complaint_id, results.c.result_id)

    def escalations(self, complaint_id: UUID) -> list[dict[str, Any]]:
        return self._of(escalations, complaint_id, escalations.c.level)

    def _of(self, table: Table, complaint_id: UUID, then_by: ColumnElement[Any]) -> list[dict[str, Any]]:
        """In order of time."""
        this = select(table).where(self._rows.mine(table), table.c.complaint_id == complaint_id)
        return [dict(row) for row in self._rows.all(this.order_by(table.c.at, then_by))]
