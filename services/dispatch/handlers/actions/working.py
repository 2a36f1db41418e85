"""The work itself: milestones, the result, the end (DI-7, DI-11, DI-13)."""

from datetime import datetime
from typing import Any

import uuid_utils.compat as uuids

from libs.common.events.dispatch import ResultGiven
from services.dispatch.domain import parts
from services.dispatch.domain.case import ASSIGNED, CLOSED, IN_PROGRESS, OPEN, RESOLVED
from services.dispatch.domain.closing import explains, missing_to_close
from services.dispatch.domain.order import follows, to_be_accepted
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.domain.working import told_ways
from services.dispatch.handlers.actions.reaching import reach
from services.dispatch.handlers.filing import digests_of
from services.dispatch.handlers.group_event import STATEMENT, speak_for_all
from services.dispatch.handlers.handling import Handling, put_on_record, say
from services.dispatch.handlers.hearing import end_case
from services.dispatch.handlers.sharing import move_lead

CHOSEN = ("cause", "plan", "finding")
SAID = ("report", "cause_text", "plan_text")


def report_milestone(handling: Handling) -> None:
    """A step of the Procedure was done, now or earlier: not before what it follows in this round, not in the future."""
    work, case, given = handling.work, handling.case, handling.given
    at = given.get("reached_at") or work.now
    if at > work.now:
        raise NotAcceptable.field("reached_at", "lies in the future")
    if at < case.received_at:
        raise NotAcceptable.field("reached_at", f"is before the complaint came in ({case.received_at:%FT%TZ})")
    before = follows(handling.now, given["milestone"])
    for done in work.store.records.milestones(case.complaint_id):
        if done["milestone"] in before and done["round"] == case.round and at < done["at"]:
            raise NotAcceptable.field("reached_at", f"is before {done['milestone']} ({done['at']:%FT%TZ})")
    note, attachments = given.get("note"), given.get("attachments", [])
    digests, state = digests_of(handling, attachments), _state_after(handling, at)
    reach(handling, given["milestone"], at, note=note, attachments=attachments)
    if given["milestone"] == STATEMENT:
        speak_for_all(handling, at, note)
    found = keep_finding(handling)
    facts = {"milestone": given["milestone"], "reached_at": at, "attachments": digests}
    facts |= {name: found[name] for name in CHOSEN if name in found}
    words = {"note": note, **{name: found.get(name) for name in SAID}}
    put_on_record(work, case, str(handling.person_id), "milestone_reached", facts, words, state=state)


def _state_after(handling: Handling, at: datetime) -> str:
    """What comes before accepting, as calling back after intake (IN-9), takes no case on; where the Procedure lets
    work begin without accepting, the leading department's part is taken on with it (DI-5)."""
    case = handling.case
    if case.state in (RESOLVED, CLOSED) or to_be_accepted(handling.now):
        return case.state
    if case.state in (OPEN, ASSIGNED):
        move_lead(handling.work, case.complaint_id, parts.of_the_lead(parts.ACCEPTED, case.reached), at)
    return IN_PROGRESS


def give_result(handling: Handling) -> None:
    """The result for the complainant; told already in writing, by voice, both or not yet. It may be given again."""
    told, words = _tell(handling)
    put_on_record(
        handling.work,
        handling.case,
        str(handling.person_id),
        "result_given",
        told,
        words,
        state=RESOLVED,
        result_at=handling.work.now,
    )


def close(handling: Handling) -> None:
    """Solved only when the Procedure's required steps are reached and the result was given (DI-13); a complaint
    that is rejected ends with the explanation as its result (IN-9)."""
    work, case, given = handling.work, handling.case, handling.given
    outcome, satisfied = given["outcome"], given.get("satisfied", case.satisfied)
    facts = {"outcome": outcome, "satisfied": satisfied, "left_out": list(missing_to_close(handling.now, given))}
    words, changes = {"note": given.get("note")}, dict[str, Any]()
    if explains(handling.now, outcome):
        told, explained = _tell(handling)
        facts, words, changes = facts | told, words | explained, {"result_at": work.now}
    changes |= end_case(work, case, handling.person_id, outcome, satisfied)
    put_on_record(work, case, str(handling.person_id), "closed", facts, words, **changes)


def _tell(handling: Handling) -> tuple[dict[str, bool], dict[str, str | None]]:
    """Keep and say the result; how it was told, and its words."""
    work, case, given = handling.work, handling.case, handling.given
    told = {"written": bool(given.get("written")), "spoken": bool(given.get("spoken"))}
    words = {"text": given["text"], "prevention": given.get("prevention")}
    work.store.records.add_result(
        complaint_id=case.complaint_id,
        result_id=uuids.uuid7(),
        at=work.now,
        by_id=handling.person_id,
        **words,
        **told,
    )
    say(work, case.complaint_id, ResultGiven, by=handling.person_id, **words, **told)
    for way in told_ways(told):
        if way not in case.reached:
            reach(handling, way, work.now)
    return told, words


def keep_finding(handling: Handling) -> dict[str, str]:
    """What was found out at this step, if anything: it is kept beside the step (DI-7, IN-9)."""
    work, case, given = handling.work, handling.case, handling.given
    found = {name: given[name] for name in (*CHOSEN, *SAID) if given.get(name) is not None}
    if found:
        work.store.steps.add_finding(
            complaint_id=case.complaint_id,
            finding_id=uuids.uuid7(),
            at=work.now,
            by_id=handling.person_id,
            milestone=given["milestone"],
            round=case.round,
            **found,
        )
    return found
