"""How far each complaint is, as its complainant sees it: milestones reached and limits still running."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.engine import RowMapping

from libs.common.many_rows import LEFT_ALONE
from libs.common.tenancy import TenantConnection, theirs
from services.intake.tables import progress, promises

OF_COMPLAINT = theirs(progress) & (progress.c.complaint_id == bindparam("complaint_id"))
AHEAD_AGAIN = progress.delete().where(OF_COMPLAINT, progress.c.milestone.in_(bindparam("milestones", expanding=True)))
REACHED = select(progress.c.milestone, progress.c.at).where(OF_COMPLAINT).order_by(progress.c.at)
PROMISED = (
    select(promises.c.due_at, promises.c.waits_for)
    .where(theirs(promises), promises.c.complaint_id == bindparam("complaint_id"))
    .order_by(promises.c.due_at)
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a complainant may count on: `promised_by` is the earliest limit that runs, None when none does.

    `waits_for`: whom a limit that is set aside waits for (SL-6), None when none is.
    """

    promised_by: datetime | None
    waits_for: str | None


class Progress:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def reached(self, complaint_id: UUID, milestone: str, at: datetime) -> None:
        """Remember a milestone to show the complainant; the first time counts."""
        row = {"complaint_id": complaint_id, "milestone": milestone, "at": at}
        self._rows.insert_many(progress, [row], LEFT_ALONE)

    def begin_again(self, complaint_id: UUID, milestones: Sequence[str]) -> None:
        """These are to be reached once more, as is the beginning of another round."""
        self._rows.run(AHEAD_AGAIN, complaint_id=complaint_id, milestones=[*milestones, "reopened"])

    def milestones(self, complaint_id: UUID) -> Sequence[RowMapping]:
        return self._rows.all(REACHED, complaint_id=complaint_id)

    def promise(self, complaint_id: UUID, clock_id: UUID, due_at: datetime) -> None:
        """A limit began to run."""
        self._rows.insert(promises, complaint_id=complaint_id, clock_id=clock_id, due_at=due_at, waits_for=None)

    def set_aside(self, complaint_id: UUID, clock_id: UUID, waits_for: str) -> None:
        self._rows.change(promises, {"waits_for": waits_for}, complaint_id=complaint_id, clock_id=clock_id)

    def take_up(self, complaint_id: UUID, clock_id: UUID) -> None:
        """The wait of what was set aside is over."""
        self._rows.change(promises, {"waits_for": None}, complaint_id=complaint_id, clock_id=clock_id)

    def move_promise(self, complaint_id: UUID, clock_id: UUID, due_at: datetime) -> None:
        self._rows.change(promises, {"due_at": due_at}, complaint_id=complaint_id, clock_id=clock_id)

    def end_promise(self, complaint_id: UUID, clock_id: UUID) -> None:
        self._rows.remove(promises, complaint_id=complaint_id, clock_id=clock_id)

    def outlook(self, complaint_id: UUID) -> Outlook:
        promised = self._rows.all(PROMISED, complaint_id=complaint_id)
        return Outlook(
            promised_by=next((row["due_at"] for row in promised if not row["waits_for"]), None),
            waits_for=next((row["waits_for"] for row in promised if row["waits_for"]), None),
        )
