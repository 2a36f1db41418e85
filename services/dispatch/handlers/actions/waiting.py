"""The case, or a department's part of it, waits for somebody who is not of the house, and goes on (SL-6, DI-9)."""

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.dispatch import CasePaused
from libs.common.procedure.vocabulary import THIRD_PARTY
from services.dispatch.domain.parts import Part
from services.dispatch.handlers.actions.reaching import reach
from services.dispatch.handlers.handling import Handling, put_on_record, say
from services.dispatch.handlers.waiting import stop_part_waiting, stop_waiting

NAMED = "third_party_named"


def wait(handling: Handling) -> None:
    """Limits that the Procedure lets wait stop, those of the parts too."""
    _begin(handling, "paused")


def wait_part(handling: Handling, part: Part) -> None:
    """Only the part's own limits stop; the others go on with theirs."""
    pause_id = _begin(handling, "part_paused", part)
    handling.work.store.parts.wait(handling.case.complaint_id, part.part_id, pause_id)


def resume(handling: Handling) -> None:
    """What was waited for has come, or it goes on without."""
    ended = stop_waiting(handling.work, handling.case.complaint_id, handling.person_id)
    assert ended is not None  # else the step was refused
    _record(handling, "resumed", {"pause_id": ended.pause_id, "waits_for": ended.waits_for})


def resume_part(handling: Handling, part: Part) -> None:
    ended = stop_part_waiting(handling.work, handling.case.complaint_id, part, handling.person_id)
    assert ended is not None  # else the step was refused
    _record(handling, "part_resumed", {"pause_id": ended.pause_id, "waits_for": ended.waits_for} | _of(part))


def _begin(handling: Handling, action: str, part: Part | None = None) -> UUID:
    """The first outside party that is named is a milestone: from then on the complainant must be told why it takes
    longer (P2)."""
    work, case, given = handling.work, handling.case, handling.given
    waits_for, pause_id = given["for"], uuids.uuid7()
    party = given["party"] if waits_for == THIRD_PARTY else None
    wait = {"pause_id": pause_id, "waits_for": waits_for, "party": party, "reason": given["reason"]}
    wait["part_id"] = part.part_id if part else None
    department = part.department if part else None
    work.store.steps.add_wait(
        complaint_id=case.complaint_id, at=work.now, by_id=handling.person_id, department=department, **wait
    )
    say(work, case.complaint_id, CasePaused, since=work.now, by=handling.person_id, **wait)
    if waits_for == THIRD_PARTY and NAMED not in case.reached:
        reach(handling, NAMED, work.now)
    facts = {"pause_id": pause_id, "waits_for": waits_for} | _of(part)
    put_on_record(work, case, str(handling.person_id), action, facts, {"party": party, "reason": given["reason"]})
    return pause_id


def _record(handling: Handling, action: str, facts: dict[str, Any]) -> None:
    words = {"note": handling.given.get("note")}
    put_on_record(handling.work, handling.case, str(handling.person_id), action, facts, words)


def _of(part: Part | None) -> dict[str, Any]:
    return {"part": part.part_id, "department": part.department} if part else {}
