"""What notify knows of cases, and which of their limits run."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from libs.common.tenancy import TenantConnection
from services.notify.domain.notice import Promise
from services.notify.store.rows import Row
from services.notify.tables import cases, clocks

NONE_YET = ("assignee_id", "head_id", "coordinator_id", "closed_at", "merged_into", "result", "prevention")
NEW = {"round": 1} | dict.fromkeys(NONE_YET)


class Cases:
    """What was read of a case is remembered: a store lives for one transaction, often of many events of one case."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._found: dict[UUID, Row] = {}
        self._running: dict[UUID, Sequence[Row]] = {}

    def add(self, complaint_id: UUID, **values: Any) -> None:
        row = {"complaint_id": complaint_id, **NEW, **values}
        self._rows.insert(cases, **row)
        self._found[complaint_id] = row

    def find(self, complaint_id: UUID) -> Row | None:
        if complaint_id not in self._found:
            row = self._rows.first(cases, complaint_id=complaint_id)
            if row is None:
                return None
            self._found[complaint_id] = row
        return self._found[complaint_id]

    def merged_into(self, complaint_id: UUID) -> list[Row]:
        """The cases that ended in this one, and those that ended in them."""
        found = list(self._rows.of(cases, cases.c.complaint_id, merged_into=complaint_id))
        return [*found, *(further for each in found for further in self.merged_into(each["complaint_id"]))]

    def change(self, complaint_id: UUID, **values: Any) -> None:
        self._rows.change(cases, values, complaint_id=complaint_id)
        if complaint_id in self._found:
            self._found[complaint_id] = {**self._found[complaint_id], **values}

    def start_clock(self, complaint_id: UUID, **values: Any) -> None:
        self._rows.insert(clocks, ended=False, waits=False, complaint_id=complaint_id, **values)
        self._running.pop(complaint_id, None)

    def change_clock(self, clock_id: UUID, **values: Any) -> None:
        self._rows.change(clocks, values, clock_id=clock_id)
        self._running.clear()

    def promises(self, complaint_id: UUID, not_towards: Collection[str] = ()) -> list[Promise]:
        """The case's limits that run, but for those that wait or that lead to one of these milestones."""
        awaited = [row for row in self._open(complaint_id) if row["milestone_to"] not in not_towards]
        return [Promise(row["limit_id"], row["ends_at"]) for row in awaited if not row["waits"]]

    def waits(self, complaint_id: UUID) -> bool:
        """Whether a limit of the case waits: what else is to be promised will not come soon."""
        return any(row["waits"] for row in self._open(complaint_id))

    def _open(self, complaint_id: UUID) -> Sequence[Row]:
        if complaint_id not in self._running:
            self._running[complaint_id] = self._rows.of(clocks, complaint_id=complaint_id, ended=False, of_part=False)
        return self._running[complaint_id]

    def limit_is_over(self, complaint_id: UUID, limit_id: str) -> bool:
        """True when clocks of this limit were heard of, and none of them runs any more."""
        known = [row["ended"] for row in self._rows.of(clocks, complaint_id=complaint_id, limit_id=limit_id)]
        return bool(known) and all(known)
