"""A milestone that may only be reached once somebody has approved it (DI-7, DI-13)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from libs.common.procedure.oversight import Approval
from services.dispatch.domain.permissions import Actor, allowed
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed, NotNow, Refusal
from services.dispatch.domain.situation import APPROVED, ARCHIVED, ASKED, Situation


def unapproved(now: Situation, milestones: Sequence[str], field: str) -> Refusal | None:
    """The refusal that names the approvals these milestones still need; None when they need none."""
    missing = [each for each in ahead(now) if each.before in milestones]
    if not missing:
        return None
    named = "; ".join(f"{each.id} by {', '.join(each.by)}" for each in missing)
    return NotAcceptable.field(field, f"needs to be approved first: {named}")


def ahead(now: Situation) -> tuple[Approval, ...]:
    """The approvals that the case needs now and does not have in this round, for milestones not yet reached."""
    return tuple(
        each
        for each in now.approvals
        if each.before not in now.case.reached
        and now.may_be_reached(each.before)
        and now.progress.approvals.get(each.id) != APPROVED
    )


def resting_on(now: Situation, milestone: str) -> tuple[str, ...]:
    """The approvals given in this round, for steps still ahead, of what was reported with this milestone."""
    names = [step.milestone for step in now.steps]
    later = (*names[names.index(milestone) + 1 :], "closed", ARCHIVED)
    return tuple(
        each.id
        for each in now.approvals
        if each.before in later
        and each.before not in now.case.reached
        and now.progress.approvals.get(each.id) == APPROVED
    )


def not_askable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """Anybody who works on the case may ask."""
    return _not_ahead(now, given) or (NotNow("It was asked for already.") if _asked(now, given) else None)


def not_decidable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """It must have been asked for, and is for the roles that the Procedure names."""
    refused = _not_ahead(now, given)
    if refused:
        return refused
    approval = next(each for each in ahead(now) if each.id == given["approval_id"])
    if not set(approval.by) & actor.roles:
        return NotAllowed(f"The approval {approval.id} is for: {', '.join(approval.by)}.")
    return None if _asked(now, given) else NotNow("Nobody has asked for this approval.")


def not_approvable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """Nobody approves what they asked for themselves, unless there is nobody else who could."""
    refused = not_decidable(now, actor, given)
    if refused or now.progress.asked_by.get(given["approval_id"]) != actor.person_id:
        return refused
    approval = next(each for each in ahead(now) if each.id == given["approval_id"])
    others = (each for each in now.present if each.person_id != actor.person_id)
    if any(set(approval.by) & each.roles and allowed("approve", each, now.case) is None for each in others):
        return NotAllowed("Who asked for an approval does not give it: somebody else decides.")
    return None


def not_waived(now: Situation, actor: Actor, changes: Mapping[str, Any]) -> Refusal | None:
    """A mark that an approval rests on is only taken off by who could give it (DI-8)."""
    facts = replace(now.case, **changes).facts(now.zone)
    for each in ahead(now):
        if not each.when.matches(facts) and not set(each.by) & actor.roles:
            return NotAllowed(
                f"The case then no longer needs the approval {each.id}: that is for {', '.join(each.by)}."
            )
    return None


def _not_ahead(now: Situation, given: Mapping[str, Any]) -> Refusal | None:
    named = [each.id for each in ahead(now)]
    if given.get("approval_id") in named:
        return None
    return NotAcceptable.field("approval_id", f"is no approval that is missing; missing: {', '.join(named) or 'none'}")


def _asked(now: Situation, given: Mapping[str, Any]) -> bool:
    return now.progress.approvals.get(given["approval_id"]) == ASKED
