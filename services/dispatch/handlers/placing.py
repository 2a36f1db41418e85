"""Giving a case to somebody: the rows and the word that follow from who has it now."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from libs.common.events.dispatch import CaseAssigned
from libs.common.procedure.document import Procedure
from libs.common.unit_of_work import Work
from services.dispatch.domain import parts
from services.dispatch.domain.assignment import HEAD, Placement, place, way_to_assign
from services.dispatch.domain.case import ASSIGNED, OPEN
from services.dispatch.domain.people import responsible
from services.dispatch.handlers.handling import say
from services.dispatch.handlers.sharing import pass_lead, unheld
from services.dispatch.store import Store


def find_place(
    work: Work[Store], department: str, procedure: Procedure, category: str, named: str | None = None
) -> Placement:
    """Whose case it becomes in this department now: of whom a rule `named`, else as the department assigns (DI-3)."""
    return place(work.store.staff.at(work.now), department, way_to_assign(procedure, department), category, named)


def given_to(work: Work[Store], department: str, person_id: UUID | None, how: str) -> Placement:
    """A placement with a chosen assignee; who answers above them is found anew (DI-4)."""
    staff = work.store.staff.at(work.now)
    above = responsible(staff.people, department, staff.away)
    return Placement(person_id, above.head, above.coordinator, how)


def given_to_head(work: Work[Store], department: str) -> Placement:
    """With the department's head, where it is until it is given to somebody; with nobody when there is no head."""
    above = given_to(work, department, None, HEAD)
    return replace(above, assignee_id=above.head_id)


def say_assigned(work: Work[Store], complaint_id: UUID, department: str, to: Placement, reason: str) -> None:
    say(
        work,
        complaint_id,
        CaseAssigned,
        department=department,
        assignee_id=to.assignee_id,
        head_id=to.head_id,
        coordinator_id=to.coordinator_id,
        reason=reason,
    )


def hand_over(
    work: Work[Store], complaint_id: UUID, department: str, to: Placement, reason: str, *, part: str = parts.ASSIGNED
) -> dict[str, Any]:
    """Say who has the case now; returns what changes on it. `part`: the state of the leading department's part.

    That nobody was found is an incident, until somebody has it.
    """
    say_assigned(work, complaint_id, department, to, reason)
    pass_lead(work, complaint_id, department, to, part)
    work.store.staff.changed()
    return {
        "department": department,
        "assignee_id": to.assignee_id,
        "assigned_at": work.now if to.assignee_id else None,
        "head_id": to.head_id,
        "coordinator_id": to.coordinator_id,
        "state": ASSIGNED if to.assignee_id else OPEN,
        "incident": unheld(work, complaint_id, to.assignee_id),
    }
