"""Another round of a case (DI-12)."""

from typing import Any
from uuid import UUID

from libs.common.events.dispatch import CaseReopened
from libs.common.unit_of_work import Work
from services.dispatch.domain import parts
from services.dispatch.domain.assignment import Placement, called_in
from services.dispatch.domain.case import ASSIGNED, IN_PROGRESS, OPEN, Case
from services.dispatch.domain.closing import MERGED, SOLVED
from services.dispatch.domain.reopening import reached_anew, taken_over_by
from services.dispatch.domain.situation import Situation
from services.dispatch.handlers.handling import say
from services.dispatch.handlers.placing import find_place, given_to, hand_over
from services.dispatch.store import Store

TAKEN_OVER, KEPT = "next_level", "reopened"


def begin_again(work: Work[Store], now: Situation, reason: str, by: UUID | None) -> dict[str, Any]:
    """Say that the next round begins and who has it; returns what changes on the case.

    `by` None: the complainant's answer did it. The milestones of earlier rounds stay in the story. Whoever is given
    the case accepts it; who had accepted it and keeps it goes on, and so does the leading department's part. Those of
    other departments stay as they ended, and who is needed again is given a new part (DI-5). Nobody is called anew.
    One that was merged wrongly goes on where it was, with who had it.
    """
    case, round = now.case, now.case.round + 1
    undone = case.outcome == MERGED
    rules = None if undone else now.procedure.reopening
    again = reached_anew(now, rules)
    work.store.records.start_anew(case.complaint_id, (*again, "reopened"))
    work.store.records.add_milestone(
        complaint_id=case.complaint_id,
        milestone="reopened",
        round=round,
        n=len(case.reached),
        at=work.now,
        by_id=by,
        department=case.department,
    )
    say(
        work,
        case.complaint_id,
        CaseReopened,
        round=round,
        again=again,
        reason=reason,
        reopened_at=work.now,
        by=by,
        department=case.department,
        taken_out=undone,
    )
    to = _taken_over(work, now, taken_over_by(rules, round))
    goes_on = "accepted" not in again and to.assignee_id is not None and _had_accepted(case, to.assignee_id)
    part = parts.ACCEPTED if goes_on else parts.ASSIGNED
    part = parts.of_the_lead(part, case.reached - set(again) if to.assignee_id else ())
    changes = hand_over(work, case.complaint_id, case.department, to, to.how, part=part)
    if goes_on:
        changes["state"] = IN_PROGRESS
    nothing_yet = dict.fromkeys(("closed_at", "outcome", "satisfied", *(() if undone else ("result_at",))))
    return {**changes, **nothing_yet, "round": round}


def _had_accepted(case: Case, person_id: UUID) -> bool:
    """Whether this person held the case and had accepted it. Of a closed case its end tells, or its leading part: one
    that ended early may have been closed by others before."""
    if case.assignee_id != person_id:
        return False
    if not case.closed:
        return case.state not in (OPEN, ASSIGNED)
    return case.outcome in SOLVED or any(part.lead and part.state == parts.ACCEPTED for part in case.parts)


def _taken_over(work: Work[Store], now: Situation, role: str | None) -> Placement:
    """The next level; who had it, or stands in for them, where there is none; whoever's turn it is when nobody of
    them is there."""
    case, staff = now.case, work.store.staff.at(work.now)
    people = called_in(staff, role, case.department, case.assignee_id) if role else ()
    if people:
        return given_to(work, case.department, people[0], TAKEN_OVER)
    kept = called_in(staff, "assignee", case.department, case.assignee_id)
    if kept:
        return given_to(work, case.department, kept[0], KEPT)
    return find_place(work, case.department, now.procedure, case.category)
