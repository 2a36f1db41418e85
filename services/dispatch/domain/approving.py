"""A milestone that may only be reached once somebody has approved it (DI-7, DI-13)."""

from collections.abc import Mapping, Sequence
from typing import Any

from libs.common.procedure.oversight import Approval
from services.dispatch.domain.permissions import Actor
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed, NotNow, Refusal
from services.dispatch.domain.situation import APPROVED, ASKED, Situation


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


def _not_ahead(now: Situation, given: Mapping[str, Any]) -> Refusal | None:
    named = [each.id for each in ahead(now)]
    if given.get("approval_id") in named:
        return None
    return NotAcceptable.field("approval_id", f"is no approval that is missing; missing: {', '.join(named) or 'none'}")


def _asked(now: Situation, given: Mapping[str, Any]) -> bool:
    return now.progress.approvals.get(given["approval_id"]) == ASKED
