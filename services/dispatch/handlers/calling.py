"""Who else must know of a case: people alerted (DI-1), and people of a lane, called until one answers (DI-8)."""

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.dispatch import CaseAlerted, CaseSummoned, GroupLed
from libs.common.procedure.document import Procedure
from libs.common.procedure.oversight import Lane
from libs.common.unit_of_work import Work
from services.dispatch.domain.assignment import called_in, called_in_turn
from services.dispatch.domain.case import Case
from services.dispatch.domain.routing import Others
from services.dispatch.domain.summons import Summons, answer_due, next_call
from services.dispatch.handlers.handling import put_on_record, say
from services.dispatch.handlers.placing import find_place
from services.dispatch.handlers.sharing import give_part
from services.dispatch.store import Store


def bring_in(work: Work[Store], case: Case, procedure: Procedure, others: Others) -> tuple[dict[str, Any], bool]:
    """Give the joint departments their parts, alert and summon people.

    Returns what goes into the evidence, empty when nobody else is wanted; and whether a role, lane or department
    that is wanted has nobody, an incident.
    """
    facts: dict[str, Any] = {}
    incident = False
    taken = {part.department for part in case.joint if part.open}
    for department in (each for each in others.joint if each not in taken):
        to = find_place(work, department, procedure, case.category)
        give_part(work, case.complaint_id, department, to)
        if to.assignee_id:
            work.store.staff.was_given(to.assignee_id, work.now)
        facts.setdefault("joint", {})[department] = to.assignee_id
        incident = incident or to.assignee_id is None
    if "joint" in facts:
        facts |= name_leader(work, case)
    if others.alert:
        facts["alerted"], unheld = _alert(work, case, others)
        incident = incident or bool(unheld)
    for lane in (each for each in procedure.lanes if each.id in others.lanes):
        facts.setdefault("summoned", {})[lane.id], in_vain = _call(work, case, lane)
        incident = incident or in_vain
    return facts, incident


def name_leader(work: Work[Store], case: Case) -> dict[str, UUID]:
    """Other departments have their parts now: a manager leads the group where the Procedure wants one and nobody was
    named; else it is the coordinator (DI-5). Returns who was named, for the evidence."""
    role = work.store.procedures.version(case.procedure_version).routing.group_leader
    people = called_in(work.store.staff.at(work.now), role, case.department, None)
    if role == "coordinator" or case.group_leader_id is not None or not people:
        return {}
    work.store.cases.change(case.complaint_id, group_leader_id=people[0])
    say(work, case.complaint_id, GroupLed, person_id=people[0], by=None)
    return {"leader": people[0]}


def call_next(work: Work[Store], complaint_id: UUID, summons_id: UUID) -> None:
    """Nobody answered in time: the next of the lane is called. A call that is over by now is left alone."""
    case = work.store.cases.find(complaint_id, to_change=True)
    unanswered = (
        next((each for each in case.summons if each.summons_id == summons_id and each.open), None) if case else None
    )
    if case is None or unanswered is None:
        return
    lane = work.store.procedures.version(case.procedure_version).lane(unanswered.lane)
    assert lane is not None  # a case keeps the version under which it was called
    work.store.calls.end(complaint_id, lane.id)
    person_id, in_vain = _call(work, case, lane)
    facts = {"lane": lane.id, "unanswered_by": unanswered.person_id, "person": person_id}
    incident: dict[str, Any] = {"incident": True} if in_vain else {}
    put_on_record(work, case, "dispatch", "summoned", facts, **incident)


def _alert(work: Work[Store], case: Case, others: Others) -> tuple[tuple[UUID, ...], tuple[str, ...]]:
    """The people alerted, and the roles nobody holds."""
    staff = work.store.staff.at(work.now)
    people, unheld = called_in_turn(staff, others.alert, case.department, case.assignee_id)
    work.store.cases.call(case.complaint_id, people)
    say(work, case.complaint_id, CaseAlerted, people=people, rules=others.alerting)
    return people, unheld


def _call(work: Work[Store], case: Case, lane: Lane) -> tuple[UUID | None, bool]:
    """Whom the lane calls now, and whether it is an incident: everybody was called in vain, or nobody is there."""
    called = [each for each in case.summons if each.lane == lane.id]
    staff = work.store.staff.at(work.now)
    people, _ = called_in_turn(staff, lane.people, case.department, case.assignee_id)
    following = next_call(people, called)
    call = Summons(
        summons_id=uuids.uuid7(),
        lane=lane.id,
        turn=len(called) + 1,
        round=following.round,
        person_id=following.person_id,
        acknowledge_by=answer_due(work.now, lane.acknowledge_within),
        open=True,
    )
    work.store.calls.add(case.complaint_id, call, work.now)
    if call.person_id:
        say(
            work,
            case.complaint_id,
            CaseSummoned,
            person_id=call.person_id,
            lane=lane.id,
            turn=call.turn,
            acknowledge_by=call.acknowledge_by,
        )
    return call.person_id, following.in_vain
