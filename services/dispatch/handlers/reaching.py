"""A milestone of a case is reached: kept and said."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from libs.common.events.dispatch import MilestoneReached
from libs.common.unit_of_work import Work
from services.dispatch.domain.case import Case
from services.dispatch.domain.parts import CARRIED_OUT
from services.dispatch.handlers.handling import say
from services.dispatch.handlers.sharing import move_lead
from services.dispatch.store import Store


def mark_reached(
    work: Work[Store],
    case: Case,
    milestone: str,
    at: datetime,
    by: UUID | None,
    *,
    note: str | None = None,
    attachments: Sequence[UUID] = (),
) -> None:
    """Once a round. When it is carried out, so is the leading department's part (DI-5).

    `at` may lie in the past; `by` None: nobody of the staff; `attachments` intake keeps.
    """
    work.store.records.add_milestone(
        complaint_id=case.complaint_id,
        milestone=milestone,
        round=case.round,
        n=len(case.reached),
        at=at,
        by_id=by,
        department=case.department,
        note=note,
        attachments=[str(each) for each in attachments],
    )
    if milestone == CARRIED_OUT:
        move_lead(work, case.complaint_id, CARRIED_OUT, at)
    say(
        work,
        case.complaint_id,
        MilestoneReached,
        milestone=milestone,
        reached_at=at,
        by=by,
        department=case.department,
    )
