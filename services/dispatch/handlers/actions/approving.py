"""Approvals: asked for, given, or returned with what is missing (DI-7, DI-13)."""

import uuid_utils.compat as uuids

from services.dispatch.domain.situation import APPROVED, ASKED, RETURNED
from services.dispatch.handlers.actions.reaching import reach
from services.dispatch.handlers.handling import Handling, put_on_record


def ask_approval(handling: Handling) -> None:
    """After it was returned it may be asked for again."""
    work, case, given = handling.work, handling.case, handling.given
    note = given.get("note")
    work.store.steps.add_approval(
        complaint_id=case.complaint_id,
        request_id=uuids.uuid7(),
        at=work.now,
        by_id=handling.person_id,
        approval_id=given["approval_id"],
        round=case.round,
        note=note,
        state=ASKED,
    )
    facts = {"approval": given["approval_id"]}
    put_on_record(work, case, str(handling.person_id), "approval_asked", facts, {"note": note})


def approve(handling: Handling) -> None:
    """The first approval of a case is a milestone, for the limit until a decision."""
    if "approved" not in handling.case.reached:
        reach(handling, "approved", handling.work.now)
    _decide(handling, APPROVED, handling.given.get("note"))


def give_back(handling: Handling) -> None:
    """Not like this: the reason says what is missing."""
    _decide(handling, RETURNED, handling.given["reason"])


def _decide(handling: Handling, state: str, answer: str | None) -> None:
    work, case, approval_id = handling.work, handling.case, handling.given["approval_id"]
    decided = {"decided_at": work.now, "decided_by_id": handling.person_id}
    work.store.steps.decide_approval(case.complaint_id, approval_id, state=state, answer=answer, **decided)
    facts, words = {"approval": approval_id}, {"answer": answer}
    put_on_record(work, case, str(handling.person_id), state, facts, words)
