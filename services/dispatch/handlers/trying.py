"""Trying a Procedure that is not in force: on one made-up complaint, on past cases. Nothing is kept."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from libs.common.previewing import Findings
from libs.common.procedure.conditions import Facts
from libs.common.procedure.document import Procedure
from services.dispatch.domain.assignment import place, way_to_assign, why
from services.dispatch.domain.classification import suggest
from services.dispatch.domain.opening import begin, reason
from services.dispatch.domain.permissions import Actor, sight
from services.dispatch.domain.preview import COMPARED, PastCase, effect
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.store import Store


def try_complaint(store: Store, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What a complaint would be taken for, which rules hold and why, and who would get it now (DI-1, IN-6).

    Raises CandidateRefused, NotAcceptable for a category or urgency that this Procedure does not have.
    """
    procedure = store.procedures.candidate(given)
    _must_have(procedure, given)
    facts = Facts(
        channel=given["channel"],
        major=given["major"],
        vip=given["vip"],
        group=given["group"],
        anonymous=given["anonymous"],
        place_label=given["place"],
        in_property=given["in_property"],
        in_building=given["in_building"],
        in_unit=given["in_unit"],
        text=given["text"],
        claimed_amount=given["claimed_amount"],
        received_at=(given["received_at"] or now).astimezone(store.staff.zone()),
    )
    beginning = begin(procedure, facts, given["category"], given["urgency"])
    department = beginning.route.department
    way = way_to_assign(procedure, department)
    placement = place(store.staff.at(now), department, way, beginning.category, beginning.route.assignee)
    *missed, how = why(placement)
    person_id = placement.assignee_id
    return {
        "category": beginning.category,
        "confidence": suggest(procedure, facts.text, facts.channel, given["category"]).confidence,
        "urgency": beginning.route.urgency,
        "major": beginning.route.major,
        "department": department,
        "alerts": beginning.route.alerts,
        "joint": beginning.route.joint,
        "lanes": beginning.route.lanes,
        "reasons": [reason(each.why, each.rule_id) for each in beginning.reasons] + [reason(each) for each in missed],
        "assignee": {"id": person_id, "name": store.staff.names([person_id])[person_id]} if person_id else None,
        "assigned_as": how,
    }


def preview(store: Store, actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a Procedure would have made of the past cases this person may see; see `domain.preview.effect`.

    Raises CandidateRefused.
    """
    candidate, zone = store.procedures.candidate(given), store.staff.zone()
    counts, findings = Counter[str](), Findings(given)
    span = given["received_from"], given["received_to"]
    for row in findings.of(store.lists.received(sight(actor), *span, limit=given["limit"] + 1)):
        differs = effect(_past(row, zone), store.procedures.version(row["procedure_version"]), candidate)
        counts.update(differs.keys())
        findings.add([differs] if differs else [], partial(_changed, row))
    return findings.answer() | {"changes": {name: counts[name] for name in COMPARED}}


def _must_have(procedure: Procedure, given: Mapping[str, Any]) -> None:
    for name, known in (("category", procedure.categories), ("urgency", procedure.urgencies)):
        ids = [each.id for each in known]
        if given[name] is not None and given[name] not in ids:
            raise NotAcceptable.field(name, f"is not in this Procedure; it has: {', '.join(ids)}")


def _past(row: Mapping[str, Any], zone: tzinfo) -> PastCase:
    facts = Facts(
        channel=row["channel"],
        vip=row["vip"],
        group=row["group"],
        anonymous=row["anonymous"],
        place_label=row["place_label"],
        in_property=row["in_property"],
        in_building=row["in_building"],
        in_unit=row["in_unit"],
        text=row["text"],
        claimed_amount=row["claimed_amount"],
        received_at=row["received_at"].astimezone(zone),
    )
    return PastCase(facts, row["category"], row["urgency"], row["major"])


def _changed(row: Mapping[str, Any], differs: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    about = {name: row[name] for name in ("complaint_id", "number", "received_at", "procedure_version")}
    return about | {"changes": {name: {"before": old, "after": new} for name, (old, new) in differs.items()}}
