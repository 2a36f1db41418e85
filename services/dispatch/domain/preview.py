"""What another Procedure would have made of a past case (PO-4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from libs.common.procedure.conditions import Facts
from libs.common.procedure.document import Procedure
from services.dispatch.domain.opening import Beginning, begin

COMPARED = ("category", "department", "urgency", "major", "alerts", "joint", "lanes", "rules")


@dataclass(frozen=True)
class PastCase:
    """A case as it is kept: `facts` hold what was known at registration, and whether it is one of a group by now;
    the rest is how it stands now."""

    facts: Facts
    category: str
    urgency: str
    major: bool


def effect(past: PastCase, before: Procedure, after: Procedure) -> Mapping[str, tuple[Any, Any]]:
    """What becomes different, by name of COMPARED: (as it was, as it would be); empty: nothing.

    Both Procedures are asked anew, so that only what the Procedure decides is compared. What a person decided,
    which is whatever the old Procedure does not explain, stays decided.
    """
    old = begin(before, past.facts, None, None)
    category = past.category if old.category != past.category else None
    if category:
        old = begin(before, past.facts, category, None)
    urgency = past.urgency if old.route.urgency != past.urgency else None
    facts = replace(past.facts, major=past.major and not old.route.major)
    if urgency or facts.major:
        old = begin(before, facts, category, urgency)
    new = begin(after, facts, category, urgency)
    was, would_be = _seen(old), _seen(new)
    return {name: (was[name], would_be[name]) for name in COMPARED if was[name] != would_be[name]}


def _seen(beginning: Beginning) -> dict[str, Any]:
    """By name of COMPARED. Of several, the order says nothing."""
    route = beginning.route
    rules = [reason.rule_id for reason in route.reasons if reason.rule_id]
    return {
        "category": beginning.category,
        "department": route.department,
        "urgency": route.urgency,
        "major": route.major,
        "alerts": sorted(route.alerts),
        "joint": sorted(route.joint),
        "lanes": sorted(route.lanes),
        "rules": sorted(rules),
    }
