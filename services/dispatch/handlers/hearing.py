"""Keeping up with the others: who works there, under which rules, and what the complainant adds."""

from typing import Any
from uuid import UUID

from libs.common.events.dispatch import CaseClosed, MessageReceived
from libs.common.events.intake import ComplaintWithdrawn, MessageAdded
from libs.common.events.notify import NoticeDelivered
from libs.common.events.tenants import PersonChanged, ProcedurePublished, TenantCreated
from libs.common.inbox import NotYetKnown
from libs.common.procedure.reading import read
from libs.common.unit_of_work import Work
from services.dispatch.domain.case import CLOSED, Case
from services.dispatch.handlers.handling import put_on_record, say
from services.dispatch.handlers.leaving import leave_behind
from services.dispatch.handlers.ledger_checks import plan_from
from services.dispatch.handlers.opening import digest
from services.dispatch.handlers.reaching import mark_reached
from services.dispatch.handlers.sharing import drop_joint
from services.dispatch.handlers.waiting import stop_part_waiting, stop_waiting
from services.dispatch.store import Store

COMPLAINANT = "complainant"
NAMED, TOLD = "third_party_named", "third_party_notice"


def welcome_tenant(event: TenantCreated, work: Work[Store]) -> None:
    work.store.staff.keep_tenant(event.name, event.language, event.time_zone)


def keep_person(event: PersonChanged, work: Work[Store]) -> None:
    """Who leaves the house or a department leaves their cases behind: somebody has to take them over."""
    before = work.store.staff.person(event.person_id)
    work.store.staff.keep_person(
        event.person_id,
        name=event.name,
        roles=list(event.roles),
        departments=list(event.departments),
        skills=list(event.skills),
        active=event.active,
    )
    if before is not None and before.active:
        left = set(before.departments) - (set(event.departments) if event.active else set())
        leave_behind(work, event.person_id, None if not event.active else left)


def keep_procedure(event: ProcedurePublished, work: Work[Store]) -> None:
    work.store.procedures.keep(event)
    plan_from(work, read(event.document), event.active_from)


def note_message(event: MessageAdded, work: Work[Store]) -> None:
    """Leave a mark on the case, also on a closed one: who works it sees that something was added (IN-10). Was it
    merged, whoever works the one that goes on sees it there too (IN-8).

    A case that waits for the complainant goes on, and so does a part that does (SL-6).
    """
    facts: dict[str, Any] = {
        "message_id": event.message_id,
        "channel": event.channel,
        "text_sha256": digest(event.text),
        "attachments": list(event.attachments),
    }
    case = case_of(work, event.subject)
    if event.received_by:
        facts["received_by"] = event.received_by
    if event.author == COMPLAINANT and (ended := stop_waiting(work, event.subject, None, only_for=COMPLAINANT)):
        facts["resumed"] = ended.pause_id
    if event.author == COMPLAINANT:
        for part in case.joint:
            stop_part_waiting(work, event.subject, part, None, only_for=COMPLAINANT)
    merged_into = [case_of(work, into) for into in work.store.steps.merged_into(event.subject)]
    _note_on(work, case, event, facts, goes_on=not merged_into)
    for other in merged_into:
        told = {"case": event.subject, "message_id": event.message_id}
        _note_on(work, other, event, told, goes_on=other is merged_into[-1])


def _note_on(work: Work[Store], case: Case, event: MessageAdded, facts: dict[str, Any], goes_on: bool) -> None:
    """Whoever has the case that goes on is told, unless they took it down themselves."""
    marked: dict[str, Any] = {"last_message_at": event.occurred_at}
    took_it_down = event.received_by is not None and event.received_by == case.assignee_id
    if goes_on and event.author == COMPLAINANT and (case.closed or not took_it_down):
        say(work, case.complaint_id, MessageReceived, message_id=event.message_id, channel=event.channel)
        marked["unread"] = True
    put_on_record(work, case, event.author, "message_added", facts, **marked)


def close_withdrawn(event: ComplaintWithdrawn, work: Work[Store]) -> None:
    """The complainant took it back; a case that is closed already only keeps the word."""
    case = case_of(work, event.subject)
    words = {"reason": event.reason}
    if case.closed:
        put_on_record(work, case, "complainant", "withdrawn", {}, words)
        return
    ended = end_case(work, case, None, "withdrawn", None)
    put_on_record(work, case, "complainant", "withdrawn", {"outcome": "withdrawn"}, words, **ended)


def note_told(event: NoticeDelivered, work: Work[Store]) -> None:
    """The complainant was told that an outside party is waited for: the first time is a milestone (P2)."""
    if (event.kind, event.to) != ("waiting", COMPLAINANT):
        return
    case = case_of(work, event.subject)
    if case.closed or NAMED not in case.reached or TOLD in case.reached:
        return
    mark_reached(work, case, TOLD, event.occurred_at, None)
    facts = {"milestone": TOLD, "reached_at": event.occurred_at, "notice": event.notice_id}
    put_on_record(work, case, "notify", "milestone_reached", facts)


def case_of(work: Work[Store], complaint_id: UUID) -> Case:
    """Raises NotYetKnown when the complaint has not become a case yet."""
    case = work.store.cases.find(complaint_id, to_change=True)
    if case is None:
        raise NotYetKnown("the case")
    return case


def end_case(work: Work[Store], case: Case, by: UUID | None, outcome: str, satisfied: bool | None) -> dict[str, object]:
    """Say that the case is closed, waits for nobody and is nobody else's any more; returns what changes on it."""
    stop_waiting(work, case.complaint_id, by)
    mark_reached(work, case, "closed", work.now, by)
    drop_joint(work, case)
    work.store.calls.end(case.complaint_id)
    say(work, case.complaint_id, CaseClosed, outcome=outcome, satisfied=satisfied, closed_at=work.now)
    work.store.staff.changed()
    return {"state": CLOSED, "closed_at": work.now, "outcome": outcome, "satisfied": satisfied}
