"""Staff let a case begin again (DI-12)."""

from services.dispatch.handlers.handling import Handling, put_on_record
from services.dispatch.handlers.reopening import begin_again


def reopen(handling: Handling) -> None:
    work, case, given = handling.work, handling.case, handling.given
    changes = begin_again(work, handling.now, given["reason"], handling.person_id)
    facts = {"round": changes["round"], "reason": given["reason"], "assignee": changes["assignee_id"]}
    put_on_record(work, case, str(handling.person_id), "reopened", facts, {"note": given["note"]}, **changes)
