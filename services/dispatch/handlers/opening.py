"""A complaint becomes a case: classified, routed, given to somebody (IN-6, DI-1 … DI-4)."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.common.events.dispatch import CaseOpened, MilestoneReached
from libs.common.events.intake import ComplaintRegistered
from libs.common.procedure.conditions import Facts
from libs.common.procedure.document import Procedure
from libs.common.unit_of_work import Work
from services.dispatch.domain.assignment import Placement, why
from services.dispatch.domain.case import ASSIGNED, OPEN, Case
from services.dispatch.domain.chain import Head
from services.dispatch.domain.opening import Beginning, begin, reason
from services.dispatch.domain.routing import others
from services.dispatch.handlers.calling import bring_in
from services.dispatch.handlers.handling import next_link, put_on_record, say
from services.dispatch.handlers.linking import FOLLOWS, link
from services.dispatch.handlers.placing import find_place, say_assigned
from services.dispatch.handlers.sharing import give_part
from services.dispatch.store import Store
from services.dispatch.store.clocks import LONG_AFTER


def open_case(event: ComplaintRegistered, work: Work[Store]) -> None:
    """Open the case under the Procedure in force when the complaint was received."""
    version, procedure = work.store.procedures.in_force(event.received_at)
    beginning = begin(procedure, _facts(event, work), event.category, event.urgency)
    route = beginning.route
    placement = find_place(work, route.department, procedure, beginning.category, route.assignee)
    case = _case(event, version, beginning, placement)
    first = next_link(work, event.subject, Head(), "dispatch", "opened", _evidence(event, beginning, placement))
    work.store.evidence.add(first)
    case = Case(**{**case.__dict__, "head": Head(first.step.n, first.hash)})
    work.store.cases.add(case, **_further(event, work, beginning, placement))
    _reach_first_milestones(event, work, case)
    if placement.assignee_id:
        work.store.staff.was_given(placement.assignee_id, work.now)
    _say_opened(event, work, case, beginning, placement)
    give_part(work, case.complaint_id, case.department, placement, lead=True)
    _bring_in_others(work, case, procedure, beginning)


def digest(text: str) -> str:
    """What stands in the evidence for the complainant's own words."""
    return hashlib.sha256(text.encode()).hexdigest()


def _facts(event: ComplaintRegistered, work: Work[Store]) -> Facts:
    return Facts(
        channel=event.channel,
        major=event.major,
        vip=event.vip,
        anonymous=event.anonymous,
        place_label=event.place_label,
        in_property=event.in_property,
        in_building=event.in_building,
        in_unit=event.in_unit,
        text=event.text,
        claimed_amount=event.claimed_amount,
        received_at=event.received_at.astimezone(work.store.staff.zone()),
    )


def _case(event: ComplaintRegistered, version: int, beginning: Beginning, placement: Placement) -> Case:
    return Case(
        complaint_id=event.subject,
        procedure_version=version,
        channel=event.channel,
        category=beginning.category,
        urgency=beginning.route.urgency,
        major=beginning.route.major,
        vip=event.vip,
        anonymous=event.anonymous,
        claimed_amount=event.claimed_amount,
        place_label=event.place_label,
        in_property=event.in_property,
        in_building=event.in_building,
        in_unit=event.in_unit,
        text=event.text,
        received_at=event.received_at,
        department=beginning.route.department,
        assignee_id=placement.assignee_id,
        head_id=placement.head_id,
        coordinator_id=placement.coordinator_id,
        state=ASSIGNED if placement.assignee_id else OPEN,
    )


def _evidence(event: ComplaintRegistered, beginning: Beginning, placement: Placement) -> dict[str, Any]:
    return {
        "number": event.number,
        "channel": event.channel,
        "received_at": event.received_at,
        "registered_at": event.registered_at,
        "registered_by": event.received_by,
        "text_sha256": digest(event.text),
        "attachments": list(event.attachments),
        "category": beginning.category,
        "urgency": beginning.route.urgency,
        "major": beginning.route.major,
        "rules": [each.rule_id for each in beginning.route.reasons if each.rule_id],
        "department": beginning.route.department,
        "assignee": placement.assignee_id,
        "assigned_as": placement.how,
        **{f"{name}_sha256": digest(words) for name, words in _said_beside(event).items()},
        **({"follows": event.follows} if event.follows else {}),
    }


def _said_beside(event: ComplaintRegistered) -> dict[str, str]:
    """What the complainant said beside the text."""
    return {name: words for name, words in (("impact", event.impact), ("asked_for", event.asked_for)) if words}


def _further(
    event: ComplaintRegistered, work: Work[Store], beginning: Beginning, placement: Placement
) -> dict[str, Any]:
    return {
        "number": event.number,
        "language": event.language,
        "external_ref": event.external_ref,
        "impact": event.impact,
        "asked_for": event.asked_for,
        "happened_at": event.happened_at,
        "registered_at": event.registered_at,
        "assigned_at": work.now if placement.assignee_id else None,
        "alerts": list(beginning.route.alerts),
        "reasons": [
            *(reason(each.why, each.rule_id) for each in beginning.reasons),
            *(reason(each) for each in why(placement)),
        ],
        "queue_at": LONG_AFTER,
        "near_limit": False,
        "breached": False,
        "incident": placement.assignee_id is None,
        "unread": False,
    }


def _reach_first_milestones(event: ComplaintRegistered, work: Work[Store], case: Case) -> None:
    first: tuple[tuple[str, datetime, UUID | None, str | None], ...] = (
        ("received", event.received_at, event.received_by, None),
        ("registered", event.registered_at, event.received_by, None),
        ("routed", work.now, None, case.department),
    )
    for n, (milestone, at, by_id, department) in enumerate(first):
        work.store.records.add_milestone(
            complaint_id=case.complaint_id,
            milestone=milestone,
            round=case.round,
            n=n,
            at=at,
            by_id=by_id,
            department=department,
        )


def _bring_in_others(work: Work[Store], case: Case, procedure: Procedure, beginning: Beginning) -> None:
    facts, incident = bring_in(work, case, procedure, others(procedure, beginning.route))
    if facts:
        marked: dict[str, Any] = {"incident": True} if incident else {}
        put_on_record(work, case, "dispatch", "others_brought_in", facts, **marked)


def _say_opened(
    event: ComplaintRegistered, work: Work[Store], case: Case, beginning: Beginning, placement: Placement
) -> None:
    say(
        work,
        case.complaint_id,
        CaseOpened,
        number=event.number,
        procedure_version=case.procedure_version,
        channel=case.channel,
        language=event.language,
        category=case.category,
        urgency=case.urgency,
        major=case.major,
        vip=case.vip,
        anonymous=event.anonymous,
        department=case.department,
        received_at=case.received_at,
        registered_at=event.registered_at,
        complex=case.complex,
        group=case.group,
        follows=event.follows,
        joint=beginning.route.joint,
    )
    if event.follows is not None:
        link(work, case.complaint_id, event.follows, FOLLOWS, None)
    say_assigned(work, case.complaint_id, case.department, placement, placement.how)
    say(
        work,
        case.complaint_id,
        MilestoneReached,
        milestone="routed",
        reached_at=work.now,
        by=None,
        department=case.department,
    )
