"""From something that happened to the notices that the Procedure wants for it (NO-1, NO-2)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.procedure.document import Notice, Procedure
from libs.common.telemetry import current_traceparent
from libs.common.unit_of_work import Work
from services.notify.domain.notice import PATIENCE, not_named_to, waits_for_promise
from services.notify.handlers.gathering import gather
from services.notify.store import Store
from services.notify.store.rows import Row

Case = Row
# As what somebody is told, and who that is: None is the complainant.
Recipients = Iterable[tuple[str, UUID | None]]


@dataclass(frozen=True)
class About:
    """What a notice has to say beside what is known of the case when it is sent."""

    limit_id: str | None = None
    ends_at: datetime | None = None
    new_ends_at: datetime | None = None
    about_id: UUID | None = None
    party: str | None = None
    explanation: str | None = None
    result: str | None = None


def plan_notices(
    work: Work[Store],
    case: Case,
    on: str,
    recipients: Recipients,
    about: About | None = None,
    *,
    managers_too: bool = True,
) -> None:
    """One notice for each of the recipients that a notice of the Procedure names for this occasion.

    Somebody who is several of them is told once. The same event again plans nothing more.
    """
    procedure = work.store.procedures.version(case["procedure_version"])
    wanted = [notice for notice in procedure.notices if notice.on == on]
    listed = list(recipients)
    if managers_too and any("manager" in notice.to for notice in wanted):
        listed += [("manager", person_id) for person_id in work.store.known.active_with_role("manager")]
    for notice in wanted:
        for told_as, person_id in listed:
            if told_as in notice.to:
                _plan(work, case, procedure, notice, told_as, person_id, about or About())


def responsible(case: Case) -> list[tuple[str, UUID | None]]:
    """The people on the case, as far as there are any (DI-4)."""
    return people(case["assignee_id"], case["head_id"], case["coordinator_id"])


def people(
    assignee_id: UUID | None, head_id: UUID | None, coordinator_id: UUID | None = None
) -> list[tuple[str, UUID | None]]:
    """As what each of them is told; who is not there is left out."""
    named = (("assignee", assignee_id), ("head", head_id), ("coordinator", coordinator_id))
    return [(told_as, person_id) for told_as, person_id in named if person_id]


def _plan(
    work: Work[Store],
    case: Case,
    procedure: Procedure,
    notice: Notice,
    told_as: str,
    person_id: UUID | None,
    about: About,
) -> None:
    recipient = str(person_id) if person_id else "complainant"
    complaint_id, notice_id = case["complaint_id"], uuids.uuid7()
    cause_id = work.cause or complaint_id  # what no event caused happens once for a complaint
    if work.store.notices.known(cause_id, complaint_id, notice.id, recipient):
        return
    digest_id = gather(work, case, procedure, notice.on, told_as, person_id, cause_id) if person_id else None
    work.store.notices.add(
        notice_id=notice_id,
        digest_id=digest_id,
        complaint_id=complaint_id,
        cause_id=cause_id,
        template=notice.id,
        recipient=recipient,
        kind=notice.on,
        told_as=told_as,
        planned_at=work.now,
        **asdict(about),
    )
    if digest_id:
        return
    cases = work.store.cases
    is_known = cases.promises(complaint_id, not_named_to(recipient)) or cases.waits(complaint_id)
    due_at = work.now + PATIENCE if waits_for_promise(notice, procedure) and not is_known else work.now
    work.store.deliveries.add(uuids.uuid7(), notice_id, complaint_id, notice.channels[0], due_at, current_traceparent())
