"""Outside references: kept, corrected, and owed each status of the complaint until it is handed back (DI-16)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import uuid_utils.compat as uuids

from libs.common.telemetry import current_traceparent
from libs.common.unit_of_work import Work
from services.intake.domain import handback
from services.intake.domain.acceptance import NotAccepted, one_line
from services.intake.domain.complaint import NotAcceptable
from services.intake.handlers.desk import Desk, NoSuchComplaint, NoSuchReference, Tenant
from services.intake.handlers.personal import contact_of, shown, words_for
from services.intake.store import Store

Row = Mapping[Any, Any]

IS_THERE = {
    "zh-Hans": "该编号已登记",
    "zh-Hant": "該編號已登記",
    "en": "This reference is there already",
}
CAME_BY_A_DOOR = {
    "zh-Hans": "平台传来的编号不能更改",
    "zh-Hant": "平台傳來的編號不能更改",
    "en": "A reference that the platform itself gave cannot be changed",
}
NOT_OWED = {
    "zh-Hans": "这一状态没有待反馈的",
    "zh-Hant": "這一狀態沒有待反饋的",
    "en": "This status is not owed to this reference",
}
IN_THE_FUTURE = {
    "zh-Hans": "时间不能晚于现在",
    "zh-Hant": "時間不能晚於現在",
    "en": "This lies in the future",
}
NO_REFERENCE = {"zh-Hans": "请填写编号", "zh-Hant": "請填寫編號", "en": "Please give the reference"}


def stand(work: Work[Store], complaint_id: UUID, status: str, at: datetime, occasion: str | None = None) -> None:
    """The complaint has come to this status: it is owed to each of its outside references, once an occasion.

    `occasion` None: the round of the case.
    """
    _owe_everybody(work, complaint_id, status, at, _round(work, complaint_id), occasion)


def begin_round(work: Work[Store], complaint_id: UUID, round: int, at: datetime) -> None:
    """The case began again: what is owed once a round may be owed anew."""
    _owe_everybody(work, complaint_id, handback.REOPENED, at, round, None)


def stand_by_result(work: Work[Store], complaint_id: UUID, text: str, at: datetime) -> None:
    """The same words told again, by voice after writing, are the same result; other words are another one."""
    round = _round(work, complaint_id)
    _owe_everybody(work, complaint_id, handback.RESULT, at, round, f"{round}:{uuid5(complaint_id, text)}")


def name_reference(
    work: Work[Store], tenant: Tenant, complaint_id: UUID, given: Mapping[str, Any], by: UUID | None
) -> UUID:
    """Another side's number for this complaint, learnt after registering; it is owed where the complaint stands
    now. Returns its id. Raises NoSuchComplaint, NotAcceptable."""
    complaint = work.store.complaints.find(complaint_id)
    if complaint is None:
        raise NoSuchComplaint
    reference = {"kind": given["kind"], "ref": _ref(work, tenant, complaint_id, given)}
    reference_id = uuids.uuid7()
    work.store.handbacks.add_reference(
        complaint_id=complaint_id, reference_id=reference_id, **reference, account_id=None, by_id=by, at=work.now
    )
    if complaint["external_ref"] is None:
        work.store.complaints.change(complaint_id, external_ref=reference["ref"])
    if standing := work.store.handbacks.standing(complaint_id):
        _owe(work, complaint_id, reference_id, standing, due_at=None)
    return reference_id


def correct_reference(
    work: Work[Store], tenant: Tenant, complaint_id: UUID, reference_id: UUID, given: Mapping[str, Any], by: UUID | None
) -> None:
    """It was mistyped; what is owed to it stays owed. Raises NoSuchReference, NotAcceptable."""
    before = _found(work.store, complaint_id, reference_id)
    if before["account_id"] is not None:
        raise NotAcceptable.of([NotAccepted("ref", CAME_BY_A_DOOR)], tenant.language)
    ref = _ref(work, tenant, complaint_id, given, besides=reference_id)
    work.store.handbacks.change_reference(
        complaint_id, reference_id, kind=given["kind"], ref=ref, by_id=by, at=work.now
    )
    complaint = work.store.complaints.find(complaint_id)
    if complaint is not None and complaint["external_ref"] == before["ref"]:
        work.store.complaints.change(complaint_id, external_ref=ref)


def hand_back_by_hand(
    desk: Desk,
    work: Work[Store],
    tenant: Tenant,
    complaint_id: UUID,
    reference_id: UUID,
    given: Mapping[str, Any],
    by: UUID,
) -> None:
    """Somebody told the other side, on its screen, by phone or by letter: who, when and how is kept, and what was
    owed before it is covered. Raises NoSuchReference, NotAcceptable."""
    _found(work.store, complaint_id, reference_id)
    handed_at = given.get("handed_at") or work.now
    owed = work.store.handbacks.last_owed(reference_id, given["status"])
    mistakes = [] if owed else [NotAccepted("status", NOT_OWED)]
    if handed_at > work.now:
        mistakes.append(NotAccepted("handed_at", IN_THE_FUTURE))
    if owed is None or mistakes:
        raise NotAcceptable.of(mistakes, tenant.language)
    note = given.get("note")
    if note:
        contact = contact_of(desk, work.tenant_id, work.store.complaints.complainant(complaint_id))
        note = shown(note, words_for(contact))
    told = {"handed_at": handed_at, "how": given["how"], "by_id": by, "note": note}
    work.store.handbacks.change(owed["handback_id"], state=handback.HANDED, due_at=None, **told)
    work.store.handbacks.cover(reference_id, owed["handback_id"])
    work.store.handbacks.hurry(reference_id, work.now)


def references_of(store: Store, complaint_id: UUID) -> list[dict[str, Any]]:
    """For the case page: each outside reference, the status last handed back, and what is still to be."""
    handbacks = store.handbacks.of(complaint_id)
    return [
        {**reference, **_told_and_owed([row for row in handbacks if row["reference_id"] == reference["reference_id"]])}
        for reference in store.handbacks.references(complaint_id)
    ]


def _told_and_owed(handbacks: list[Row]) -> dict[str, Any]:
    handed = [row for row in handbacks if row["state"] == handback.HANDED]
    owed = [row for row in handbacks if row["state"] in handback.STILL_TO_HAND_BACK]
    return {"last": handed[-1] if handed else None, "owed": owed}


def _owe_everybody(
    work: Work[Store], complaint_id: UUID, status: str, at: datetime, round: int, occasion: str | None
) -> None:
    store = work.store.handbacks
    standing = {"round": round, "status": status, "occasion": occasion or str(round), "at": at}
    store.stand(complaint_id, **standing)
    for reference in store.references(complaint_id):
        _owe(work, complaint_id, reference["reference_id"], standing, due_at=_due_at(work, reference))


def _owe(work: Work[Store], complaint_id: UUID, reference_id: UUID, standing: Row, due_at: datetime | None) -> None:
    work.store.handbacks.owe(
        handback_id=uuids.uuid7(),
        complaint_id=complaint_id,
        reference_id=reference_id,
        status=standing["status"],
        occasion=standing["occasion"],
        at=standing["at"],
        due_at=due_at,
        traceparent=current_traceparent(),
    )


def _due_at(work: Work[Store], reference: Row) -> datetime | None:
    """At once where the account has an address to be told at; None where a person has to do it."""
    account = work.store.accounts.find(reference["account_id"]) if reference["account_id"] else None
    return work.now if account is not None and account["status_url"] else None


def _round(work: Work[Store], complaint_id: UUID) -> int:
    standing = work.store.handbacks.standing(complaint_id)
    return standing["round"] if standing else 1


def _ref(
    work: Work[Store], tenant: Tenant, complaint_id: UUID, given: Mapping[str, Any], besides: UUID | None = None
) -> str:
    """The reference in its plain form, another than those that are there. Raises NotAcceptable."""
    ref = one_line(given["ref"])
    if not ref:
        raise NotAcceptable.of([NotAccepted("ref", NO_REFERENCE)], tenant.language)
    for known in work.store.handbacks.references(complaint_id):
        if (known["kind"], known["ref"]) == (given["kind"], ref) and known["reference_id"] != besides:
            raise NotAcceptable.of([NotAccepted("ref", IS_THERE)], tenant.language)
    return ref


def _found(store: Store, complaint_id: UUID, reference_id: UUID) -> Row:
    found = store.handbacks.reference(complaint_id, reference_id)
    if found is None:
        raise NoSuchReference
    return found
