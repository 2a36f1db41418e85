"""Who gets a case now (DI-3, DI-4), and who is called in when it is late (SL-4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from libs.common.procedure.conditions import Localised
from libs.common.procedure.document import Procedure
from services.dispatch.domain.absence import Away, present
from services.dispatch.domain.people import OnDuty, Person, choose_assignee, responsible

LEAST_WORK, DUTY_MANAGER, HEAD, NOBODY = "least_open_work", "duty_manager", "department_head", "nobody"
NAMED = "named"
ROUND_ROBIN, SKILL, NO_SKILL = "round_robin", "skill", "nobody_skilled"

WHY: Mapping[str, Localised] = MappingProxyType(
    {
        NAMED: {"zh-Hans": "转派规则指定的人员", "en": "whom the routing rule names"},
        LEAST_WORK: {"zh-Hans": "当班人员中未结案件最少", "en": "on duty, with the least open work"},
        ROUND_ROBIN: {"zh-Hans": "轮到的当班人员：最久未接到案件", "en": "on duty, and longest without a new case"},
        SKILL: {
            "zh-Hans": "当班且熟悉此类投诉的人员中未结案件最少",
            "en": "on duty and skilled in this category, with the least open work",
        },
        NO_SKILL: {
            "zh-Hans": "当班人员中无人熟悉此类投诉，故取未结案件最少者",
            "en": "nobody on duty is skilled in this category, so the one with the least open work",
        },
        DUTY_MANAGER: {"zh-Hans": "部门无人当班，由值班经理承接", "en": "nobody is on duty, so the duty manager"},
        HEAD: {"zh-Hans": "部门无人当班，由部门负责人承接", "en": "nobody is on duty, so the department's head"},
        NOBODY: {
            "zh-Hans": "无人当班，也没有值班经理和部门负责人",
            "en": "nobody is on duty, and there is no duty manager and no head of the department",
        },
    }
)


@dataclass(frozen=True)
class Staff:
    """Who works for the tenant, and how busy, at one moment.

    `rostered` are the departments that have a duty roster; `on_duty` and `duty_managers` are who the rosters
    name now, by department. `open_work` counts open cases and parts of cases, `last_assigned` is when a case was
    last given. Who is `away` is never given anything: who stands in for them is, while they do.
    """

    people: tuple[Person, ...] = ()
    rostered: frozenset[str] = frozenset()
    on_duty: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    duty_managers: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    open_work: Mapping[UUID, int] = field(default_factory=dict)
    last_assigned: Mapping[UUID, datetime] = field(default_factory=dict)
    away: Away = field(default_factory=dict)

    def present(self, named: Iterable[UUID]) -> list[UUID]:
        """Those of the named who are there, or who stands in for them, each once."""
        return present(named, self.away, {person.id for person in self.people if person.active})

    def called(self, named: str) -> UUID | None:
        """Who is called so at work, or has that id, and is there; None: nobody, or more than one."""
        meant = [person.id for person in self.people if named.casefold() in (person.name.casefold(), str(person.id))]
        return meant[0] if len(meant) == 1 and self.present(meant) == meant else None

    def rostered_now(self, department: str) -> list[UUID]:
        """On the department's roster now; where it has none, its whole front line. Absent or not."""
        if department in self.rostered:
            named = self.on_duty.get(department, frozenset())
            return [person.id for person in self.people if person.active and person.id in named]
        return [
            person.id
            for person in self.people
            if person.active and "front_line" in person.roles and department in person.departments
        ]

    def available(self, department: str) -> list[UUID]:
        """Who can be given work of the department now."""
        return self.present(self.rostered_now(department))

    def duty_managers_for(self, department: str) -> list[UUID]:
        """Those on the department's own roster now; if none of them is there, those on any."""
        own = self.present(self._by_id(self.duty_managers.get(department, frozenset())))
        return own or self.present(self._by_id(frozenset[UUID]().union(*self.duty_managers.values())))

    def knows(self, person_id: UUID, category: str) -> bool:
        return any(category in person.skills for person in self.people if person.id == person_id)

    def _by_id(self, named: frozenset[UUID]) -> list[UUID]:
        return [person.id for person in self.people if person.active and person.id in named]


