"""Showing a complaint: masked to staff, in full with a logged reason, and to its complainant."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.auth import Principal
from libs.common.unit_of_work import Work
from services.intake.domain.circle import Looking, unless_of_the_case
from services.intake.domain.numbers import NotAComplaintNumber, normalise
from services.intake.handlers.desk import Desk, NoSuchComplaint
from services.intake.handlers.handbacks import references_of
from services.intake.handlers.personal import contact_of, masked, shown, words_for
from services.intake.handlers.registration import tracking_secret
from services.intake.store import Store

# Where the original words of a field are kept.
SEALED = MappingProxyType(
    {"text": "words", "impact": "impact_words", "asked_for": "asked_for_words", "where": "location_words"}
)
PERMIT_LIFETIME = timedelta(minutes=2)


def masked_view(desk: Desk, store: Store, tenant_id: UUID, complaint_id: UUID) -> dict[str, Any]:
    """The complaint as lists and case pages show it (PR-1). Raises NoSuchComplaint."""
    return _view(store, complaint_id, contact_of(desk, tenant_id, store.complaints.complainant(complaint_id)))


def full_view(desk: Desk, work: Work[Store], complaint_id: UUID, looking: Looking, reason: str) -> dict[str, Any]:
    """The complaint with names, numbers and original words, as far as they were not erased; who looked and
    why is kept (PR-1). Raises NoSuchComplaint, NotOfTheCase."""
    store, tenant_id, person_id = work.store, work.tenant_id, looking.person_id
    complainant = store.complaints.complainant(complaint_id)
    contact = contact_of(desk, tenant_id, complainant)
    view = _view(store, complaint_id, contact)
    if refused := unless_of_the_case(store.circles.of(complaint_id), looking):
        raise refused
    why = shown(reason, words_for(contact))
    store.complaints.note_full_view(uuids.uuid7(), complaint_id, person_id, work.now, reason=why)
    if complainant is None:
        return view
    key = complainant["key"]
    for field, words in SEALED.items():
        if view[words] is not None:
            view[field] = desk.seal.open(key, tenant_id, complaint_id, field, view[words])
    for message in view["messages"]:
        message["text"] = desk.seal.open(key, tenant_id, message["message_id"], "text", message["words"])
    return view | {"contact": contact}


def reachable_at(desk: Desk, store: Store, tenant_id: UUID, complaint_id: UUID) -> dict[str, Any]:
    """For notify, at the moment of sending: where and how the complainant wants to be told (NO-3)."""
    complaint = _found(store, complaint_id)
    tenant = store.known.tenant()
    contact = contact_of(desk, tenant_id, store.complaints.complainant(complaint_id))
    return {
        "name": contact.get("name"),
        "phone": contact.get("phone"),
        "email": contact.get("email"),
        "language": complaint["language"],
        "answer_by": complaint["answer_by"],
        "anonymous": complaint["anonymous"],
        "number": complaint["number"],
        "tracking_secret": tracking_secret(desk, tenant_id, complaint_id),
        "tenant_slug": tenant["slug"] if tenant else None,
    }


def find_by_secret(desk: Desk, store: Store, tenant_id: UUID, number: str, secret: str) -> dict[str, Any]:
    """The complaint of who knows number and secret. One answer, NoSuchComplaint, for every mistake."""
    try:
        complaint = store.complaints.by_number(normalise(number))
    except NotAComplaintNumber:
        complaint = None
    if complaint is None or not desk.seal.is_tracking_secret(tenant_id, complaint["complaint_id"], secret):
        raise NoSuchComplaint
    return complaint


def progress_of(store: Store, complaint: Mapping[str, Any]) -> dict[str, Any]:
    """How far it is, in the complainant's eyes (PO-1): by when what is promised, and whom it waits for (SL-6).

    Was its case merged, the one that goes on says how far it is, and nothing else of that other complaint (IN-8).
    """
    complaint_id = complaint["complaint_id"]
    timeline: list[Mapping[str, Any]] = [
        {"at": complaint["received_at"], "milestone": "received"},
        {"at": complaint["registered_at"], "milestone": "registered"},
        *map(dict, store.progress.milestones(complaint_id)),
    ]
    going_on, timeline = _going_on(store, complaint, timeline)
    outlook = store.progress.outlook(going_on["complaint_id"])
    return {
        **complaint,
        **{name: going_on[name] for name in ("stage", "result", "prevention", "closed_at")},
        "promised_by": outlook.promised_by,
        "waits_for": outlook.waits_for,
        "timeline": timeline,
        "messages": store.conversation.of(complaint_id),
    }


def _going_on(
    store: Store, complaint: Mapping[str, Any], timeline: list[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """The complaint whose case goes on for this one, and what was reached: here until it was merged, there since."""
    while (into := complaint["merged_into"]) and (other := store.complaints.find(into)):
        since = complaint["merged_at"]
        later = [dict(step) for step in store.progress.milestones(into) if step["at"] >= since]
        before = [step for step in timeline if step["milestone"] != "closed"]
        timeline = [*before, {"at": since, "milestone": "merged"}, *later]
        complaint = other
    return complaint, timeline


def permit_to_ask_why(desk: Desk, tenant_id: UUID, complaint_id: UUID) -> str:
    """A token for sla, good for two minutes: why this complaint's limits end when they do (PO-1)."""
    scopes = frozenset({"promises", f"complaint:{complaint_id}"})
    asks = Principal(tenant_id, None, "complainant", scopes=scopes)
    return desk.issuer.sign(asks, desk.clock.now(), PERMIT_LIFETIME)


def _view(store: Store, complaint_id: UUID, contact: Mapping[str, str]) -> dict[str, Any]:
    complaint, messages = _found(store, complaint_id), store.conversation.of(complaint_id)
    return {
        **complaint,
        "where": complaint["location"],
        "contact": masked(contact),
        "messages": messages,
        "attachments": _files(store, complaint, messages),
        "case_files": store.complaints.case_files(complaint_id),
        "references": references_of(store, complaint_id),
    }


def _found(store: Store, complaint_id: UUID) -> dict[str, Any]:
    complaint = store.complaints.find(complaint_id)
    if complaint is None:
        raise NoSuchComplaint
    return complaint


def _files(store: Store, complaint: Mapping[str, Any], messages: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    ids = [UUID(each) for row in (complaint, *messages) for each in row["attachments"]]
    return [dict(row) for row in store.complaints.attachments(ids)]
