"""What a new complaint is taken for and where it goes: the Procedure's words and rules, with their reasons."""

from dataclasses import dataclass
from typing import Any

from libs.common.procedure.conditions import Facts, Localised
from libs.common.procedure.document import Procedure
from services.dispatch.domain.classification import suggest
from services.dispatch.domain.routing import NO_RULE, Reason, Route, route


@dataclass(frozen=True)
class Beginning:
    """How a case begins."""

    category: str
    route: Route
    reasons: tuple[Reason, ...]


def begin(procedure: Procedure, facts: Facts, given_category: str | None, given_urgency: str | None) -> Beginning:
    """A category or urgency given at registration wins over what the words suggest (IN-6, IN-7)."""
    suggestion = suggest(procedure, facts.text, facts.channel, given_category)
    urgency = given_urgency if procedure.urgency(given_urgency) else suggestion.urgency
    why_category, why_urgency = suggestion.reasons
    known: dict[str, Any] = {**facts.__dict__, "category": suggestion.category, "urgency": urgency}
    found = route(procedure, Facts(**known))
    whys = [why_category] if urgency == given_urgency else [why_category, why_urgency]
    return Beginning(suggestion.category, found, (*(Reason(NO_RULE, why) for why in whys), *found.reasons))


def reason(why: Localised, rule: str = NO_RULE) -> dict[str, Any]:
    """A reason as the case keeps it and its page shows it."""
    return {"rule": rule, "why": dict(why)}
