"""A limit may take longer (SL-5): within the Procedure's bounds, and asked before it ends."""

from collections.abc import Mapping
from typing import Any

from libs.common.procedure.oversight import ExtensionRules
from services.dispatch.domain.permissions import Actor
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed, Refusal
from services.dispatch.domain.situation import ASKED, GRANTED, Extension, Situation
from services.dispatch.domain.spans import latest

APPROVE, DECLINE = "approve", "decline"
DECISIONS = (APPROVE, DECLINE)


def rules_of(now: Situation, limit_id: str | None) -> ExtensionRules | None:
    """None when the limit is not known or cannot be extended."""
    limit = now.procedure.limit(limit_id) if limit_id else None
    return limit.extension if limit else None


def may_grant(now: Situation, actor: Actor, limit_id: str) -> bool:
    rules = rules_of(now, limit_id)
    return rules is not None and bool(set(rules.by) & actor.roles)


def waiting_for_decision(now: Situation) -> tuple[Extension, ...]:
    return tuple(each for each in now.progress.extensions if each.state == ASKED)


def not_extendable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """Of what is given it looks at limit_id and due_at."""
    limit_id = given.get("limit_id")
    if any(each.limit_id == limit_id for each in waiting_for_decision(now)):
        return NotAcceptable.field("limit_id", "has an extension that waits for a decision")
    return _not_open_to_it(now, limit_id) or _not_so_long(now, given)


def not_decidable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """An extension of a limit that has ended meanwhile can only be declined."""
    asked = asked_for(now, given)
    if asked is None:
        return NotAcceptable.field("extension_id", "is no extension that waits for a decision")
    if not may_grant(now, actor, asked.limit_id):
        rules = rules_of(now, asked.limit_id)
        return NotAllowed(f"The decision is for: {', '.join(rules.by if rules else ())}.")
    if given.get("decision") != APPROVE:
        return None
    wanted = {"limit_id": asked.limit_id, "due_at": asked.due_at}
    refused = _not_open_to_it(now, asked.limit_id) or _not_so_long(now, wanted)
    return NotAcceptable.field("decision", f"can only be declined: {refused}") if refused else None


def asked_for(now: Situation, given: Mapping[str, Any]) -> Extension | None:
    """The extension to decide on; None when none of that id waits."""
    named = given.get("extension_id")
    return next((each for each in waiting_for_decision(now) if each.extension_id == named), None)


def _not_open_to_it(now: Situation, limit_id: str | None) -> Refusal | None:
    rules = rules_of(now, limit_id)
    if rules is None:
        return NotAcceptable.field("limit_id", "is no limit that the Procedure lets be extended")
    ends = now.progress.running.get(limit_id or "")
    if ends is None or ends <= now.at:
        return NotAcceptable.field("limit_id", "is not running: a limit is extended before it ends")
    granted = sum(each.limit_id == limit_id and each.state == GRANTED for each in now.progress.extensions)
    if granted >= rules.times:
        return NotAcceptable.field("limit_id", f"was extended {granted} times, and the Procedure allows no more")
    return None


def _not_so_long(now: Situation, given: Mapping[str, Any]) -> Refusal | None:
    due_at, rules = given.get("due_at"), rules_of(now, given.get("limit_id"))
    if due_at is None or rules is None:
        return None
    ends = now.progress.running[given["limit_id"]]
    if due_at <= ends:
        return NotAcceptable.field("due_at", f"must be later than the limit's end now ({ends:%FT%TZ})")
    if due_at > (bound := latest(ends, rules.at_most, now.zone)):
        return NotAcceptable.field("due_at", f"may be at most {rules.at_most} later: until {bound:%FT%TZ}")
    return None
