"""Who has the case: accept, refuse, assign, transfer (DI-3, DI-6, DI-8)."""

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.dispatch import CaseRefused, CaseTransferred
from libs.common.unit_of_work import Work
from services.dispatch.domain import parts
from services.dispatch.domain.assignment import WHY, Placement
from services.dispatch.domain.case import ACCEPTED, IN_PROGRESS, RESOLVED, Case
from services.dispatch.domain.opening import reason
from services.dispatch.domain.people import Person
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.domain.situation import Situation
from services.dispatch.handlers.actions.reaching import reach
from services.dispatch.handlers.handling import Handling, put_on_record, say
from services.dispatch.handlers.placing import find_place, given_to, given_to_head, hand_over
from services.dispatch.handlers.sharing import move_lead
from services.dispatch.store import Store

TAKEN_OVER = "taken_over"
OVERSEERS = {"coordinator", "manager"}
BEFORE_WORK = {"received", "registered", "acknowledged", "checked", "routed", "accepted"}


def accept(handling: Handling) -> None:
    """Who accepts a case has it: also one that was somebody else's or nobody's."""
    work, case, note = handling.work, handling.case, handling.given.get("note")
    changes: dict[str, Any] = {}
    if case.assignee_id != handling.person_id:
        to = given_to(work, case.department, handling.person_id, TAKEN_OVER)
        changes = _hand_over(work, case, case.department, to, TAKEN_OVER)
    changes["state"] = RESOLVED if case.result_at else IN_PROGRESS if case.reached - BEFORE_WORK else ACCEPTED
    move_lead(work, case.complaint_id, parts.of_the_lead(parts.ACCEPTED, case.reached))
    if "accepted" not in case.reached:
        reach(handling, "accepted", work.now, note=note)
    put_on_record(work, case, str(handling.person_id), "accepted", {}, {"note": note}, **changes)


def refuse(handling: Handling) -> None:
    """Back to the head of the department, who holds it until it is given to somebody."""
    work, case, why = handling.work, handling.case, handling.given["reason"]
    to = given_to_head(work, case.department)
    say(work, case.complaint_id, CaseRefused, by=handling.person_id, department=case.department, reason=why)
    changes = _hand_over(work, case, case.department, to, why, parts.REFUSED)
    put_on_record(
        work, case, str(handling.person_id), "refused", {"holder": to.assignee_id}, {"reason": why}, **changes
    )


def assign(handling: Handling) -> None:
    """Somebody of the department, or coordination or management who take it over (DI-8)."""
    work, case = handling.work, handling.case
    person_id, why = handling.given["person_id"], handling.given["reason"]
    person = work.store.staff.person(person_id)
    if person_id == case.assignee_id:
        raise NotAcceptable.field("person_id", "has the case already")
    if not _may_hold(person, case.department, OVERSEERS):
        raise NotAcceptable.field("person_id", f"is nobody who works in {case.department} now")
    to = given_to(work, case.department, person_id, "assigned")
    changes = _hand_over(work, case, case.department, to, why)
    facts = {"from": case.assignee_id, "to": person_id}
    put_on_record(work, case, str(handling.person_id), "assigned", facts, {"reason": why}, **changes)


def transfer(handling: Handling) -> None:
    """Another department, with all that was learnt (DI-6). The complainant's limits go on as they are."""
    work, case, given = handling.work, handling.case, handling.given
    department = _other_department(handling.now, given["to_department"])
    to = _receiver(handling, department, given.get("to_person_id"))
    passed = {
        "from_department": case.department,
        "to_department": department,
        "from_person_id": case.assignee_id,
        "to_person_id": to.assignee_id,
    }
    words = {"reason": given["reason"], "handover": given["handover"]}
    work.store.records.add_transfer(
        complaint_id=case.complaint_id,
        transfer_id=uuids.uuid7(),
        at=work.now,
        by_id=handling.person_id,
        **passed,
        **words,
    )
    say(work, case.complaint_id, CaseTransferred, **passed, reason=given["reason"])
    changes = _hand_over(work, case, department, to, given["reason"])
    if to.how in WHY:
        why = reason(WHY[to.how])
        changes["reasons"] = [*work.store.cases.reasons(case.complaint_id), why]
    put_on_record(work, case, str(handling.person_id), "transferred", passed, words, **changes)


def _hand_over(
    work: Work[Store], case: Case, department: str, to: Placement, reason: str, part: str = parts.ASSIGNED
) -> dict[str, Any]:
    return hand_over(work, case.complaint_id, department, to, reason, part=parts.of_the_lead(part, case.reached))


def _other_department(now: Situation, department: str) -> str:
    if department == now.case.department:
        raise NotAcceptable.field("to_department", "has the case already; to change the person, assign it")
    if department not in now.departments:
        known = ", ".join(now.departments)
        raise NotAcceptable.field("to_department", f"is no department here; the departments: {known}")
    return department


def _receiver(handling: Handling, department: str, person_id: UUID | None) -> Placement:
    """The person asked for, else whoever's turn it is there, as at opening."""
    if person_id is None:
        procedure = handling.work.store.procedures.version(handling.case.procedure_version)
        return find_place(handling.work, department, procedure, handling.case.category)
    if not _may_hold(handling.work.store.staff.person(person_id), department, set()):
        raise NotAcceptable.field("to_person_id", f"is nobody who works in {department} now")
    return given_to(handling.work, department, person_id, "asked_for")


def _may_hold(person: Person | None, department: str, other_roles: set[str]) -> bool:
    if person is None or not person.active:
        return False
    return department in person.departments or bool(other_roles & set(person.roles))
