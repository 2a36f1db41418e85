"""Whose case it becomes (DI-1, DI-2): the Procedure's rules in order, else the category's department."""

from dataclasses import dataclass, replace

from libs.common.procedure.conditions import Facts, Localised
from libs.common.procedure.document import Category, Department, Procedure, Rule, in_language

NO_RULE = ""


@dataclass(frozen=True)
class Reason:
    """Why a case went where it went. `rule_id` is empty for what no rule decided."""

    rule_id: str
    why: Localised


@dataclass(frozen=True)
class Route:
    """The department that leads, the urgency, whether major, and the roles to alert, each once.

    `alerting` are the rules that alert, `joint` the departments beside the leading one, `lanes` whose people must
    acknowledge the case; each once, in the rules' order. `assignee` is the person whom a rule names, None: nobody.
    """

    department: str
    urgency: str
    major: bool
    alerts: tuple[str, ...]
    reasons: tuple[Reason, ...]
    alerting: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    assignee: str | None = None


@dataclass(frozen=True)
class Others:
    """Who takes part beside who has the case: roles to alert and the rules that say so, joint departments, lanes."""

    alert: tuple[str, ...]
    alerting: tuple[str, ...]
    joint: tuple[str, ...]
    lanes: tuple[str, ...]


def others(procedure: Procedure, now: Route, before: Route | None = None) -> Others:
    """Whom the rules bring in; of a case that was routed before, only what is new."""
    known = before or Route("", "", False, (), ())
    alerting = tuple(each for each in now.alerting if each not in known.alerting)
    roles = (role for rule in procedure.routing.rules if rule.id in alerting for role in rule.alert)
    return Others(
        alert=tuple(dict.fromkeys(roles)),
        alerting=alerting,
        joint=tuple(each for each in now.joint if each not in known.joint),
        lanes=tuple(each for each in now.lanes if each not in known.lanes),
    )


def route(procedure: Procedure, facts: Facts) -> Route:
    """The way of one complaint; there is one for all facts.

    Of several rules that hold, the first to name a department, an assignee or an urgency decides it; a rule can make
    a case major, none can undo that. A rule sees the urgency and the mark as the rules before it decided them.
    """
    category = procedure.category(facts.category) or procedure.category(procedure.intake.default_category)
    matched = _matched(procedure, facts)
    rules = [rule for rule, _ in matched]
    reasons = tuple(reason for _, reason in matched)
    department = next((rule.department for rule in rules if rule.department), None)
    if department is None:
        department, reason = _by_category(procedure, category or procedure.categories[0])
        reasons += (reason,)
    return Route(
        department=department,
        urgency=next((rule.urgency for rule in rules if rule.urgency), None) or _urgency(procedure, facts),
        major=facts.major or any(rule.major for rule in rules),
        alerts=tuple(dict.fromkeys(role for rule in rules for role in rule.alert)),
        reasons=reasons,
        alerting=tuple(rule.id for rule in rules if rule.alert),
        joint=tuple(dict.fromkeys(each for rule in rules for each in rule.joint if each != department)),
        lanes=tuple(dict.fromkeys(rule.lane for rule in rules if rule.lane)),
        assignee=next((rule.assignee for rule in rules if rule.assignee), None),
    )


def _matched(procedure: Procedure, facts: Facts) -> list[tuple[Rule, Reason]]:
    """The rules that hold, in order: only the first one where the Procedure says so."""
    matched: list[tuple[Rule, Reason]] = []
    names, urgency = procedure.names, None
    for rule in procedure.routing.rules:
        match = rule.when.matches(facts, names)
        if match is not None:
            matched.append((rule, Reason(rule.id, match.why)))
            if procedure.routing.match == "first":
                break
            urgency = urgency or rule.urgency
            facts = replace(facts, urgency=urgency or facts.urgency, major=facts.major or bool(rule.major))
    return matched


def _urgency(procedure: Procedure, facts: Facts) -> str:
    """As known; the default where nothing is known or the Procedure no longer has it."""
    known = procedure.urgency(facts.urgency)
    return known.id if known else procedure.intake.default_urgency


def _by_category(procedure: Procedure, category: Category) -> tuple[str, Reason]:
    department = procedure.department(category.department) or procedure.departments[0]
    return department.id, Reason(NO_RULE, _usual(category, department))


def _usual(category: Category, department: Department) -> Localised:
    def said(language: str) -> tuple[str, str]:
        return in_language(category.name, language), in_language(department.name, language)

    return {
        "zh-Hans": "{}类通常由{}负责".format(*said("zh-Hans")),
        "en": "{} is usually for {}".format(*said("en")),
    }
