"""The order of the steps: what comes before what, what comes after closing, who may."""

from collections.abc import Sequence

from libs.common.procedure.document import Step
from services.dispatch.domain.approving import unapproved
from services.dispatch.domain.permissions import Actor
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed, Refusal
from services.dispatch.domain.situation import Situation

TOLD = ("result_written", "result_spoken")


def before_closing(now: Situation) -> tuple[Step, ...]:
    """The steps that belong to the time before the end."""
    return tuple(step for step in now.steps if step.milestone not in ("closed", *now.only_after_closing))


def not_yet(now: Situation, milestone: str, field: str, also: Sequence[str] = ()) -> Refusal | None:
    """Earlier steps that are missing, or an approval; `also` are reached together with it."""
    if milestone in now.only_after_closing and not now.case.closed:
        return NotAcceptable.field(field, "comes after: closed")
    missing = missing_before(now, milestone, also)
    if missing:
        return NotAcceptable.field(field, f"comes after: {', '.join(missing)}")
    return unapproved(now, (milestone,), field)


def missing_before(now: Situation, milestone: str, also: Sequence[str] = ()) -> tuple[str, ...]:
    """The required steps before this one that were not reached; `also` are reached together with it."""
    names = [step.milestone for step in now.steps]
    if milestone not in names:
        return ()
    before = now.steps[: names.index(milestone)]
    return tuple(step.milestone for step in before if still_wanted(now, step) and step.milestone not in also)


def still_wanted(now: Situation, step: Step) -> bool:
    """Required and not reached. What was left out of a case that ended early is not made up for (DI-13)."""
    in_time = not now.case.closed or now.may_be_reached(step.milestone)
    return not step.optional and step.milestone not in reached_or_said(now) and in_time


def reached_or_said(now: Situation, said: bool = False) -> frozenset[str]:
    """A complainant who has `said` whether they are satisfied, now or before, need not be asked (DI-13)."""
    asked = said or now.case.satisfied is not None
    return frozenset({*now.reached, *(("surveyed",) if asked else ())})


def to_be_accepted(now: Situation) -> bool:
    """Whether somebody has to accept the case before they work on it (DI-6)."""
    accepted = now.step("accepted")
    return accepted is not None and still_wanted(now, accepted)


def follows(now: Situation, milestone: str) -> frozenset[str]:
    """What was done before this step in any case: the required steps before it, the reopening, the end."""
    names = [step.milestone for step in now.steps]
    before = now.steps[: names.index(milestone)] if milestone in names else ()
    ended = {"closed"} if milestone in now.only_after_closing else set[str]()
    return frozenset({"received", "reopened", *ended, *(step.milestone for step in before if not step.optional)})


def not_by(step: Step | None, actor: Actor) -> Refusal | None:
    """None also for a step that the Procedure does not list, or leaves to anybody."""
    if step is None or not step.by or set(step.by) & actor.roles:
        return None
    return NotAllowed(f"The step {step.milestone} is for: {', '.join(step.by)}.")
