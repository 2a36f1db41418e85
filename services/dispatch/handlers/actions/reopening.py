"""Staff let a case begin again (DI-12)."""

from uuid import UUID

from libs.common.unit_of_work import Work
from services.dispatch.handlers.actions.joining import take_apart
from services.dispatch.handlers.handling import Handling, put_on_record
from services.dispatch.handlers.reopening import begin_again
from services.dispatch.store import Store


def keep_all(complaint_id: UUID, work: Work[Store]) -> None:
    """Before it is taken up: the case, and those it was merged into, in the order in which others take them."""
    work.store.cases.keep({complaint_id, *work.store.steps.merged_into(complaint_id)})


def reopen(handling: Handling) -> None:
    work, case, given = handling.work, handling.case, handling.given
    changes = begin_again(work, handling.now, given["reason"], handling.person_id)
    facts = {"round": changes["round"], "reason": given["reason"], "assignee": changes["assignee_id"]}
    facts |= take_apart(handling)
    put_on_record(work, case, str(handling.person_id), "reopened", facts, {"note": given["note"]}, **changes)
