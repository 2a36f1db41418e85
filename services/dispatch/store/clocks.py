"""The running time limits of each case, as the sla service told them: for the order of lists and red marks."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from libs.common.tenancy import TenantConnection
from services.dispatch.tables import cases, clocks

RUNNING, WARNED, BREACHED, PAUSED = "running", "warned", "breached", "paused"
LONG_AFTER = datetime(9000, 1, 1, tzinfo=UTC)


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
        this = self._this(complaint_id, clock_id)
        self._rows.execute(clocks.update().where(this).values(due_at=due_at, state=RUNNING))

    def mark(self, complaint_id: UUID, clock_id: UUID, state: str) -> None:
        self._rows.execute(clocks.update().where(self._this(complaint_id, clock_id)).values(state=state))

    def end(self, complaint_id: UUID, clock_id: UUID) -> None:
        self._rows.execute(clocks.delete().where(self._this(complaint_id, clock_id)))

    def show(self, complaint_id: UUID) -> bool:
        """Bring the case's place in the lists and its marks up to date; False when there is no such case.

        What waits for somebody outside is not due (SL-6).
        """
        mine = self._rows.mine(clocks) & (clocks.c.complaint_id == complaint_id) & (clocks.c.state != PAUSED)
        first = select(clocks.c.limit_id).where(mine).order_by(clocks.c.due_at, clocks.c.clock_id).limit(1)
        soonest = select(func.min(clocks.c.due_at)).where(mine).scalar_subquery()
        changed = self._rows.execute(
            cases.update()
            .where(self._rows.mine(cases), cases.c.complaint_id == complaint_id)
            .values(
                next_due_at=soonest,
                next_due_limit=first.scalar_subquery(),
                queue_at=func.coalesce(soonest, LONG_AFTER, type_=cases.c.queue_at.type),
                near_limit=exists().where(mine, clocks.c.state == WARNED),
                breached=exists().where(mine, clocks.c.state == BREACHED),
            )
        )
        return changed.rowcount == 1

    def _this(self, complaint_id: UUID, clock_id: UUID) -> ColumnElement[bool]:
        return self._rows.mine(clocks) & (clocks.c.complaint_id == complaint_id) & (clocks.c.clock_id == clock_id)
