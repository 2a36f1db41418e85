"""The running time limits of each case, as the sla service told them: for the order of lists and red marks."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select

from libs.common.tenancy import TenantConnection, theirs
from services.dispatch.tables import cases, clocks

RUNNING, WARNED, BREACHED, PAUSED = "running", "warned", "breached", "paused"
LONG_AFTER = datetime(9000, 1, 1, tzinfo=UTC)

OF_CASE = theirs(clocks) & (clocks.c.complaint_id == bindparam("of_complaint")) & (clocks.c.state != PAUSED)
SOONEST = select(func.min(clocks.c.due_at)).where(OF_CASE).scalar_subquery()
FIRST_LIMIT = select(clocks.c.limit_id).where(OF_CASE).order_by(clocks.c.due_at, clocks.c.clock_id).limit(1)
SHOWN = (
    cases.update()
    .where(theirs(cases), cases.c.complaint_id == bindparam("of_complaint"))
    .values(
        next_due_at=SOONEST,
        next_due_limit=FIRST_LIMIT.scalar_subquery(),
        queue_at=func.coalesce(SOONEST, LONG_AFTER, type_=cases.c.queue_at.type),
        near_limit=exists().where(OF_CASE, clocks.c.state == WARNED),
        breached=exists().where(OF_CASE, clocks.c.state == BREACHED),
    )
)


class Clocks:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def start(self, complaint_id: UUID, clock_id: UUID, limit_id: str, due_at: datetime) -> None:
        self._rows.insert(
            clocks,
            complaint_id=complaint_id,
            clock_id=clock_id,
            limit_id=limit_id,
            due_at=due_at,
            state=RUNNING,
        )

    def move(self, complaint_id: UUID, clock_id: UUID, due_at: datetime) -> None:
        """The clock has another end and runs towards it anew."""
        again = {"due_at": due_at, "state": RUNNING}
        self._rows.change(clocks, again, complaint_id=complaint_id, clock_id=clock_id)

    def mark(self, complaint_id: UUID, clock_id: UUID, state: str) -> None:
        self._rows.change(clocks, {"state": state}, complaint_id=complaint_id, clock_id=clock_id)

    def end(self, complaint_id: UUID, clock_id: UUID) -> None:
        self._rows.remove(clocks, complaint_id=complaint_id, clock_id=clock_id)

    def show(self, complaint_id: UUID) -> bool:
        """Bring the case's place in the lists and its marks up to date; False when there is no such case.

        What waits for somebody outside is not due (SL-6).
        """
        return self._rows.run(SHOWN, of_complaint=complaint_id).rowcount == 1
