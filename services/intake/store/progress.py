"""How far each complaint is, as its complainant sees it: milestones reached and limits still running."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.intake.tables import progress, promises


class Progress:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def reached(self, complaint_id: UUID, milestone: str, at: datetime) -> None:
        """Remember a milestone to show the complainant; the first time counts."""
        this = self._rows.mine(progress) & (progress.c.complaint_id == complaint_id)
        if self._rows.one(select(progress.c.at).where(this, progress.c.milestone == milestone)) is None:
            self._rows.insert(progress, complaint_id=complaint_id, milestone=milestone, at=at)

    def begin_again(self, complaint_id: UUID, milestones: Sequence[str]) -> None:
        """These are to be reached once more, as is the beginning of another round."""
        this = self._rows.mine(progress) & (progress.c.complaint_id == complaint_id)
        these = progress.c.milestone.in_((*milestones, "reopened"))
        self._rows.execute(progress.delete().where(this, these))

    def milestones(self, complaint_id: UUID) -> Sequence[RowMapping]:
        this = self._rows.mine(progress) & (progress.c.complaint_id == complaint_id)
        return self._rows.all(select(progress.c.milestone, progress.c.at).where(this).order_by(progress.c.at))

    def promise(self, complaint_id: UUID, clock_id: UUID, due_at: datetime) -> None:
        """A limit began to run."""
        self._rows.insert(promises, complaint_id=complaint_id, clock_id=clock_id, due_at=due_at)

    def move_promise(self, complaint_id: UUID, clock_id: UUID, due_at: datetime) -> None:
        this = self._promise(complaint_id) & (promises.c.clock_id == clock_id)
        self._rows.execute(promises.update().where(this).values(due_at=due_at))

    def end_promise(self, complaint_id: UUID, clock_id: UUID) -> None:
        this = self._promise(complaint_id) & (promises.c.clock_id == clock_id)
        self._rows.execute(promises.delete().where(this))

    def promised_by(self, complaint_id: UUID) -> datetime | None:
        """The end of the earliest limit that runs; None when none does."""
        earliest = func.min(promises.c.due_at, type_=promises.c.due_at.type).label("due_at")
        row = self._rows.one(select(earliest).where(self._promise(complaint_id)))
        return row["due_at"] if row else None

    def _promise(self, complaint_id: UUID) -> ColumnElement[bool]:
        return self._rows.mine(promises) & (promises.c.complaint_id == complaint_id)
