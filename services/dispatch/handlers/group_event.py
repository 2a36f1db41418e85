"""What is done once for all cases of a group event 群体投诉 (IN-8, P6): the public statement."""

from datetime import datetime
from uuid import UUID

from libs.common.unit_of_work import Work
from services.dispatch.domain.case import Case
from services.dispatch.handlers.handling import Handling, put_on_record
from services.dispatch.handlers.reaching import mark_reached
from services.dispatch.store import Store

STATEMENT = "statement"


def keep_members(complaint_id: UUID, milestone: str, work: Work[Store]) -> None:
    """Before a statement is taken up: two who make one for the same group take its cases in one order."""
    case = work.store.cases.find(complaint_id) if milestone == STATEMENT else None
    if case is not None and case.group_id is not None:
        work.store.cases.keep([member["complaint_id"] for member in work.store.cases.of_group(case.group_id)])


def speak_for_all(handling: Handling, at: datetime, note: str | None) -> None:
    """The statement made on this case is that of every open case of its group event which has none."""
    work, by, case = handling.work, handling.person_id, handling.case
    for other in _others(work, case):
        if other.closed or STATEMENT in other.reached:
            continue
        reached_at = max(at, other.received_at)
        mark_reached(work, other, STATEMENT, reached_at, by, note=note)
        facts = {"milestone": STATEMENT, "reached_at": reached_at, "made_on": case.complaint_id}
        put_on_record(work, other, str(by), "milestone_reached", facts, {"note": note})


def hear_statement(work: Work[Store], case: Case, group_id: UUID) -> dict[str, object]:
    """A case that joins a group event after its statement needs none of its own; returns that for the evidence."""
    for member in work.store.cases.of_group(group_id):
        for done in work.store.records.milestones(member["complaint_id"]):
            if done["milestone"] == STATEMENT and done["counts"]:
                at = max(done["at"], case.received_at)
                mark_reached(work, case, STATEMENT, at, done["by_id"], note=done["note"])
                return {"statement": member["complaint_id"], "stated_at": at}
    return {}


def _others(work: Work[Store], case: Case) -> list[Case]:
    ids = (member["complaint_id"] for member in work.store.cases.of_group(case.group_id))
    found = (work.store.cases.find(each, to_change=True) for each in ids if each != case.complaint_id)
    return [other for other in found if other is not None]
