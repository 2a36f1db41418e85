"""A case that several departments or several levels have: whose step it is, and what it needs (DI-5, DI-8)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from libs.common.procedure.oversight import Lane
from libs.common.procedure.vocabulary import THIRD_PARTY, WAITS_FOR
from services.dispatch.domain.case import Case
from services.dispatch.domain.parts import ACCEPTED, ASSIGNED, REFUSED, Part
from services.dispatch.domain.permissions import SHARE, Actor, allowed
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed, NotNow, Refusal
from services.dispatch.domain.summons import Summons

REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"acknowledge": (), "add_part": ("department", "reason"), "lead_group": ("person_id", "reason")}
)
PART_REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accept_part": (),
        "carry_out_part": ("note",),
        "wait_part": ("for", "reason"),
        "resume_part": (),
        "assign_part": ("person_id", "reason"),
        "refuse_part": ("reason",),
        "drop_part": ("reason",),
    }
)
# What the right to a part's step is called where it is a step on a whole case.
RIGHTS = MappingProxyType(
    {
        "accept_part": "accept",
        "refuse_part": "refuse",
        "assign_part": "assign",
        "carry_out_part": "milestone",
        "wait_part": "wait",
        "resume_part": "resume",
    }
)
OF_PART = "part:"
LEADERS = ("assign_part", "drop_part")


def offered(actor: Actor, case: Case, departments: Sequence[str], lanes: Sequence[Lane]) -> list[dict[str, Any]]:
    """The steps on the whole case that would be accepted from this person now."""
    return [
        {"action": action, "required": list(required)}
        for action, required in REQUIRED.items()
        if refusal(action, actor, case, departments, lanes) is None
    ]


def offered_on(part: Part, actor: Actor, case: Case) -> list[dict[str, Any]]:
    """The steps on this part that would be accepted from this person now."""
    return [
        {"action": action, **chosen, "required": [name for name in part_required(action, chosen) if name not in chosen]}
        for action in PART_REQUIRED
        if part_refusal(action, actor, case, part) is None
        for chosen in ([{"for": whom} for whom in WAITS_FOR] if action == "wait_part" else [{}])
    ]


def part_required(action: str, given: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that must be given: an outside party has a name."""
    named = ("party",) if action == "wait_part" and given.get("for") == THIRD_PARTY else ()
    return (*PART_REQUIRED[action], *named)


def refusal(action: str, actor: Actor, case: Case, departments: Sequence[str], lanes: Sequence[Lane]) -> Refusal | None:
    """Why this person may not take this step on the case now; None when they may."""
    if action == "acknowledge":
        return _not_called(actor, case, lanes)
    if (why := allowed(SHARE, actor, case)) and not leads(actor, case):
        return NotAllowed(why)
    if case.closed:
        return NotNow("The case is closed.")
    if action == "add_part" and not addable(case, departments):
        return NotNow("Every department has a part of the case already.")
    if action == "lead_group" and not case.joint:
        return NotNow("No other department has a part of the case: there is no joint group to lead.")
    return None


def part_refusal(action: str, actor: Actor, case: Case, part: Part) -> Refusal | None:
    """Why this person may not take this step on the part now; None when they may.

    On a part its department's people have the rights that they have on a case of their own department; who leads
    the joint group gives it to somebody, or drops it, as its head would.
    """
    whose = case if action == "drop_part" else replace(case, department=part.department, assignee_id=part.assignee_id)
    why = allowed(RIGHTS.get(action, SHARE), actor, whose)
    if why and not (action in LEADERS and leads(actor, case)):
        return NotAllowed(why)
    if case.closed:
        return NotNow("The case is closed.")
    if part.lead:
        return NotNow("The leading department's part moves with the case itself.")
    if not part.open:
        return NotNow(f"The part is over: {part.state}.")
    return _not_in_this_state(action, actor, case, part)


def leads(actor: Actor, case: Case) -> bool:
    """The actor leads the joint handling group (DI-5)."""
    return actor.person_id is not None and actor.person_id == case.leader_id


def goes_to_head(part: Part, actor: Actor) -> bool:
    """A part that is refused before it was accepted is its head's; the head, or who accepted it, hands it back to who
    leads the group."""
    return part.state == ASSIGNED and part.head_id != actor.person_id


def addable(case: Case, departments: Sequence[str]) -> list[str]:
    """The departments that could be given a part: not the leading one, and none that is at work on one."""
    taken = {case.department, *(part.department for part in case.joint if part.open)}
    return [each for each in departments if each not in taken]


def open_calls(case: Case) -> list[Summons]:
    return [each for each in case.summons if each.open]


def may_answer(actor: Actor, call: Summons, case: Case, lanes: Sequence[Lane]) -> bool:
    """Who was called in this lane at any time, and whoever holds one of its roles (DI-8)."""
    was_called = any(each.lane == call.lane and each.person_id == actor.person_id for each in case.summons)
    lane = next((each for each in lanes if each.id == call.lane), None)
    return was_called or (lane is not None and any(_holds(role, actor, case) for role in lane.people))


def still_to_do(case: Case) -> tuple[str, ...]:
    """The parts without which the case is not solved, each as `part:` and its department."""
    return tuple(f"{OF_PART}{part.department}" for part in case.joint if part.open)


def _holds(role: str, actor: Actor, case: Case) -> bool:
    if role == "assignee":
        return case.assignee_id == actor.person_id
    if role == "department_head":
        return "supervisor" in actor.roles and case.department in actor.departments
    return {"duty_manager": "manager"}.get(role, role) in actor.roles


def _not_called(actor: Actor, case: Case, lanes: Sequence[Lane]) -> Refusal | None:
    if actor.person_id is None:
        return NotAllowed("A case is acknowledged by a person, not by a program.")
    calls = open_calls(case)
    if calls and not any(may_answer(actor, call, case, lanes) for call in calls):
        return NotAllowed("Only people of the lane that is called may acknowledge the case.")
    if case.closed or not calls:
        return NotNow("Nobody is being called to acknowledge the case.")
    return None


def _not_in_this_state(action: str, actor: Actor, case: Case, part: Part) -> Refusal | None:
    if action == "accept_part" and part.state not in (ASSIGNED, REFUSED):
        return NotNow("The part was accepted already.")
    if action == "refuse_part" and not goes_to_head(part, actor) and case.leader_id in (None, actor.person_id):
        return NotNow("It would come back to you, who leads the joint group, or to nobody: assign or drop it.")
    if action in ("carry_out_part", "wait_part") and part.state != ACCEPTED:
        return NotNow("A part is accepted before it is carried out, or waits.")
    if action == "wait_part" and part.pause_id:
        return NotNow("The part waits already.")
    if action == "resume_part" and not part.pause_id:
        return NotNow("The part waits for nobody.")
    return None


def department_mistake(case: Case, departments: Sequence[str], department: str) -> NotAcceptable | None:
    """What is wrong with giving this department a part; None: nothing."""
    can = addable(case, departments)
    if department in can:
        return None
    if department == case.department:
        return NotAcceptable.field("department", "leads the case already")
    if department in departments:
        return NotAcceptable.field("department", "has a part of the case already")
    return NotAcceptable.field("department", f"is no department here; that could be added: {', '.join(can)}")
