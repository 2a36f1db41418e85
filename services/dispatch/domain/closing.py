"""How a case may end (DI-11, DI-13, IN-9)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.approving import unapproved
from services.dispatch.domain.order import TOLD, before_closing, not_by, reached_or_said, still_wanted, to_be_accepted
from services.dispatch.domain.permissions import Actor
from services.dispatch.domain.refusals import NotAcceptable, Refusal
from services.dispatch.domain.situation import NOTHING_GIVEN, Situation
from services.dispatch.domain.together import OF_PART, still_to_do

OUTCOMES = ("solved", "partly_solved", "unfounded", "unverifiable", "already_solved", "withdrawn", "unreachable")
SOLVED, EARLY_OUTCOMES = OUTCOMES[:2], OUTCOMES[2:]
EXPLAINED = ("unfounded", "unverifiable", "already_solved")  # the complainant is told why
FOUND: Mapping[str, str] = MappingProxyType({"unverifiable": "cannot_be_verified", "already_solved": "already_solved"})
FINDINGS = ("confirmed", *FOUND.values())
MERGED = "merged"
RESULT, COMPENSATION = "result", "compensation"  # named among what is missing, beside milestones


def missing_to_close(now: Situation, given: Mapping[str, Any] = NOTHING_GIVEN) -> tuple[str, ...]:
    """What the Procedure still wants before the case may close as solved, and the parts still open (DI-5, DI-11,
    DI-13).
    """
    known = reached_or_said(now, said=given.get("satisfied") is not None)
    missing = tuple(step.milestone for step in before_closing(now) if not step.optional and step.milestone not in known)
    missing += (*still_to_do(now.case), *(() if now.case.result_at else (RESULT,)))
    return (*missing, COMPENSATION) if now.money.unsettled else missing


def not_closable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """Of what is given it looks at outcome, satisfied, written and spoken."""
    refused = not_by(now.step("closed"), actor) or unapproved(now, ("closed",), "outcome")
    outcome = given.get("outcome")
    return refused or (_not_with(now, actor, outcome, given) if outcome else None)


def outcomes(now: Situation, actor: Actor) -> tuple[str, ...]:
    """Those the case may be closed with now, before it is known whether the complainant is satisfied."""
    return tuple(outcome for outcome in OUTCOMES if _not_with(now, actor, outcome, NOTHING_GIVEN) is None)


def required_to_close(now: Situation, given: Mapping[str, Any]) -> tuple[str, ...]:
    """The explanation for the complainant where none was given yet; a note for any other early end."""
    if explains(now, given.get("outcome")):
        return ("text", *(way.removeprefix("result_") for way in _must_be_told(now)))
    return ("note",) if missing_to_close(now, given) else ()


def explains(now: Situation, outcome: str | None) -> bool:
    """Whether this end must tell the complainant why, since no result did."""
    return outcome in EXPLAINED and now.case.result_at is None


def _not_with(now: Situation, actor: Actor, outcome: str, given: Mapping[str, Any]) -> Refusal | None:
    finding = FOUND.get(outcome)
    if finding and now.progress.finding != finding:
        return NotAcceptable.field("outcome", f"needs first: a step with the finding {finding}")
    if explains(now, outcome):
        return unapproved(now, TOLD, "text") or _not_telling(now, actor, outcome, given)
    missing = missing_to_close(now, given)
    if outcome in EARLY_OUTCOMES:
        return None
    if not missing:
        return _not_unsatisfied(now, given)
    first, early = ", ".join(map(_in_words, missing)) + now.money.owed, ", ".join(_early(now))
    return NotAcceptable.field("outcome", f"needs first: {first}; without them the outcome is one of: {early}")


def _in_words(missing: str) -> str:
    return f"the part of {missing.removeprefix(OF_PART)}" if missing.startswith(OF_PART) else missing


def _must_be_told(now: Situation) -> tuple[str, ...]:
    """The ways in which the Procedure wants a result told, and it was not yet (DI-11)."""
    listed = (step for way in TOLD if (step := now.step(way)))
    return tuple(step.milestone for step in listed if still_wanted(now, step))


def _not_telling(now: Situation, actor: Actor, outcome: str, given: Mapping[str, Any]) -> Refusal | None:
    """Whoever explains it is one who may tell it so; where it must be told in certain ways, in these too, by somebody
    who has the case or has seen to it that there is nothing to do."""
    must = _must_be_told(now)
    if must and outcome not in FOUND and to_be_accepted(now):
        return NotAcceptable.field("outcome", "comes after: accepted")
    for way in TOLD:
        name = way.removeprefix("result_")
        if way in must and given.get(name) is False:
            return NotAcceptable.field(
                name, "the explanation takes the place of the result and is told in this way too"
            )
        if (way in must or given.get(name)) and (refused := not_by(now.step(way), actor)):
            return refused
    return None


def _not_unsatisfied(now: Situation, given: Mapping[str, Any]) -> Refusal | None:
    """A complainant who is not satisfied begins the next round, as long as there is a level above (DI-12)."""
    rules = now.procedure.reopening
    if given.get("satisfied") is not False or rules is None or now.case.round > max(len(rules.levels), 1):
        return None
    who = f" ({', '.join(rules.by)})" if rules.by else ""
    detail = f"who is not satisfied begins the next round: take the step `reopen`{who}, or record the survey's answer"
    return NotAcceptable.field("satisfied", detail)


def _early(now: Situation) -> tuple[str, ...]:
    return tuple(each for each in EARLY_OUTCOMES if FOUND.get(each) in (None, now.progress.finding))
