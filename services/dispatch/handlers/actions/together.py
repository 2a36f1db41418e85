"""A case that several have: parts for other departments, who leads their group, who acknowledges it (DI-5, DI-8)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from libs.common.events.dispatch import GroupLed, SummonsAnswered
from services.dispatch.domain.parts import ACCEPTED, ASSIGNED, CARRIED_OUT, DROPPED, REFUSED, Part
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.domain.summons import Summons
from services.dispatch.domain.together import department_mistake, goes_to_head, may_answer, open_calls
from services.dispatch.handlers.calling import name_leader
from services.dispatch.handlers.filing import digests_of
from services.dispatch.handlers.handling import Handling, put_on_record, say
from services.dispatch.handlers.placing import find_place, given_to_head
from services.dispatch.handlers.sharing import give_part, move_part, unheld


def add_part(handling: Handling) -> None:
    """Another department handles a part of the case from now on; its person is found as for a case."""
    work, case = handling.work, handling.case
    department, why = handling.given["department"], handling.given["reason"]
    if mistake := department_mistake(case, handling.now.departments, department):
        raise mistake
    to = find_place(work, department, work.store.procedures.version(case.procedure_version), case.category)
    part = give_part(work, case.complaint_id, department, to, why=why)
    work.store.staff.changed()
    facts = {"part": part.part_id, "department": department, "assignee": to.assignee_id} | name_leader(work, case)
    nobody: dict[str, Any] = {} if to.assignee_id else {"incident": True}
    put_on_record(work, case, str(handling.person_id), "part_added", facts, {"reason": why}, **nobody)


def accept_part(handling: Handling, part: Part) -> None:
    """Who accepts a part has it: also one that was a colleague's or nobody's."""
    _move(handling, replace(part, state=ACCEPTED, assignee_id=handling.person_id), "part_accepted", "note")


def refuse_part(handling: Handling, part: Part) -> None:
    """Back to the head of the part's department, who holds it until somebody accepts it; from the head, or once it
    was accepted, to who leads the joint group."""
    head = given_to_head(handling.work, part.department).assignee_id
    holder = head if goes_to_head(part, handling.actor) else handling.case.leader_id
    _move(handling, replace(part, state=REFUSED, assignee_id=holder, head_id=head), "part_refused", "reason")


def assign_part(handling: Handling, part: Part) -> None:
    """Somebody of the department has it from now on."""
    person_id = handling.given["person_id"]
    person = handling.work.store.staff.person(person_id)
    if person_id == part.assignee_id:
        raise NotAcceptable.field("person_id", "has the part already")
    if person is None or not person.active or part.department not in person.departments:
        raise NotAcceptable.field("person_id", f"is nobody who works in {part.department} now")
    _move(handling, replace(part, state=ASSIGNED, assignee_id=person_id), "part_assigned", "reason")


def carry_out_part(handling: Handling, part: Part) -> None:
    """The department has done its part; the files that show it are intake's."""
    _move(handling, replace(part, state=CARRIED_OUT), "part_carried_out", "note", handling.given.get("attachments", ()))


def drop_part(handling: Handling, part: Part) -> None:
    """The department's part is not needed after all."""
    _move(handling, replace(part, state=DROPPED), "part_dropped", "reason")


def lead_group(handling: Handling) -> None:
    """A person leads the joint handling group in the coordinator's place."""
    work, case = handling.work, handling.case
    person = work.store.staff.person(handling.given["person_id"])
    if person is None or not person.active:
        raise NotAcceptable.field("person_id", "is nobody who works here now")
    facts = {"from": case.group_leader_id, "to": person.id}
    words = {"reason": handling.given["reason"]}
    put_on_record(work, case, str(handling.person_id), "group_led", facts, words, group_leader_id=person.id)
    say(work, case.complaint_id, GroupLed, person_id=person.id, by=handling.person_id)


def acknowledge(handling: Handling) -> None:
    """Somebody of the lane knows of the case: nobody else is called, in every lane that is theirs."""
    work, case = handling.work, handling.case
    lanes = [call for call in open_calls(case) if may_answer(handling.actor, call, case, handling.now.lanes)]
    for call in lanes:
        work.store.calls.end(case.complaint_id, call.lane, answered_at=work.now, answered_by_id=handling.person_id)
        theirs = _call_of(handling, call)
        say(
            work,
            case.complaint_id,
            SummonsAnswered,
            person_id=handling.person_id,
            lane=call.lane,
            turn=theirs.turn,
            in_time=work.now <= theirs.acknowledge_by,
        )
    facts = {"lanes": [call.lane for call in lanes]}
    put_on_record(work, case, str(handling.person_id), "acknowledged", facts, {"note": handling.given.get("note")})


def _call_of(handling: Handling, call: Summons) -> Summons:
    """The last call of this lane to this very person; the one that is open when they were not called themselves."""
    own = [each for each in handling.case.summons if each.lane == call.lane and each.person_id == handling.person_id]
    return max(own, key=lambda each: each.turn, default=call)


def _move(handling: Handling, part: Part, action: str, said_in: str, files: Sequence[UUID] = ()) -> None:
    """That nobody has the part is an incident, until somebody has it or it is over."""
    work, case, words = handling.work, handling.case, handling.given.get(said_in)
    before = case.part(part.part_id)
    digests = digests_of(handling, files)
    move_part(work, case.complaint_id, part, words=words, files=tuple(map(str, files)))
    facts: dict[str, Any] = {"part": part.part_id, "department": part.department, "assignee": part.assignee_id}
    facts |= {"attachments": digests} if digests else {}
    changes: dict[str, Any] = {}
    if before is None or before.assignee_id is None or before.assignee_id != part.assignee_id:
        changes["incident"] = unheld(work, case.complaint_id, case.assignee_id)
    put_on_record(work, case, str(handling.person_id), action, facts, {said_in: words}, **changes)
