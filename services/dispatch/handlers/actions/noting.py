"""What is told beside the steps: a reported step told better, and notes (DI-7)."""

import uuid_utils.compat as uuids

from services.dispatch.domain.approving import resting_on
from services.dispatch.handlers.actions.working import CHOSEN, SAID, keep_finding
from services.dispatch.handlers.filing import digests_of
from services.dispatch.handlers.handling import Handling, put_on_record


def revise(handling: Handling) -> None:
    """The step stays reached when it was; approvals given to what it said before are asked for again."""
    work, case, milestone = handling.work, handling.case, handling.given["milestone"]
    files = _keep_note(handling, milestone)
    found = keep_finding(handling)
    lapsed = resting_on(handling.now, milestone)
    for approval_id in lapsed:
        work.store.steps.lapse_approval(case.complaint_id, approval_id, case.round)
    facts = {"milestone": milestone, "attachments": files, "lapsed": list(lapsed)}
    facts |= {name: found[name] for name in CHOSEN if name in found}
    words = {"note": handling.given["note"], **{name: found.get(name) for name in SAID}}
    put_on_record(work, case, str(handling.person_id), "milestone_revised", facts, words)


def note(handling: Handling) -> None:
    """Whatever else there is to say of the case, also after its end."""
    facts, words = {"attachments": _keep_note(handling, None)}, {"note": handling.given["note"]}
    put_on_record(handling.work, handling.case, str(handling.person_id), "noted", facts, words)


def _keep_note(handling: Handling, milestone: str | None) -> list[str]:
    """The digests of its files."""
    work, case, given = handling.work, handling.case, handling.given
    files = given.get("attachments", [])
    digests = digests_of(handling, files)
    work.store.steps.add_note(
        complaint_id=case.complaint_id,
        note_id=uuids.uuid7(),
        at=work.now,
        by_id=handling.person_id,
        milestone=milestone,
        round=case.round,
        note=given["note"],
        attachments=[str(each) for each in files],
    )
    return digests
