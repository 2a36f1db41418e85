"""What the sla service says about a case's time limits: its place in the lists, red marks, who is called in."""

from typing import Any
from uuid import UUID

from libs.common.events.dispatch import CaseEscalated
from libs.common.events.sla import (
    ClockBreached,
    ClockMet,
    ClockMoved,
    ClockPaused,
    ClockStarted,
    ClockStopped,
    ClockWarned,
    EscalationDue,
)
from libs.common.inbox import NotYetKnown
from libs.common.unit_of_work import Work
from services.dispatch.domain.assignment import called_in
from services.dispatch.domain.case import Case
from services.dispatch.domain.parts import Part
from services.dispatch.handlers.handling import put_on_record, say
from services.dispatch.handlers.hearing import case_of
from services.dispatch.store import Store
from services.dispatch.store.clocks import BREACHED, PAUSED, WARNED


def start_clock(event: ClockStarted, work: Work[Store]) -> None:
    work.store.clocks.start(event.subject, event.clock_id, event.limit_id, event.due_at)
    _show(work, event)


def move_clock(event: ClockMoved, work: Work[Store]) -> None:
    work.store.clocks.move(event.subject, event.clock_id, event.due_at)
    _show(work, event)


def pause_clock(event: ClockPaused, work: Work[Store]) -> None:
    """It waits until it is moved (SL-6)."""
    work.store.clocks.mark(event.subject, event.clock_id, PAUSED)
    _show(work, event)


def end_clock(event: ClockMet | ClockStopped, work: Work[Store]) -> None:
    """Kept, late or no longer needed: it is not waited for any more."""
    work.store.clocks.end(event.subject, event.clock_id)
    _show(work, event)


def mark_near(event: ClockWarned, work: Work[Store]) -> None:
    work.store.clocks.mark(event.subject, event.clock_id, WARNED)
    _show(work, event)


def mark_breached(event: ClockBreached, work: Work[Store]) -> None:
    """Red in the lists until the limit's milestone is reached after all; in the evidence for good (SL-4)."""
    case = case_of(work, event.subject)
    work.store.clocks.mark(event.subject, event.clock_id, BREACHED)
    facts = {"limit": event.limit_id, "due_at": event.due_at, "assignee": _whose(case, event.part_id).assignee_id}
    put_on_record(work, case, "sla", "limit_passed", facts)
    _show(work, event)


def call_in(event: EscalationDue, work: Work[Store]) -> None:
    """Find the people of the ladder's next level (SL-4). Nobody there is an incident, marked on the case."""
    case = case_of(work, event.subject)
    whose, staff = _whose(case, event.part_id), work.store.staff.at(work.now)
    people = called_in(staff, event.to_role, whose.department, whose.assignee_id)
    work.store.cases.call(case.complaint_id, people)
    work.store.records.add_escalation(
        complaint_id=case.complaint_id,
        clock_id=event.clock_id,
        level=event.level,
        at=work.now,
        limit_id=event.limit_id,
        due_at=event.due_at,
        to_role=event.to_role,
        people=[str(person_id) for person_id in people],
    )
    facts = {"limit": event.limit_id, "level": event.level, "to": event.to_role, "people": list(people)}
    incident: dict[str, Any] = {} if people else {"incident": True}
    put_on_record(work, case, "sla", "escalated", facts, **incident)
    say(
        work,
        case.complaint_id,
        CaseEscalated,
        level=event.level,
        to_role=event.to_role,
        people=people,
        limit_id=event.limit_id,
        due_at=event.due_at,
    )


def _whose(case: Case, part_id: UUID | None) -> Case | Part:
    """Of a department's own limit the department's part (DI-5), else the case."""
    return (case.part(part_id) if part_id else None) or case


def _show(
    work: Work[Store],
    event: ClockStarted | ClockMoved | ClockPaused | ClockMet | ClockStopped | ClockWarned | ClockBreached,
) -> None:
    if not work.store.clocks.show(event.subject):
        raise NotYetKnown("the case")
