"""A limit is to take longer: asked for, granted or declined (SL-5)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.dispatch import ExtensionGranted
from services.dispatch.domain.extending import APPROVE, asked_for, may_grant
from services.dispatch.domain.situation import ASKED, DECLINED, GRANTED
from services.dispatch.handlers.handling import Handling, put_on_record, say


def extend(handling: Handling) -> None:
    """Who may grant it does so at once; else it waits for one of them. An anonymous complainant cannot be told."""
    work, case, given = handling.work, handling.case, handling.given
    limit_id, extension_id, why = given["limit_id"], uuids.uuid7(), given["reason"]
    old_due_at, told = handling.now.progress.running[limit_id], bool(given.get("told")) or case.anonymous
    granted = may_grant(handling.now, handling.actor, limit_id)
    work.store.steps.add_extension(
        complaint_id=case.complaint_id,
        extension_id=extension_id,
        at=work.now,
        by_id=handling.person_id,
        limit_id=limit_id,
        old_due_at=old_due_at,
        due_at=given["due_at"],
        reason=why,
        told=told,
        state=GRANTED if granted else ASKED,
        decided_at=work.now if granted else None,
        decided_by_id=handling.person_id if granted else None,
    )
    if granted:
        _say_granted(handling, extension_id, limit_id, given["due_at"], told, why)
    facts = {"extension_id": extension_id, "limit": limit_id, "old_due_at": old_due_at, "due_at": given["due_at"]}
    action = "extension_granted" if granted else "extension_asked"
    put_on_record(work, case, str(handling.person_id), action, {**facts, "told": told}, {"reason": why})


def decide_extension(handling: Handling) -> None:
    work, case, given = handling.work, handling.case, handling.given
    asked = asked_for(handling.now, given)
    assert asked is not None  # else the step was refused
    granted = given["decision"] == APPROVE
    changes: dict[str, Any] = {"state": GRANTED if granted else DECLINED, "answer": given.get("reason")}
    if granted:
        # A pause may have moved the limit since it was asked for.
        changes["old_due_at"] = handling.now.progress.running[asked.limit_id]
        _say_granted(handling, asked.extension_id, asked.limit_id, asked.due_at, asked.told, asked.reason)
    work.store.steps.decide_extension(
        case.complaint_id, asked.extension_id, decided_at=work.now, decided_by_id=handling.person_id, **changes
    )
    facts = {"extension_id": asked.extension_id, "limit": asked.limit_id, "due_at": asked.due_at}
    action = "extension_granted" if granted else "extension_declined"
    put_on_record(work, case, str(handling.person_id), action, facts, {"reason": given.get("reason")})


def _say_granted(
    handling: Handling, extension_id: UUID, limit_id: str, due_at: datetime, told: bool, reason: str
) -> None:
    say(
        handling.work,
        handling.case.complaint_id,
        ExtensionGranted,
        extension_id=extension_id,
        limit_id=limit_id,
        old_due_at=handling.now.progress.running[limit_id],
        due_at=due_at,
        told=told,
        reason=reason,
        by=handling.person_id,
    )
