"""Compensation on a case (DI-10): proposed, decided by somebody else, paid or withdrawn."""

from typing import Any

import uuid_utils.compat as uuids

from libs.common.events.dispatch import CompensationChanged
from services.dispatch.domain.compensation import APPROVED, DECLINED, PAID, PROPOSED, WITHDRAWN, Compensation
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.handlers.filing import voucher_of
from services.dispatch.handlers.handling import Handling, put_on_record, say


def propose(handling: Handling) -> None:
    """A settlement, or an advance before the result is known (先行赔付)."""
    work, case, given, rules = handling.work, handling.case, handling.given, handling.now.money.rules
    assert rules is not None  # without them it was refused
    entry = Compensation(
        id=uuids.uuid7(),
        kind=given["kind"],
        state=PROPOSED,
        amount=given["amount"],
        currency=rules.currency,
        proposed_by=handling.person_id,
    )
    work.store.money.add(
        compensation_id=entry.id,
        complaint_id=case.complaint_id,
        kind=entry.kind,
        state=entry.state,
        amount=entry.amount,
        paid=0,
        currency=entry.currency,
        department=case.department,
        reason=given["reason"],
        proposed_at=work.now,
        proposed_by_id=handling.person_id,
    )
    _record(handling, entry, PROPOSED, {}, reason=given["reason"])


def approve(handling: Handling) -> None:
    """The promise is made; it is owed from now on."""
    _decide(handling, APPROVED, handling.given.get("note"))


def decline(handling: Handling) -> None:
    _decide(handling, DECLINED, handling.given["reason"])


def pay(handling: Handling) -> None:
    """One payment of it, not before it was approved and not in the future; with the last one it is settled."""
    work, case, given, entry = handling.work, handling.case, handling.given, _entry(handling)
    paid_at = given.get("paid_at") or work.now
    if paid_at > work.now:
        raise NotAcceptable.field("paid_at", "lies in the future")
    if entry.decided_at is not None and paid_at < entry.decided_at:
        raise NotAcceptable.field("paid_at", f"is before it was approved ({entry.decided_at:%FT%TZ})")
    paid = entry.paid + given["amount"]
    state = PAID if paid == entry.amount else APPROVED
    voucher = {"voucher_id": given.get("voucher_id"), "voucher_sha256": voucher_of(handling)}
    payment = {"amount": given["amount"], "paid_at": paid_at, **voucher}
    work.store.money.add_payment(
        payment_id=uuids.uuid7(),
        compensation_id=entry.id,
        complaint_id=case.complaint_id,
        by_id=handling.person_id,
        **payment,
    )
    work.store.money.change(entry.id, state=state, paid=paid)
    _record(handling, entry, state, {"payment": payment}, paid=paid)


def withdraw(handling: Handling) -> None:
    """No more will be paid of it; what was paid stays in the ledger."""
    work, entry, why = handling.work, _entry(handling), handling.given["reason"]
    ended = {"withdrawn_at": work.now, "withdrawn_by_id": handling.person_id, "withdrawal": why}
    work.store.money.change(entry.id, state=WITHDRAWN, **ended)
    _record(handling, entry, WITHDRAWN, {}, reason=why)


def _decide(handling: Handling, state: str, words: str | None) -> None:
    work, entry = handling.work, _entry(handling)
    decided = {"decided_at": work.now, "decided_by_id": handling.person_id, "decision": words}
    work.store.money.change(entry.id, state=state, **decided)
    _record(handling, entry, state, {}, reason=words)


def _entry(handling: Handling) -> Compensation:
    entry = handling.now.money.find(handling.given["compensation_id"])
    assert entry is not None  # an unknown one was refused
    return entry


def _record(
    handling: Handling,
    entry: Compensation,
    state: str,
    facts: dict[str, Any],
    *,
    reason: str | None = None,
    paid: int | None = None,
) -> None:
    """Into the evidence, and to whoever listens. `paid` None: as much as before."""
    about = {"compensation_id": entry.id, "kind": entry.kind, "amount": entry.amount, "currency": entry.currency}
    now = about | {"state": state, "paid": entry.paid if paid is None else paid}
    case, by = handling.case, handling.person_id
    say(handling.work, case.complaint_id, CompensationChanged, **now, department=case.department, by=by)
    put_on_record(handling.work, case, str(by), "compensation_changed", now | facts, {"reason": reason})
