"""Statuses on their way to the addresses of those who sent complaints on, signed and in order (DI-16)."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from libs.common.unit_of_work import Work
from services.intake.domain import handback, webhooks
from services.intake.domain.handback import Answer, Telling
from services.intake.handlers.desk import Desk
from services.intake.store import Store

Row = Mapping[Any, Any]

# Longer than a whole batch of partners that take their time, so that no row is sent by two hands at once.
LEASE = timedelta(minutes=5)
ITS_TURN = timedelta(seconds=2)
NOWHERE = "the account has no address to be told at"


@dataclass(frozen=True)
class Letter:
    """What is sent where; the secret is the account's, by which it also signs what it sends to us."""

    url: str
    secret: str
    body: bytes


def hand_back(desk: Desk, claimed: Row) -> None:
    """Tell one partner one status, unless an earlier one is still on its way to the same reference. What it
    answered is recorded afterwards: no partner is waited for inside a transaction."""
    with desk.units.read(claimed["tenant_id"]) as store:
        in_turn = store.handbacks.is_next(claimed["reference_id"], claimed["handback_id"])
        letter = _letter(desk, store, claimed) if in_turn else None
    if not in_turn:
        _postpone(desk, claimed)
        return
    answer = _tell(desk, claimed, letter) if letter else Answer(False, True, NOWHERE)
    with desk.units.begin(claimed["tenant_id"]) as work:
        if _still_ours(work, claimed):
            _record(work, claimed, answer)


def _letter(desk: Desk, store: Store, claimed: Row) -> Letter | None:
    reference = store.handbacks.reference(claimed["complaint_id"], claimed["reference_id"])
    complaint = store.complaints.find(claimed["complaint_id"])
    account = store.accounts.find(reference["account_id"]) if reference and reference["account_id"] else None
    if reference is None or complaint is None or account is None or not account["status_url"]:
        return None
    secret = desk.seal.open(account["key"], claimed["tenant_id"], account["account_id"], "secret", account["secret"])
    telling = Telling(
        ref=reference["ref"],
        number=complaint["number"],
        status=claimed["status"],
        at=claimed["at"],
        result=complaint["result"],
    )
    return Letter(account["status_url"], secret, handback.body_of(telling))


def _tell(desk: Desk, claimed: Row, letter: Letter) -> Answer:
    """The id is the same for every attempt, so that a partner knows a copy."""
    message_id, stamp = str(claimed["handback_id"]), int(desk.clock.now().timestamp())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": webhooks.sign(letter.secret, message_id, stamp, letter.body),
    }
    return desk.addresses.tell(letter.url, headers, letter.body)


def _record(work: Work[Store], claimed: Row, answer: Answer) -> None:
    handbacks, this, reference_id = work.store.handbacks, claimed["handback_id"], claimed["reference_id"]
    if answer.taken:
        told = {"handed_at": work.now, "how": handback.ADDRESS, "error": None}
        handbacks.change(this, state=handback.HANDED, due_at=None, **told)
        handbacks.cover(reference_id, this)
    else:
        due_at = _again_at(claimed["attempts"], work.now, answer)
        state = handback.OWED if due_at else handback.GIVEN_UP
        handbacks.change(this, state=state, due_at=due_at, error=answer.reason[:300])
        if due_at:
            return
    handbacks.hurry(reference_id, work.now)


def _again_at(attempts: int, now: datetime, answer: Answer) -> datetime | None:
    if answer.final:
        return None
    return handback.next_attempt(attempts, now, random.random())  # noqa: S311 (jitter)


def _postpone(desk: Desk, claimed: Row) -> None:
    """An earlier one has not arrived yet; it does not count as an attempt."""
    with desk.units.begin(claimed["tenant_id"]) as work:
        if _still_ours(work, claimed):
            attempts = claimed["attempts"] - 1
            work.store.handbacks.change(claimed["handback_id"], due_at=work.now + ITS_TURN, attempts=attempts)


def _still_ours(work: Work[Store], claimed: Row) -> bool:
    """Whether nobody changed the row since it was claimed, such as a person who told them meanwhile."""
    row = work.store.handbacks.find(claimed["handback_id"])
    return row is not None and (row["state"], row["due_at"]) == (claimed["state"], claimed["due_at"])
