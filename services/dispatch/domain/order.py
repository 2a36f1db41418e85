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
    missing: list[str] = []
    for step in now.steps:
        if step.milestone == milestone:
            return tuple(missing)
        if not step.optional and step.milestone not in now.case.reached and step.milestone not in also:
            missing.append(step.milestone)
    return ()


def not_by(step: Step | None, actor: Actor) -> Refusal | None:
    """None also for a step that the Procedure does not list, or leaves to anybody."""
    if step is None or not step.by or set(step.by) & actor.roles:
        return None
    return NotAllowed(f"The step {step.milestone} is for: {', '.join(step.by)}.")
