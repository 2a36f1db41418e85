"""Somebody leaves the house or a department, and their open cases stay behind (DI-3, DI-4)."""

from collections.abc import Collection
from uuid import UUID

from libs.common.events.dispatch import CaseAlerted
from libs.common.unit_of_work import Work
from services.dispatch.domain.assignment import HEAD, called_in
from services.dispatch.domain.case import Case
from services.dispatch.handlers.handling import put_on_record, say
from services.dispatch.store import Store

HOLDER_LEFT = "holder_left"
THEN = (HEAD, "coordinator", "manager")  # who is alerted: the first of these that anybody holds


def leave_behind(work: Work[Store], person_id: UUID, departments: Collection[str] | None) -> None:
    """Each case that they have, or have a part of, is an incident until somebody else has it; the head is alerted.

    `departments`: those that the person left; None: the whole house.
    """
    behind = work.store.lists.held_by(person_id)
    work.store.cases.keep(behind)
    for complaint_id in sorted(behind):
        case = work.store.cases.find(complaint_id, to_change=True)
        assert case is not None  # it was just listed
        left = [each for each in _held(case, person_id) if departments is None or each in departments]
        if left:
            _mark(work, case, person_id, left)


def _held(case: Case, person_id: UUID) -> list[str]:
    """The departments for which they have the case or a part of it that is still to be done."""
    joint = [part.department for part in case.joint if part.open and part.assignee_id == person_id]
    return [case.department, *joint] if case.assignee_id == person_id else joint


def _mark(work: Work[Store], case: Case, person_id: UUID, left: list[str]) -> None:
    staff = work.store.staff.at(work.now)
    found: dict[UUID, None] = {}
    for department in left:
        alerted = (called_in(staff, role, department, None) for role in THEN)
        found |= dict.fromkeys(next(filter(None, alerted), ()))
    work.store.cases.call(case.complaint_id, found)
    say(work, case.complaint_id, CaseAlerted, people=tuple(found), rules=(HOLDER_LEFT,))
    facts = {"person": person_id, "departments": left, "alerted": list(found)}
    put_on_record(work, case, "tenants", HOLDER_LEFT, facts, incident=True)
