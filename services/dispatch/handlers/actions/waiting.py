"""The case waits for somebody who is not of the house, and goes on (SL-6, DI-9)."""

import uuid_utils.compat as uuids

from libs.common.events.dispatch import CasePaused
from services.dispatch.handlers.actions.reaching import reach
from services.dispatch.handlers.handling import Handling, put_on_record, say
from services.dispatch.handlers.waiting import stop_waiting

THIRD_PARTY, NAMED = "third_party", "third_party_named"


def wait(handling: Handling) -> None:
    """Limits that the Procedure lets wait stop. The first outside party that is named is a milestone: from then
    on the complainant must be told why it takes longer (P2)."""
    work, case, given = handling.work, handling.case, handling.given
    waits_for, pause_id, why = given["for"], uuids.uuid7(), given["reason"]
    party = given["party"] if waits_for == THIRD_PARTY else None
    work.store.steps.add_wait(
        complaint_id=case.complaint_id,
        pause_id=pause_id,
        at=work.now,
        by_id=handling.person_id,
        waits_for=waits_for,
        party=party,
        reason=why,
    )
    say(
        work,
        case.complaint_id,
        CasePaused,
        pause_id=pause_id,
        waits_for=waits_for,
        party=party,
        since=work.now,
        by=handling.person_id,
        reason=why,
    )
    if waits_for == THIRD_PARTY and NAMED not in case.reached:
        reach(handling, NAMED, work.now)
    facts, words = {"pause_id": pause_id, "waits_for": waits_for}, {"party": party, "reason": why}
    put_on_record(work, case, str(handling.person_id), "paused", facts, words)


def resume(handling: Handling) -> None:
    """What was waited for has come, or it goes on without."""
    work, case, note = handling.work, handling.case, handling.given.get("note")
    ended = stop_waiting(work, case.complaint_id, handling.person_id)
    assert ended is not None  # else the step was refused
    facts = {"pause_id": ended.pause_id, "waits_for": ended.waits_for}
    put_on_record(work, case, str(handling.person_id), "resumed", facts, {"note": note})
