"""The departments' parts of a case (DI-5): made, moved on and told of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.dispatch import PartChanged
from libs.common.unit_of_work import Work
from services.dispatch.domain.assignment import Placement
from services.dispatch.domain.case import Case
from services.dispatch.domain.parts import ASSIGNED, DROPPED, Part
from services.dispatch.handlers.handling import say
from services.dispatch.handlers.waiting import stop_part_waiting
from services.dispatch.store import Store


def give_part(
    work: Work[Store],
    complaint_id: UUID,
    department: str,
    to: Placement,
    *,
    lead: bool = False,
    state: str = ASSIGNED,
    why: str | None = None,
) -> Part:
    """A new part of the case, with the person it was given to. `why` is what staff wrote about it, masked."""
    part = Part(
        part_id=uuids.uuid7(),
        department=department,
        lead=lead,
        state=state,
        assignee_id=to.assignee_id,
        head_id=to.head_id,
    )
    work.store.parts.add(complaint_id, part, work.now, why)
    _say_changed(work, complaint_id, part, work.now)
    return part


def move_part(
    work: Work[Store],
    complaint_id: UUID,
    part: Part,
    *,
    at: datetime | None = None,
    words: str | None = None,
    files: Sequence[str] = (),
) -> None:
    """The part is this from now on; its clocks count from `at` when it happened earlier.

    Once it is over, or leads the case, it waits for nobody by itself any more.
    """
    if not part.open or part.lead:
        stop_part_waiting(work, complaint_id, part, None)
        part = replace(part, pause_id=None)
    work.store.parts.change(complaint_id, part, at or work.now, words, files)
    work.store.staff.changed()
    _say_changed(work, complaint_id, part, at or work.now)


def move_lead(work: Work[Store], complaint_id: UUID, state: str, at: datetime | None = None) -> None:
    """The leading department's part moves with the case."""
    if lead := _leading(work, complaint_id):
        move_part(work, complaint_id, replace(lead, state=state), at=at)


def pass_lead(work: Work[Store], complaint_id: UUID, department: str, to: Placement, state: str) -> None:
    """The case was given to somebody: of the same department, or of one that leads from now on.

    A department that has a part already goes on with it, as the leading one.
    """
    lead = _leading(work, complaint_id)

    def held(part: Part) -> Part:
        return replace(part, lead=True, assignee_id=to.assignee_id, head_id=to.head_id, state=state)

    if lead and lead.department == department:
        move_part(work, complaint_id, held(lead))
        return
    if lead:
        move_part(work, complaint_id, replace(lead, state=DROPPED))
    own = next(
        (each for each in work.store.parts.of(complaint_id) if each.open and each.department == department), None
    )
    if own:
        move_part(work, complaint_id, held(own))
    else:
        give_part(work, complaint_id, department, to, lead=True, state=state)


def unheld(work: Work[Store], complaint_id: UUID, assignee_id: UUID | None) -> bool:
    """Nobody who works here has the case, or a department's part that is still to be done: an incident (DI-3)."""
    joint = [part for part in work.store.parts.of(complaint_id) if part.open and not part.lead]
    holders = {assignee_id, *(part.assignee_id for part in joint)}
    people = work.store.staff.known({each for each in holders if each is not None})
    return any(each is None or each not in people or not people[each].active for each in holders)


def drop_joint(work: Work[Store], case: Case) -> None:
    """The case is over: nobody has to do their part of it any more."""
    for part in case.joint:
        if part.open:
            move_part(work, case.complaint_id, replace(part, state=DROPPED))


def _leading(work: Work[Store], complaint_id: UUID) -> Part | None:
    parts = work.store.parts.of(complaint_id)
    return next((part for part in parts if part.lead and part.state != DROPPED), None)


def _say_changed(work: Work[Store], complaint_id: UUID, part: Part, at: datetime) -> None:
    said = {name: value for name, value in part.__dict__.items() if name != "pause_id"}
    say(work, complaint_id, PartChanged, **said, at=at)
