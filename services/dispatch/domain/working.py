"""The work itself: which steps may be reported and revised, and how the result may be told (DI-7, DI-11)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from libs.common.procedure.document import Step
from services.dispatch.domain.approving import unapproved
from services.dispatch.domain.order import TOLD, missing_before, not_by, not_yet, to_be_accepted
from services.dispatch.domain.permissions import Actor
from services.dispatch.domain.refusals import NotAcceptable, NotNow, Refusal
from services.dispatch.domain.situation import ARCHIVED, Situation

REPORTED_BY = MappingProxyType(
    {"accepted": "accept", "closed": "close", "third_party_named": "wait", **dict.fromkeys(TOLD, "result")}
)


def told_ways(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The milestones that telling this result reaches."""
    return tuple(way for way in TOLD if given.get(way.removeprefix("result_")))


def not_reportable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    step = _reported(now, given)
    if isinstance(step, Refusal):
        return step
    if step.milestone in now.case.reached:
        return NotNow(f"{step.milestone} was reached already.")
    return not_by(step, actor) or not_yet(now, step.milestone, "milestone") or _not_settled(now, step.milestone)


def not_revisable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """What was reported may be told better until the result is given, as when an approval was returned (DI-7)."""
    step = _reported(now, given)
    if isinstance(step, Refusal):
        return step
    if step.milestone not in now.case.reached:
        return NotNow(f"{step.milestone} was not reached yet: report it.")
    if now.case.result_at:
        return NotNow("The result was given: what it rests on stays as it was.")
    if "accepted" in missing_before(now, step.milestone):
        return NotAcceptable.field("milestone", "comes after: accepted")
    return not_by(step, actor)


def _reported(now: Situation, given: Mapping[str, Any]) -> Step | Refusal:
    """The step that is named, if it is one that is reported; else what is wrong with the name."""
    milestone = given.get("milestone")
    reported_by = REPORTED_BY | ({"approved": "approve"} if now.approvals else {})
    if milestone is not None and milestone in reported_by:
        return NotAcceptable.field("milestone", f"is reported with the step `{reported_by[milestone]}`")
    step = now.step(milestone or "")
    if step is None:
        known = ", ".join(each.milestone for each in now.steps if each.milestone not in reported_by)
        return NotAcceptable.field("milestone", f"is no step of this case; its steps: {known or 'none'}")
    return step


def _not_settled(now: Situation, milestone: str) -> Refusal | None:
    """What is still owed keeps a case out of the archive (DI-10)."""
    if milestone != ARCHIVED or not now.money.unsettled:
        return None
    return NotNow(f"Settle the compensation before the case is archived{now.money.owed}.")


def not_tellable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """Each way it is told must be open to the actor; when it is not told yet, or in a way that the Procedure does
    not list, one of the ways that it lists."""
    told = told_ways(given)
    if to_be_accepted(now):
        return NotAcceptable.field("text", "comes after: accepted")
    if (not told or any(now.step(way) is None for way in told)) and (refused := _not_tellable_at_all(now, actor, told)):
        return refused
    for way in told:
        if way not in now.case.reached:
            refused = not_by(now.step(way), actor) or not_yet(now, way, way.removeprefix("result_"), told)
            if refused:
                return refused
    return None


def _not_tellable_at_all(now: Situation, actor: Actor, told: tuple[str, ...]) -> Refusal | None:
    listed = [step for way in TOLD if (step := now.step(way))]
    if listed and all(not_by(step, actor) for step in listed):
        return not_by(listed[0], actor)
    first = next((step.milestone for step in now.steps if step.milestone in TOLD), "")
    return not_yet(now, first, "text", told) or unapproved(now, TOLD, "text")