@dataclass(frozen=True)
class Placement:
    """Who has a case and who answers for it above them; `how` says by which rule, see WHY.

    `missed`: whom a rule named and who could not be given it; None: nobody.
    """

    assignee_id: UUID | None
    head_id: UUID | None
    coordinator_id: UUID | None
    how: str
    missed: str | None = None


def why(placement: Placement) -> list[Localised]:
    """Why this person has it, in words for people."""
    missed = placement.missed
    words: list[Localised] = []
    if missed:
        zh, en = f"规则指定的{missed}不在岗或无法确认", f"{missed}, whom a rule names, is away or not known"
        words.append({"zh-Hans": zh, "en": en})
    return [*words, WHY[placement.how]]


def place(staff: Staff, department: str, assign: str, category: str, named: str | None = None) -> Placement:
    """Whom a rule `named`; else somebody on duty, chosen as the department assigns; nobody on duty: the duty
    manager, else its head.

    `assign` is one of the Procedure's ways: `least_work`, `round_robin` or `skill`.
    """
    chosen = staff.called(named) if named else None
    if chosen:
        above = responsible(staff.people, department, staff.away)
        return Placement(chosen, above.head, above.coordinator, NAMED)
    return replace(_usual(staff, department, assign, category), missed=named)


def _usual(staff: Staff, department: str, assign: str, category: str) -> Placement:
    above = responsible(staff.people, department, staff.away)
    on_duty = staff.available(department)
    if on_duty:
        chosen, how = _of_those_on_duty(staff, on_duty, assign, category)
        return Placement(chosen, above.head, above.coordinator, how)
    heads = staff.present([above.head] if above.head else [])
    for how, candidates in ((DUTY_MANAGER, staff.duty_managers_for(department)), (HEAD, heads)):
        if candidates:
            return Placement(_least_busy(staff, candidates), above.head, above.coordinator, how)
    return Placement(None, above.head, above.coordinator, NOBODY)


def way_to_assign(procedure: Procedure, department: str) -> str:
    """One of the Procedure's ways; least work in a department that a later Procedure brought."""
    named = procedure.department(department)
    return named.assign if named else "least_work"


def _of_those_on_duty(staff: Staff, on_duty: list[UUID], assign: str, category: str) -> tuple[UUID | None, str]:
    if assign == "round_robin":
        return choose_assignee(_ready(staff, on_duty), {}), ROUND_ROBIN
    if assign == "skill":
        skilled = [person_id for person_id in on_duty if staff.knows(person_id, category)]
        return _least_busy(staff, skilled or on_duty), SKILL if skilled else NO_SKILL
    return _least_busy(staff, on_duty), LEAST_WORK


def _least_busy(staff: Staff, candidates: list[UUID]) -> UUID | None:
    return choose_assignee(_ready(staff, candidates), staff.open_work)


def _ready(staff: Staff, candidates: list[UUID]) -> list[OnDuty]:
    return [OnDuty(person_id, staff.last_assigned.get(person_id)) for person_id in candidates]


def called_in(staff: Staff, role: str, department: str, assignee_id: UUID | None) -> tuple[UUID, ...]:
    """The people a ladder's level calls in for a case of this department; empty when nobody present holds the role.

    In place of a duty manager, where the roster names none, every manager is called in; in place of who is away,
    their substitute.
    """
    if role == "assignee":
        return tuple(staff.present([assignee_id] if assignee_id else []))
    if role == DUTY_MANAGER and (on_roster := staff.duty_managers_for(department)):
        return tuple(on_roster)
    wanted = {HEAD: "supervisor", DUTY_MANAGER: "manager"}.get(role, role)
    return tuple(
        staff.present(
            person.id
            for person in staff.people
            if wanted in person.roles and (role != HEAD or department in person.departments)
        )
    )


def called_in_turn(
    staff: Staff, roles: Sequence[str], department: str, assignee_id: UUID | None
) -> tuple[tuple[UUID, ...], tuple[str, ...]]:
    """The people of several roles in the roles' order, each once; and the roles that nobody present holds."""
    found = {role: called_in(staff, role, department, assignee_id) for role in roles}
    people = dict.fromkeys(person_id for named in found.values() for person_id in named)
    return tuple(people), tuple(role for role, named in found.items() if not named)
