"""The complainant says whether they are satisfied (NO-5, DI-12)."""

from dataclasses import replace
from typing import Any

from libs.common.events.notify import SurveyAnswered
from libs.common.inbox import NotYetKnown
from libs.common.unit_of_work import Work
from services.dispatch.domain.reopening import UNSATISFIED, reopens_by_itself
from services.dispatch.domain.situation import Situation
from services.dispatch.handlers.handling import NoSuchCase, put_on_record, situation_of
from services.dispatch.handlers.reaching import mark_reached
from services.dispatch.handlers.reopening import begin_again
from services.dispatch.store import Store

SURVEYED = "surveyed"


def keep_answer(event: SurveyAnswered, work: Work[Store]) -> None:
    """The last answer counts. One that is not satisfied begins the next round, in the Procedure's time after
    closing; later it is only known, and so is one to a round that has nothing to show yet."""
    now = _situation(event, work)
    case, changes = now.case, dict[str, Any](satisfied=event.satisfied)
    reopens = not event.satisfied and reopens_by_itself(now)
    if SURVEYED not in case.reached:
        mark_reached(work, case, SURVEYED, event.occurred_at, event.by)
        now = replace(now, case=replace(case, reached=case.reached | {SURVEYED}))
    if reopens:
        changes = begin_again(work, now, UNSATISFIED, None)
    facts = {
        "survey_id": event.survey_id,
        "score": event.score,
        "scale": event.scale,
        "satisfied": event.satisfied,
        "channel": event.channel,
        "round": changes.get("round", case.round),
    }
    actor = str(event.by) if event.by else "complainant"
    put_on_record(work, case, actor, "survey_answered", facts, {"comment": event.comment}, **changes)


def _situation(event: SurveyAnswered, work: Work[Store]) -> Situation:
    try:
        return situation_of(work.store, event.subject, work.now, to_change=True)
    except NoSuchCase as unknown:
        raise NotYetKnown("the case") from unknown
