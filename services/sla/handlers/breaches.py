"""Who was responsible when a limit was not kept (SL-4)."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from libs.common.unit_of_work import Work
from services.sla.domain.clocks import Clock, State
from services.sla.store import Store


class Responsible(Protocol):
    """The department that has a case, or a part of it, and its people; None where there is nobody."""

    @property
    def department(self) -> str: ...
    @property
    def assignee_id(self) -> UUID | None: ...
    @property
    def head_id(self) -> UUID | None: ...


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
    work: Work[Store], complaint_id: UUID, whose: Responsible, clock: OfALimit, met_at: datetime | None = None
) -> None:
    """Set down against those who have the case now; later hands do not take it over."""
    work.store.breaches.add(
        clock.clock_id,
        complaint_id=complaint_id,
        part_id=clock.part_id,
        limit_id=clock.limit_id,
        department=whose.department,
        assignee_id=whose.assignee_id,
        head_id=whose.head_id,
        due_at=clock.due_at,
        breached_at=work.now,
        met_at=met_at,
    )


def judge(work: Work[Store], complaint_id: UUID, whose: Responsible, before: Clock, met: Clock) -> None:
    """What a milestone says of the breach: late after all, never late, or late before anybody looked."""
    if met.in_time:
        if before.state is State.BREACHED:
            work.store.breaches.remove(met.clock_id)
    elif before.state is State.BREACHED:
        assert met.met_at is not None
        work.store.breaches.save_met(met.clock_id, met.met_at)
    else:
        keep_breach(work, complaint_id, whose, met, met.met_at)
