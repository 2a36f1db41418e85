"""Who may do what with a case: one matrix of role and action, asked before every step and for every list."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from uuid import UUID

from services.dispatch.domain.case import Case

SEE = "see"
STEPS = (
    "accept",
    "refuse",
    "milestone",
    "result",
    "transfer",
    "reclassify",
    "assign",
    "wait",
    "resume",
    "extend",
    "decide_extension",
    "ask_approval",
    "approve",
    "return",
    "reopen",
    "merge",
    "unlink",
    "revise",
    "note",
    "close",
)
FLAG = "flag"  # say that a case is major, a VIP's, complex or one of a group
SHARE = "share"  # give other departments parts of it, take them back, name who leads the group (DI-5)
ROSTER = "roster"
COMPENSATE = "compensate"


class Reach(IntEnum):
    """How far a right reaches; each includes those before it."""

    NOTHING = 0
    OWN = 1  # cases the person has
    DEPARTMENT = 2  # and those of the person's departments
    ALL = 3


_WORKING = dict.fromkeys((*STEPS, SEE, COMPENSATE), Reach.DEPARTMENT) | {"refuse": Reach.OWN}
_OVERSEEING = dict.fromkeys((*STEPS, FLAG, SHARE, SEE, COMPENSATE, ROSTER), Reach.ALL) | {"refuse": Reach.OWN}

MATRIX: Mapping[str, Mapping[str, Reach]] = MappingProxyType(
    {
        "front_line": _WORKING | dict.fromkeys(("assign", "unlink"), Reach.NOTHING),
        "supervisor": _WORKING | dict.fromkeys((FLAG, SHARE, ROSTER), Reach.DEPARTMENT),
        "coordinator": _OVERSEEING,
        "manager": _OVERSEEING,
        "admin": {SEE: Reach.ALL, ROSTER: Reach.ALL},
        "auditor": {SEE: Reach.ALL},
    }
)


@dataclass(frozen=True)
class Actor:
    """Who asks. `person_id` None: a program with an API key; it may look, as far as its roles reach."""

    person_id: UUID | None
    roles: frozenset[str]
    departments: frozenset[str]


def reach(action: str, actor: Actor) -> Reach:
    """The farthest any of the actor's roles reaches."""
    reaches = (MATRIX.get(role, {}).get(action, Reach.NOTHING) for role in actor.roles)
    return max(reaches, default=Reach.NOTHING)


def allowed(action: str, actor: Actor, case: Case, step: str = SEE) -> str | None:
    """None when the actor may do this with this case, else the reason why not.

    `step`: what is done under this right, where the right's name does not say it.
    """
    if actor.person_id is None and (action, step) != (SEE, SEE):
        return "A step on a case is taken by a person, not by a program."
    how_far = reach(action, actor)
    if (action, step) == (SEE, SEE) and how_far and _takes_part(actor, case):
        return None
    if how_far is Reach.NOTHING:
        return f"Your role does not allow to {action}."
    if how_far is Reach.ALL or (actor.person_id is not None and case.assignee_id == actor.person_id):
        return None
    if how_far is Reach.OWN:
        return f"Only who has the case may {action}."
    if case.department in actor.departments:
        return None
    return "The case is neither yours nor your department's."


def _takes_part(actor: Actor, case: Case) -> bool:
    """Of a department that has a part of it (DI-5), or somebody alerted, summoned or called in (DI-1, DI-8, SL-4)."""
    if any(part.department in actor.departments for part in case.joint):
        return True
    people = {case.group_leader_id, *(part.assignee_id for part in case.joint)}
    people |= case.called | {call.person_id for call in case.summons}
    return actor.person_id is not None and actor.person_id in people


@dataclass(frozen=True)
class Sight:
    """The cases that may appear in a person's lists: all, or those in which the departments or the person take part."""

    everything: bool
    departments: frozenset[str]
    person_id: UUID | None


def sight(actor: Actor) -> Sight:
    """The same cases that `allowed` lets the actor see."""
    how_far = reach(SEE, actor)
    seen = actor.departments if how_far is Reach.DEPARTMENT else frozenset[str]()
    return Sight(how_far is Reach.ALL, seen, actor.person_id if how_far else None)


def may_plan(actor: Actor, department: str) -> str | None:
    """None when the actor may change the duty roster of this department, else the reason why not."""
    how_far = reach(ROSTER, actor)
    if how_far is Reach.ALL or (how_far is Reach.DEPARTMENT and department in actor.departments):
        return None
    return "The duty roster is planned by the department's supervisor, coordination or management."


def may_excuse(actor: Actor, person_id: UUID, departments: Collection[str]) -> str | None:
    """None when the actor may say when this person, who works in these departments, is away; else why not."""
    if actor.person_id == person_id or any(may_plan(actor, each) is None for each in departments):
        return None
    if reach(ROSTER, actor) is Reach.ALL:
        return None
    return "When somebody is away is said by themselves, their supervisor, coordination or management."
