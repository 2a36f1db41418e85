"""A case begins again (DI-12): because the complainant is not satisfied, or something was wrong or new."""

from collections.abc import Mapping
from typing import Any

from libs.common.procedure.oversight import ReopeningRules
from services.dispatch.domain.closing import MERGED
from services.dispatch.domain.permissions import Actor
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed, NotNow, Refusal
from services.dispatch.domain.situation import ARCHIVED, Situation
from services.dispatch.domain.spans import latest

UNSATISFIED = "unsatisfied"
WRONGLY_CLOSED = "wrongly_closed"
REASONS = (UNSATISFIED, "new_facts", WRONGLY_CLOSED)
REGISTER_ANEW = "register a new complaint that follows this one"


def not_reopenable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """Staff reopen a closed case within the Procedure's time; one that is open only for a complainant who is
    not satisfied with the result. A wrong merge is undone by whoever may merge, whatever the Procedure says of
    another round: the matter never ended."""
    if given.get("reason") not in (None, *reasons(now)):
        return NotAcceptable.field("reason", f"is for another case; this one: {', '.join(reasons(now))}")
    if now.case.outcome == MERGED:
        return None
    rules = now.procedure.reopening
    if rules is None:
        return NotNow(f"The Procedure lets no case begin again: {REGISTER_ANEW}.")
    if not set(rules.by) & actor.roles:
        return NotAllowed(f"To reopen a case is for: {', '.join(rules.by) or 'the complainant'}.")
    if not within_time(now, rules):
        return NotNow(f"The case was closed longer than {rules.within} ago: {REGISTER_ANEW}.")
    if not now.case.closed and not result_known(now):
        return NotNow("The case is open, and no result was given yet.")
    return None


def reasons(now: Situation) -> tuple[str, ...]:
    if now.case.outcome == MERGED:
        return (WRONGLY_CLOSED,)
    return REASONS if now.case.closed else (UNSATISFIED,)


def reopens_by_itself(now: Situation) -> bool:
    """Whether the complainant's answer that they are not satisfied begins another round."""
    rules = now.procedure.reopening
    if rules is None or now.case.outcome == MERGED or not within_time(now, rules):
        return False
    return now.case.closed or result_known(now) or now.procedure.survey.after in now.case.reached


def within_time(now: Situation, rules: ReopeningRules) -> bool:
    """Also a case that is still open."""
    closed_at = now.case.closed_at
    return closed_at is None or now.at <= latest(closed_at, rules.within, now.zone)


def result_known(now: Situation) -> bool:
    """A result was given in this round."""
    return now.case.result_at is not None


def reached_anew(now: Situation, rules: ReopeningRules | None) -> tuple[str, ...]:
    """The milestones so far that the next round must reach again: the Procedure's, and the end itself. Where no
    rules are asked, the end alone."""
    again = dict.fromkeys((*(rules.again if rules else ()), "closed", ARCHIVED))
    return tuple(milestone for milestone in again if milestone in now.case.reached)


def taken_over_by(rules: ReopeningRules | None, round: int) -> str | None:
    """The role that has the case in this round, the first reopened one being 2; None: who had it keeps it."""
    return rules.levels[min(round - 2, len(rules.levels) - 1)] if rules and rules.levels else None
