"""How a case may end (DI-11, DI-13, IN-9)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.approving import unapproved
from services.dispatch.domain.order import TOLD, before_closing, not_by
from services.dispatch.domain.permissions import Actor
from services.dispatch.domain.refusals import NotAcceptable, Refusal
from services.dispatch.domain.situation import NOTHING_GIVEN, Situation
from services.dispatch.domain.together import still_to_do

OUTCOMES = ("solved", "partly_solved", "unfounded", "unverifiable", "already_solved", "withdrawn", "unreachable")
EARLY_OUTCOMES = OUTCOMES[2:]
EXPLAINED = ("unfounded", "unverifiable", "already_solved")  # the complainant is told why
FOUND: Mapping[str, str] = MappingProxyType({"unverifiable": "cannot_be_verified", "already_solved": "already_solved"})
FINDINGS = ("confirmed", *FOUND.values())
MERGED = "merged"
RESULT, COMPENSATION = "result", "compensation"  # named among what is missing, beside milestones


def missing_to_close(now: Situation, given: Mapping[str, Any] = NOTHING_GIVEN) -> tuple[str, ...]:
    """What the Procedure still wants before the case may close as solved, and the parts still open (DI-5, DI-11,
    DI-13).

    A complainant who has said whether they are satisfied, now or before, need not be asked.
    """
    said = given.get("satisfied") is not None or now.case.satisfied is not None
    known = {*now.case.reached, *(("surveyed",) if said else ())}
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
        return ("text",)
    return ("note",) if missing_to_close(now, given) else ()


def explains(now: Situation, outcome: str | None) -> bool:
    """Whether this end must tell the complainant why, since no result did."""
    return outcome in EXPLAINED and now.case.result_at is None


def _not_with(now: Situation, actor: Actor, outcome: str, given: Mapping[str, Any]) -> Refusal | None:
    finding = FOUND.get(outcome)
    if finding and now.progress.finding != finding:
        return NotAcceptable.field("outcome", f"needs first: a step with the finding {finding}")
    if explains(now, outcome):
        return unapproved(now, TOLD, "text") or _not_telling(now, actor, given)
    missing = missing_to_close(now, given)
    if not missing or outcome in EARLY_OUTCOMES:
        return None
    first, early = ", ".join(missing) + now.money.owed, ", ".join(_early(now))
    return NotAcceptable.field("outcome", f"needs first: {first}; without them the outcome is one of: {early}")


def _not_telling(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """Whoever explains it in writing or by voice must be one who may."""
    told = (now.step(way) for way in TOLD if given.get(way.removeprefix("result_")))
    return next((refused for step in told if (refused := not_by(step, actor))), None)


def _early(now: Situation) -> tuple[str, ...]:
    return tuple(each for each in EARLY_OUTCOMES if FOUND.get(each) in (None, now.progress.finding))
