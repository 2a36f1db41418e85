"""Alerts that wait for each other: gathered into a digest while it is open, and what its end means for each (SL-3)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.procedure.document import Notice, Procedure
from libs.common.telemetry import current_traceparent
from libs.common.unit_of_work import Work
from services.notify.domain.digest import DIGEST, GATHERED, LOOKED_BACK, Alerted, waits_until
from services.notify.domain.notice import is_urgent
from services.notify.store import Store
from services.notify.store.rows import Row


def gather(
    work: Work[Store], case: Row, procedure: Procedure, kind: str, told_as: str, person_id: UUID, cause_id: UUID
) -> UUID | None:
    """The digest that this alert goes with; None: it goes alone and at once.

    Only under a Procedure that words a digest for them.
    """
    worded = next((each for each in procedure.notices if each.on == DIGEST and told_as in each.to), None)
    if worded is None or kind not in GATHERED or is_urgent(procedure, case["urgency"]):
        return None
    rows = work.store.notices.alerts_since(str(person_id), work.now - LOOKED_BACK)
    due_at = waits_until(kind, _lately(rows), work.now)
    if due_at is None:
        return None
    for row in rows:
        if row["kind"] == DIGEST and row["gathers"] and work.store.notices.join(row["notice_id"]):
            digest_id: UUID = row["notice_id"]
            return digest_id
    return _begin(work, case, worded, told_as, person_id, cause_id, due_at)


def sealed(work: Work[Store], digest_id: UUID) -> list[Row]:
    """What goes with this digest; nothing joins it any more."""
    if work.store.notices.take(digest_id)["gathers"]:
        work.store.notices.change(digest_id, gathers=False)
    return list(work.store.notices.gathered_in(digest_id))


def _begin(
    work: Work[Store],
    case: Row,
    worded: Notice,
    told_as: str,
    person_id: UUID,
    cause_id: UUID,
    due_at: datetime,
) -> UUID:
    """A digest stands with the case of its first alert; it is sent by one delivery, like any notice."""
    digest_id = uuids.uuid7()
    work.store.notices.add(
        notice_id=digest_id,
        complaint_id=case["complaint_id"],
        cause_id=cause_id,
        template=worded.id,
        recipient=str(person_id),
        kind=DIGEST,
        told_as=told_as,
        ends_at=due_at,
        planned_at=work.now,
        gathers=True,
    )
    work.store.deliveries.add(
        uuids.uuid7(), digest_id, case["complaint_id"], worded.channels[0], due_at, current_traceparent()
    )
    return digest_id


def _lately(rows: Sequence[Row]) -> list[Alerted]:
    """When each alert went or will go; one that came alone went when it was planned."""
    goes_at = {row["notice_id"]: row["ends_at"] for row in rows if row["kind"] == DIGEST}
    alerts = (row for row in rows if row["kind"] != DIGEST)
    return [Alerted(row["kind"], goes_at.get(row["digest_id"]) or row["planned_at"]) for row in alerts]
