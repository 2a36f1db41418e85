"""By when a Procedure that is not in force would want things done (PO-4, SL-1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from libs.common.procedure.conditions import Facts
from libs.common.procedure.document import Limit, Procedure
from services.sla.domain.calendar import working_calendar
from services.sla.domain.case import Case
from services.sla.domain.deadlines import Deadline, deadline, span_after


@dataclass(frozen=True, slots=True)
class Moved:
    """A limit of a past case that would end at another time. None: it does not hold there.

    `late_before` and `late_after` are None while the case has not reached the limit's last milestone.
    """

    limit_id: str
    due_before: datetime | None
    due_after: datetime | None
    late_before: bool | None
    late_after: bool | None


def limits_for(procedure: Procedure, facts: Facts) -> tuple[Limit, ...]:
    """The limits of a whole case whose condition holds, begun or not, in the order of the document.

    Those of a department's part count from what that part does, which no complaint tells before.
    """
    return tuple(limit for limit in procedure.limits if not limit.per_department and limit.when.matches(facts))


def deadlines_for(
    procedure: Procedure, facts: Facts, reached: Mapping[str, datetime]
) -> tuple[tuple[Limit, Deadline | None], ...]:
    """Each limit with its deadline; None while its first milestone is not among those reached."""
    return tuple(
        (limit, deadline(limit, reached[limit.milestone_from], working_calendar(procedure.calendars[limit.calendar])))
        if limit.milestone_from in reached
        else (limit, None)
        for limit in limits_for(procedure, facts)
    )


def moved(
    case: Case, before: Procedure, after: Procedure, zone: ZoneInfo, becoming: Mapping[str, Any]
) -> Iterator[Moved]:
    """The limits that end at another time, or hold in one of the two only.

    The case is classed as it is now; under `after` with what it would be `becoming`, by the names of Facts.
    Both are counted anew and without pauses and extensions, so that only what the Procedures say is compared.
    """
    facts = case.facts(zone)
    old, new = _ends(case, before, facts), _ends(case, after, replace(facts, **becoming))
    for limit_id in dict.fromkeys((*old, *new)):
        due_before, late_before = old.get(limit_id, (None, None))
        due_after, late_after = new.get(limit_id, (None, None))
        if due_before != due_after:
            yield Moved(limit_id, due_before, due_after, late_before, late_after)


def _ends(case: Case, procedure: Procedure, facts: Facts) -> dict[str, tuple[datetime, bool | None]]:
    """By limit: when it ends, and whether the case was late for it."""
    ends: dict[str, tuple[datetime, bool | None]] = {}
    for limit in limits_for(procedure, facts):
        start = case.reached.get(limit.milestone_from)
        if start is not None:
            due_at = span_after(limit.within, start, working_calendar(procedure.calendars[limit.calendar]))
            done_at = case.reached.get(limit.milestone_to)
            ends[limit.id] = due_at, None if done_at is None else done_at > due_at
    return ends
