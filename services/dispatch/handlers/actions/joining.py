"""One matter, several complaints: a case is merged into another one, or belongs with it after all not (IN-8)."""

from typing import Any
from uuid import UUID

from libs.common.events.dispatch import CaseUnlinked
from libs.common.unit_of_work import Work
from services.dispatch.domain.case import Case
from services.dispatch.domain.closing import MERGED
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.handlers.handling import Handling, NoSuchCase, look_at, put_on_record, say, situation_of
from services.dispatch.handlers.hearing import end_case
from services.dispatch.handlers.linking import MERGED_INTO, REPEATS, link
from services.dispatch.store import Store


def keep_both(complaint_id: UUID, into: str, work: Work[Store]) -> None:
    """Before either is taken up: each of two people may merge the one's case into the other's at one moment."""
    other_id = work.store.cases.numbered(into)
    if other_id is not None:
        work.store.cases.keep({complaint_id, other_id})


def merge(handling: Handling) -> None:
    """This case ends; the other one goes on for both, and both say so."""
    work, case, why = handling.work, handling.case, handling.given["reason"]
    other = _other(handling)
    link(work, case.complaint_id, other.complaint_id, MERGED_INTO, handling.person_id)
    changes = end_case(work, case, handling.person_id, MERGED, None)
    by = str(handling.person_id)
    put_on_record(work, other, by, "took_in", {"case": case.complaint_id}, {"reason": why})
    put_on_record(work, case, by, "merged", {"into": other.complaint_id}, {"reason": why}, **changes)


def take_apart(handling: Handling) -> dict[str, Any]:
    """It was merged wrongly: each case goes on alone, and both say so. Returns the case it was merged into, for the
    evidence; empty when it was merged into none."""
    work, case, by = handling.work, handling.case, handling.person_id
    merged = work.store.steps.merged_into(case.complaint_id)
    if not merged:
        return {}
    other_id, why = merged[0], handling.given["note"]
    work.store.steps.remove_link(case.complaint_id, other_id, MERGED_INTO)
    about = {"other_id": other_id, "relation": MERGED_INTO, "follows": work.store.steps.earlier(case.complaint_id)}
    say(work, case.complaint_id, CaseUnlinked, **about, by=by, reason=why)
    other = situation_of(work.store, other_id, work.now, to_change=True).case
    put_on_record(work, other, str(by), "gave_back", {"case": case.complaint_id}, {"reason": why})
    return {"out_of": other_id}


def _other(handling: Handling) -> Case:
    """An open case that this person may see; one that was merged into this one is closed."""
    work, number = handling.work, handling.given["into"]
    complaint_id = work.store.cases.numbered(number)
    try:
        if complaint_id is None:
            raise NoSuchCase
        other = look_at(work.store, handling.actor, complaint_id, work.now, to_change=True).case
    except NoSuchCase as unknown:
        raise NotAcceptable.field("into", "is the number of no case that you may see") from unknown
    if other.complaint_id == handling.case.complaint_id:
        raise NotAcceptable.field("into", "is this case itself")
    if other.closed:
        raise NotAcceptable.field("into", "is closed: name the case that goes on")
    return other


def unlink(handling: Handling) -> None:
    """It repeats nothing there: a person's word, which wins over what is found later."""
    work, case, why = handling.work, handling.case, handling.given["reason"]
    other_id = work.store.cases.numbered(handling.given["other"])
    if other_id is None or not work.store.steps.remove_link(case.complaint_id, other_id, REPEATS):
        raise NotAcceptable.field("other", "is the number of no case that this one repeats")
    by = handling.person_id
    still = work.store.steps.earlier(case.complaint_id)
    say(work, case.complaint_id, CaseUnlinked, other_id=other_id, relation=REPEATS, by=by, reason=why, follows=still)
    facts = {"other": other_id, "relation": REPEATS}
    put_on_record(work, case, str(by), "unlinked", facts, {"reason": why}, repeats=case.repeats - 1)
