"""A wait for the complainant or an outside party ends (SL-6, DI-9)."""

from uuid import UUID

from libs.common.events.dispatch import CaseResumed
from libs.common.unit_of_work import Work
from services.dispatch.domain.parts import Part
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
    _stop(work, complaint_id, wait, by)
    return wait


def stop_part_waiting(
    work: Work[Store], complaint_id: UUID, part: Part, by: UUID | None, *, only_for: str | None = None
) -> Wait | None:
    """As `stop_waiting`, of what only a department's part waits for; `by` None also: the part itself is over."""
    wait = work.store.steps.wait_of_part(complaint_id, part.pause_id) if part.pause_id else None
    if wait is None or only_for not in (None, wait.waits_for):
        return None
    work.store.parts.wait(complaint_id, part.part_id, None)
    _stop(work, complaint_id, wait, by, part.part_id)
    return wait


def _stop(work: Work[Store], complaint_id: UUID, wait: Wait, by: UUID | None, part_id: UUID | None = None) -> None:
    work.store.steps.end_wait(complaint_id, wait.pause_id, ended_at=work.now, ended_by_id=by)
    say(
        work,
        complaint_id,
        CaseResumed,
        pause_id=wait.pause_id,
        waits_for=wait.waits_for,
        resumed_at=work.now,
        by=by,
        part_id=part_id,
    )
