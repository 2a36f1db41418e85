"""Another round of a case (DI-12)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from libs.common.events.dispatch import CaseReopened
from libs.common.unit_of_work import Work
from services.dispatch.domain import parts
from services.dispatch.domain.assignment import Placement, called_in
from services.dispatch.domain.case import ASSIGNED, IN_PROGRESS, Case
from services.dispatch.domain.closing import MERGED
from services.dispatch.domain.reopening import reached_anew, taken_over_by
from services.dispatch.domain.situation import Situation
from services.dispatch.handlers.handling import say
from services.dispatch.handlers.placing import find_place, given_to, hand_over
from services.dispatch.store import Store

TAKEN_OVER, KEPT = "next_level", "reopened"


def begin_again(work: Work[Store], now: Situation, reason: str, by: UUID | None) -> dict[str, Any]:
    """Say that the next round begins and who has it; returns what changes on the case.

    `by` None: the complainant's answer did it. The milestones of earlier rounds stay in the story. The leading
    department's part is assigned again, or goes on as far as the round does not ask for it anew; those of other
    departments stay as they ended, and who is needed again is given a new part (DI-5). Nobody is called anew.
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
    )
    to = _taken_over(work, now, taken_over_by(rules, round))
    changes = hand_over(work, case.complaint_id, case.department, to, to.how, part=_lead_part(case, again, to))
    if changes["state"] == ASSIGNED and "accepted" in case.reached - set(again):
        changes["state"] = IN_PROGRESS
    nothing_yet = dict.fromkeys(("closed_at", "outcome", "satisfied", *(() if undone else ("result_at",))))
    return {**changes, **nothing_yet, "round": round}


def _lead_part(case: Case, again: Collection[str], to: Placement) -> str:
    """What is not to be reached anew stays accepted or carried out: nobody could report it a second time."""
    kept = case.reached - set(again) if to.assignee_id else frozenset[str]()
    return next((state for state in (parts.CARRIED_OUT, parts.ACCEPTED) if state in kept), parts.ASSIGNED)


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
