"""Whether what a Procedure counts on can be reported in every case in which it counts on it."""

from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from typing import Any

from libs.common.procedure.conditions import FIELD_NAMES, FLAG_NAMES, Condition
from libs.common.procedure.document import Procedure, Step
from libs.common.procedure.vocabulary import CHANNELS, REACHED_WITHOUT_STEP
from services.tenants.domain.staffing import Gap

MOST_KINDS = 20_000
"""Of cases that are looked at; of more kinds than that nothing is said."""


def unreported(procedure: Procedure) -> Iterator[Gap]:
    """Limits and the survey, where their steps are asked of fewer cases than they hold for."""
    for path, milestone, when, consequence in _counted_on(procedure):
        steps = [step for step in procedure.steps if step.milestone == milestone]
        kind = _kind_without(procedure, when, steps) if milestone not in REACHED_WITHOUT_STEP else None
        if kind:
            yield Gap(path, f"no step reports {milestone} in a case {kind}: {consequence}")


def _counted_on(procedure: Procedure) -> Iterator[tuple[str, str, Condition, str]]:
    for at, limit in enumerate(procedure.limits):
        if not limit.per_department:
            yield f"limits[{at}].from", limit.milestone_from, limit.when, "there this limit never begins"
            yield f"limits[{at}].to", limit.milestone_to, limit.when, "there this limit cannot be kept"
    yield "survey.after", procedure.survey.after, Condition(), "there nobody is asked"


def _kind_without(procedure: Procedure, when: Condition, steps: Iterable[Step]) -> str | None:
    """A kind of case for which `when` holds and none of the steps is asked, in words; None: there is none."""
    asked = [step.when for step in steps if step.when.time_of_day in (None, when.time_of_day)]
    if not asked:
        return "received at another time of day"
    named = [field for field in (*FIELD_NAMES, *FLAG_NAMES) if any(_allowed(each, field) for each in asked)]
    values = [_allowed(when, field) or _all(procedure, field) for field in named]
    if prod(map(len, values)) > MOST_KINDS:
        return None
    for kind in product(*values):
        known = dict(zip(named, kind, strict=True))
        if not any(_holds(each, known) for each in asked):
            return ", ".join(_said(field, value) for field, value in known.items())
    return None


def _allowed(condition: Condition, field: str) -> tuple[Any, ...]:
    """What the condition wants of the field; empty: anything."""
    wanted = getattr(condition, field)
    return (wanted,) if isinstance(wanted, bool) else wanted or ()


def _all(procedure: Procedure, field: str) -> tuple[Any, ...]:
    if field in FLAG_NAMES:
        return False, True
    classes: dict[str, Iterable[Any]] = {
        "category": procedure.categories,
        "urgency": procedure.urgencies,
        "department": procedure.departments,
    }
    return CHANNELS if field == "channel" else tuple(each.id for each in classes[field])


def _holds(condition: Condition, known: dict[str, Any]) -> bool:
    return all(value in _allowed(condition, field) for field, value in known.items() if _allowed(condition, field))


def _said(field: str, value: Any) -> str:
    if field in FLAG_NAMES:
        return f"that is {'' if value else 'not '}{FLAG_NAMES[field]['en']}"
    return f"of {field} {value}"
