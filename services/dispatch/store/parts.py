"""Departments' parts of cases (DI-5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.common.tenancy import TenantConnection
from services.dispatch.domain.parts import Part
from services.dispatch.tables import parts


class Parts:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, complaint_id: UUID, part: Part, at: datetime, words: str | None = None) -> None:
        self._rows.insert(parts, complaint_id=complaint_id, **part.__dict__, at=at, words=words, attachments=[])

    def of(self, complaint_id: UUID) -> tuple[Part, ...]:
        """Every part the case ever had, in the order they were made."""
        return tuple(part_of(row) for row in self.rows(complaint_id))

    def rows(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """With the time and words of the last step, for the case's page."""
        return self._rows.of(parts, parts.c.part_id, complaint_id=complaint_id)

    def wait(self, complaint_id: UUID, part_id: UUID, pause_id: UUID | None) -> None:
        """What the part waits for from now on; None: for nobody."""
        self._rows.change(parts, {"pause_id": pause_id}, complaint_id=complaint_id, part_id=part_id)

    def change(self, complaint_id: UUID, part: Part, at: datetime, words: str | None, files: Sequence[str]) -> None:
        as_it_is_now = {**part.__dict__, "at": at, "words": words, "attachments": list(files)}
        self._rows.change(parts, as_it_is_now, complaint_id=complaint_id, part_id=part.part_id)


def part_of(row: dict[str, Any]) -> Part:
    return Part(
        part_id=row["part_id"],
        department=row["department"],
        lead=row["lead"],
        state=row["state"],
        assignee_id=row["assignee_id"],
        head_id=row["head_id"],
        pause_id=row["pause_id"],
    )
