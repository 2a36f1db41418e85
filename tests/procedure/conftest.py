"""What the tests of the presets ask a Procedure."""

from functools import cache

from libs.common.procedure import presets
from libs.common.procedure.conditions import Facts
from libs.common.procedure.document import Procedure, Step
from libs.common.procedure.reading import read


@cache
def preset(name: str) -> Procedure:
    return read(presets.load(name))


def limits_of(procedure: Procedure, facts: Facts) -> dict[str, set[str]]:
    """The spans that end at each milestone for a case of these facts."""
    found: dict[str, set[str]] = {}
    for limit in procedure.limits:
        if limit.when.matches(facts):
            found.setdefault(limit.milestone_to, set()).add(str(limit.within))
    return found


def steps_of(procedure: Procedure, facts: Facts) -> dict[str, Step]:
    """The steps of a case of these facts by milestone, in order."""
    found: dict[str, Step] = {}
    for step in procedure.steps:
        if step.when.matches(facts):
            found.setdefault(step.milestone, step)
    return found


def needed_to_close(procedure: Procedure, facts: Facts) -> list[str]:
    """The milestones without which a case of these facts is not closed as solved."""
    needed = (step.milestone for step in steps_of(procedure, facts).values() if not step.optional)
    return [milestone for milestone in needed if milestone != "archived"]
