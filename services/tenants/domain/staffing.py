"""Whether the people a Procedure relies on are there, and would be told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from libs.common.procedure.document import Procedure
from libs.common.procedure.words import closed_up, mentions

HEAD = "supervisor"
# Who is called in by what they are at that moment, and the role of which somebody must be there for it.
HELD_AS = {"department_head": HEAD, "duty_manager": "manager"}
ALWAYS_THERE = "assignee"
PLACES = {"place": "place", "property": "in_property", "building": "in_building", "unit": "in_unit"}


@dataclass(frozen=True)
class Colleague:
    """`known_as`: what a rule may call them, the name used at work and the id."""

    roles: tuple[str, ...]
    departments: tuple[str, ...]
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    """Something a Procedure relies on that is not there; `path` leads to the spot in the document."""

    path: str
    message: str


def gaps(procedure: Procedure, people: Iterable[Colleague], places: Iterable[str] = ()) -> Iterator[Gap]:
    """Departments without people, roles that are needed but that nobody holds, places that nothing lies in, and
    what nobody would be told.

    `people` work there now; `places` are the full names of those that the tenant has listed, none: it lists none.
    """
    people = tuple(people)
    yield from _in_departments(procedure, people)
    held = {role for person in people for role in person.roles}
    for path, roles, consequence in _needed(procedure):
        wanted = [HELD_AS.get(role, role) for role in roles]
        if wanted and ALWAYS_THERE not in wanted and held.isdisjoint(wanted):
            yield Gap(path, f"nobody is {' or '.join(dict.fromkeys(wanted))} now: {consequence}")
    yield from _unknown_assignees(procedure, people)
    yield from _nowhere(procedure, tuple(places))
    yield from _untold(procedure)


def _in_departments(procedure: Procedure, people: tuple[Colleague, ...]) -> Iterator[Gap]:
    """Departments without anybody, or without the supervisor who answers for their cases (DI-4)."""
    for at, department in enumerate(procedure.departments):
        members = [person for person in people if department.id in person.departments]
        if not members:
            yield Gap(f"departments[{at}]", f"nobody is in {department.id}: its cases find no one")
        elif not any(HEAD in person.roles for person in members):
            yield Gap(f"departments[{at}]", f"{department.id} has no {HEAD}: nobody is called in at a breach")


def _needed(procedure: Procedure) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Where roles are named, which (one of them is enough), and what comes of nobody holding any."""
    for at, rule in enumerate(procedure.routing.rules):
        for n, role in enumerate(rule.alert):
            yield f"routing.rules[{at}].alert[{n}]", (role,), "this alert reaches no one"
    for at, step in enumerate(procedure.steps):
        yield f"steps[{at}].by", step.by, f"{step.milestone} can be reported by no one"
    for at, limit in enumerate(procedure.limits):
        if limit.extension:
            yield f"limits[{at}].extension.by", limit.extension.by, "no extension can be approved"
    for at, ladder in enumerate(procedure.ladders):
        for n, level in enumerate(ladder.levels):
            yield f"ladders[{at}].levels[{n}].to", (level.to,), "this level calls in no one"
    for at, lane in enumerate(procedure.lanes):
        yield f"lanes[{at}].people", lane.people, "this lane reaches no one"
    for at, approval in enumerate(procedure.approvals):
        yield f"approvals[{at}].by", approval.by, f"{approval.before} can never be approved"
    yield from _needed_for_money_and_more_rounds(procedure)


def _needed_for_money_and_more_rounds(procedure: Procedure) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for at, level in enumerate(procedure.compensation.approval if procedure.compensation else ()):
        yield f"compensation.approval[{at}].by", level.by, "compensation of this level can never be approved"
    for at, role in enumerate(procedure.reopening.levels if procedure.reopening else ()):
        yield f"reopening.levels[{at}]", (role,), "nobody takes over in this round"


def _unknown_assignees(procedure: Procedure, people: tuple[Colleague, ...]) -> Iterator[Gap]:
    """Whom rules name and who is not there, or is not the only one of that name."""
    names = [name.casefold() for person in people for name in person.known_as]
    for at, rule in enumerate(procedure.routing.rules):
        if rule.assignee and names.count(rule.assignee.casefold()) != 1:
            many = "more than one" if rule.assignee.casefold() in names else "nobody"
            message = f"{many} is called {rule.assignee} now: the department's usual way finds somebody"
            yield Gap(f"routing.rules[{at}].assignee", message)


def _nowhere(procedure: Procedure, places: tuple[str, ...]) -> Iterator[Gap]:
    """Names that rules ask for and none of the tenant's places has."""
    known = [closed_up(place) for place in places]
    for at, rule in enumerate(procedure.routing.rules if places else ()):
        asked = {kind: getattr(rule.when, field) for kind, field in PLACES.items()}
        for kind, n, part in ((kind, n, part) for kind, parts in asked.items() for n, part in enumerate(parts)):
            if not any(mentions(closed_up(part), place) for place in known):
                message = f"no place has {part} in its name: for it this rule never holds"
                yield Gap(f"routing.rules[{at}].when.{kind}[{n}]", message)


def _untold(procedure: Procedure) -> Iterator[Gap]:
    """What happens under the Procedure and no notice tells of (NO-1): each once, where it is first asked for."""
    told = {(notice.on, to == "complainant") for notice in procedure.notices for to in notice.to}
    missing = set()
    for path, on, whom in _worth_telling(procedure):
        to_complainant = whom == "the complainant"
        if (on, to_complainant) not in told and on not in missing:
            missing.add(on)
            yield Gap(path, f"no notice on {on} to {whom}: they are not told")


def _worth_telling(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    """Where something is asked for that somebody must hear of, the occasion of its notice, and who must."""
    for on in ("registered", "result"):
        yield "notices", on, "the complainant"
    for at, rule in enumerate(procedure.routing.rules):
        if rule.alert:
            yield f"routing.rules[{at}].alert", "alerted", "staff"
        if rule.lane:
            yield f"routing.rules[{at}].lane", "summoned", "staff"
    for at, limit in enumerate(procedure.limits):
        if limit.ladder:
            yield f"limits[{at}].ladder", "escalated", "staff"
        if limit.warn:
            yield f"limits[{at}].warn", "warned", "staff"
        if limit.extension:
            yield f"limits[{at}].extension", "extended", "the complainant"
        if "third_party" in limit.pause:
            yield f"limits[{at}].pause", "waiting", "the complainant"
    yield "survey", "survey", "the complainant"
