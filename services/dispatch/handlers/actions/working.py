"""The work itself: milestones, the result, the end (DI-7, DI-11, DI-13)."""

from typing import Any

import uuid_utils.compat as uuids

from libs.common.events.dispatch import ResultGiven
from services.dispatch.domain.case import CLOSED, IN_PROGRESS, RESOLVED
from services.dispatch.domain.closing import explains, missing_to_close
from services.dispatch.domain.next_steps import told_ways
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.domain.situation import Situation
from services.dispatch.handlers.actions.reaching import reach
from services.dispatch.handlers.filing import digests_of
from services.dispatch.handlers.handling import Handling, put_on_record, say
from services.dispatch.handlers.hearing import end_case

CHOSEN = ("cause", "plan", "finding")
SAID = ("report", "cause_text", "plan_text")


def report_milestone(handling: Handling) -> None:
    """A step of the Procedure was done, now or earlier: not before the complaint came, not in the future."""
    work, case, given = handling.work, handling.case, handling.given
    at = given.get("reached_at") or work.now
    if at > work.now:
        raise NotAcceptable.field("reached_at", "lies in the future")
    if at < case.received_at:
        raise NotAcceptable.field("reached_at", f"is before the complaint came in ({case.received_at:%FT%TZ})")
    note, attachments = given.get("note"), given.get("attachments", [])
    digests = digests_of(handling, attachments)
    reach(handling, given["milestone"], at, note=note, attachments=attachments)
    found = _keep_finding(handling)
    facts = {"milestone": given["milestone"], "reached_at": at, "attachments": digests}
    facts |= {name: found[name] for name in CHOSEN if name in found}
    words = {"note": note, **{name: found.get(name) for name in SAID}}
    state = case.state if case.state in (RESOLVED, CLOSED) or _not_accepted_yet(handling.now) else IN_PROGRESS
    put_on_record(work, case, str(handling.person_id), "milestone_reached", facts, words, state=state)


def _not_accepted_yet(now: Situation) -> bool:
    """What comes before accepting, as calling back after intake (IN-9), takes no case on."""
    accepted = now.step("accepted")
    return accepted is not None and not accepted.optional and "accepted" not in now.case.reached


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


def _keep_finding(handling: Handling) -> dict[str, str]:
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
