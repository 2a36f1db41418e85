"""What happened to a case: milestones, transfers, results, escalations."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam

from libs.common.tenancy import TenantConnection, theirs
from services.dispatch.tables import escalations, milestones, results, transfers

ANEW = (
    milestones.update()
    .where(theirs(milestones), milestones.c.complaint_id == bindparam("of_complaint"))
    .where(milestones.c.milestone.in_(bindparam("again", expanding=True)))
    .values(counts=False)
)


class Records:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add_milestone(self, **values: Any) -> None:
        self._rows.insert(milestones, **{"counts": True, "by_id": None, "note": None, "attachments": [], **values})

    def start_anew(self, complaint_id: UUID, again: Collection[str]) -> None:
        """These milestones must be reached again; that they were reached stays known."""
        self._rows.run(ANEW, of_complaint=complaint_id, again=list(again))

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
        return self._rows.of(table, table.c.at, then_by, complaint_id=complaint_id)
