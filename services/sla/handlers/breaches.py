"""Who was responsible when a limit was not kept (SL-4)."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from libs.common.unit_of_work import Work
from services.sla.domain.case import Held, holder_at
from services.sla.domain.clocks import Clock, State
from services.sla.store import Store


class OfALimit(Protocol):
    """As much of a clock as a breach of its limit is known by."""

    @property
    def clock_id(self) -> UUID: ...
    @property
    def part_id(self) -> UUID | None: ...
    @property
    def limit_id(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...


def keep_breach(
    work: Work[Store], complaint_id: UUID, whose: Held, clock: OfALimit, met_at: datetime | None = None
) -> None:
    """Set down against those who had the case when the limit ended, however late that is found; later hands do not
    take it over.
    """
    holder = holder_at(whose, clock.due_at)
    work.store.breaches.add(
        clock.clock_id,
        complaint_id=complaint_id,
        part_id=clock.part_id,
        limit_id=clock.limit_id,
        department=holder.department,
        assignee_id=holder.assignee_id,
        head_id=holder.head_id,
        due_at=clock.due_at,
        breached_at=work.now,
        met_at=met_at,
    )


def judge(work: Work[Store], complaint_id: UUID, whose: Held, before: Clock, met: Clock) -> None:
    """What a milestone says of the breach: late after all, never late, or late before anybody looked."""
    if met.in_time:
        if before.state is State.BREACHED:
            work.store.breaches.remove(met.clock_id)
    elif before.state is State.BREACHED:
        assert met.met_at is not None
        work.store.breaches.save_met(met.clock_id, met.met_at)
    else:
        keep_breach(work, complaint_id, whose, met, met.met_at)
