"""A case is another than it was taken for: the rules are asked again, and only what is new is done (SL-7, IN-8)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from libs.common.procedure.document import Procedure
from libs.common.unit_of_work import Work
from services.dispatch.domain.assignment import why as why_given
from services.dispatch.domain.case import Case
from services.dispatch.domain.next_steps import FLAGS
from services.dispatch.domain.opening import reason
from services.dispatch.domain.parts import ASSIGNED, DROPPED, REFUSED, of_the_lead
from services.dispatch.domain.routing import Route, others, route
from services.dispatch.handlers.calling import bring_in
from services.dispatch.handlers.placing import find_place, hand_over
from services.dispatch.handlers.sharing import move_part
from services.dispatch.store import Store


@dataclass(frozen=True)
class Rerouted:
    """The case as the rules now have it, and the route by which they would have had it before."""

    case: Case
    before: Route
    after: Route


def reroute(work: Work[Store], case: Case, corrected: Case, procedure: Procedure, said: Collection[str]) -> Rerouted:
    """What people `said`, by field, stays as they said it. Else urgency, department and mark change only where the
    rules make of the corrected case something else than of the case as it was: what people did before is not undone."""
    zone = work.store.staff.zone()
    before, after = route(procedure, case.facts(zone)), route(procedure, corrected.facts(zone))
    if "urgency" not in said and after.urgency != before.urgency:
        corrected = replace(corrected, urgency=after.urgency)
    if after.department != before.department:
        corrected = replace(corrected, department=after.department)
    if "major" not in said:
        corrected = replace(corrected, major=case.major or (after.major and not before.major))
    return Rerouted(corrected, before, after)


def carry_through(
    work: Work[Store], case: Case, found: Rerouted, procedure: Procedure, why: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Hand it over where it leaves its department, bring in whom the rules want now and did not before, and let go
    whom they want no more.

    Returns what changes on the case and what goes into its evidence. `why` is told with the handing over.
    """
    corrected = found.case
    reasons = [reason(each.why, each.rule_id) for each in found.after.reasons]
    changes: dict[str, Any] = {}
    if corrected.department != case.department:
        to = find_place(work, corrected.department, procedure, corrected.category, found.after.assignee)
        part = of_the_lead(ASSIGNED, case.reached)
        changes = hand_over(work, case.complaint_id, corrected.department, to, why, part=part)
        reasons += [reason(each) for each in why_given(to)]
    changes |= {
        "category": corrected.category,
        "urgency": corrected.urgency,
        **{flag: getattr(corrected, flag) for flag in FLAGS},
        "alerts": list(found.after.alerts),
        "reasons": reasons,
    }
    corrected = replace(corrected, assignee_id=changes.get("assignee_id", case.assignee_id))
    facts, incident = bring_in(work, corrected, procedure, others(procedure, found.after, found.before))
    if dropped := _drop_unwanted(work, case, found):
        facts["dropped"] = dropped
    return changes | ({"incident": True} if incident else {}), facts


def _drop_unwanted(work: Work[Store], case: Case, found: Rerouted) -> list[str]:
    """The departments that the rules wanted and want no more, as far as nobody there took on their part (DI-5)."""
    wanted = {*found.after.joint, found.case.department}
    unwanted = [part for part in case.joint if part.department in {*found.before.joint} - wanted]
    dropped = [part for part in unwanted if part.state in (ASSIGNED, REFUSED)]
    for part in dropped:
        move_part(work, case.complaint_id, replace(part, state=DROPPED))
    return [part.department for part in dropped]
