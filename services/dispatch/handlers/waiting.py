"""A wait for the complainant or an outside party ends (SL-6, DI-9)."""

from uuid import UUID

from libs.common.events.dispatch import CaseResumed
from libs.common.unit_of_work import Work
from services.dispatch.domain.situation import Wait
from services.dispatch.handlers.handling import say
from services.dispatch.store import Store


def stop_waiting(work: Work[Store], complaint_id: UUID, by: UUID | None, *, only_for: str | None = None) -> Wait | None:
    """The wait that ended; None when the case waited for nobody, or for another than `only_for`.

    `by` None: the complainant's own word ended it.
    """
    wait = work.store.steps.waiting(complaint_id)
    if wait is None or only_for not in (None, wait.waits_for):
        return None
    work.store.steps.end_wait(complaint_id, wait.pause_id, ended_at=work.now, ended_by_id=by)
    say(
        work,
        complaint_id,
        CaseResumed,
        pause_id=wait.pause_id,
        waits_for=wait.waits_for,
        resumed_at=work.now,
        by=by,
    )
    return wait
