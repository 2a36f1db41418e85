"""What became of a complaint's notices, and sending one again (NO-4)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from libs.common.unit_of_work import Work
from services.notify.domain import delivery as ledger
from services.notify.domain.digest import DIGEST
from services.notify.handlers.settling import TOLD, others
from services.notify.store import Store
from services.notify.store.deliveries import as_delivery
from services.notify.store.rows import Row


class NoSuchCase(Exception):
    """There is no complaint with this id."""


class NoSuchDelivery(Exception):
    """There is no delivery with this id."""


class NotToBeSentAgain(Exception):
    """Only what failed, or what nobody knows the fate of, can be sent again."""


class ToldAlready(Exception):
    """The notice reached them by another channel."""


def notices_of(store: Store, complaint_id: UUID) -> list[dict[str, Any]]:
    """One entry per notice and channel, in the order they were begun. Raises NoSuchCase."""
    if store.cases.find(complaint_id) is None:
        raise NoSuchCase
    deliveries = store.deliveries.of_complaint(complaint_id)
    shown: list[dict[str, Any]] = []
    for notice in store.notices.of(complaint_id):
        if notice["kind"] == DIGEST:
            continue  # what went with it is shown, each with its own case
        mine = [row for row in deliveries if row["notice_id"] == notice["notice_id"]]
        if notice["digest_id"] and not notice["reason"]:
            mine = list(store.deliveries.of_notice(notice["digest_id"]))
        shown += [_shown(notice, row, mine) for row in mine] or [_not_sent(notice)]
    return shown


def send_again(work: Work[Store], delivery_id: UUID) -> dict[str, Any]:
    """A person looked into it and decided. Raises NoSuchDelivery, NotToBeSentAgain, ToldAlready."""
    row = work.store.deliveries.take(delivery_id)
    if row is None:
        raise NoSuchDelivery
    rows = work.store.deliveries.of_notice(row["notice_id"])
    if any(each["state"] in TOLD for each in others(rows, row)):
        raise ToldAlready
    before = as_delivery(row)
    again = ledger.send_again(before, work.now)
    if again == before:
        raise NotToBeSentAgain
    work.store.deliveries.save(delivery_id, again)
    work.store.notices.change(row["notice_id"], needs_person=False)
    notice = work.store.notices.take(row["notice_id"])
    rows = work.store.deliveries.of_notice(row["notice_id"])
    return next(_shown(notice, each, rows) for each in rows if each["delivery_id"] == delivery_id)


def _shown(notice: Row, row: Row, rows: Sequence[Row]) -> dict[str, Any]:
    """`needs_person` where somebody has to act: it is uncertain, or it failed as the last way there was."""
    last_way = notice["needs_person"] and row["delivery_id"] == rows[-1]["delivery_id"]
    return {
        **_of(notice),
        "delivery_id": row["delivery_id"],
        "channel": row["channel"],
        "state": row["state"],
        "attempts": row["attempts"],
        "due_at": as_delivery(row).due_at,
        "handed_at": row["handed_at"],
        "delivered_at": row["delivered_at"],
        "error": row["error"],
        "needs_person": as_delivery(row).needs_person or last_way,
    }


def _not_sent(notice: Row) -> dict[str, Any]:
    unsent = {"state": "not_sent", "attempts": 0, "error": notice["reason"], "needs_person": False}
    nothing = dict.fromkeys(("delivery_id", "channel", "due_at", "handed_at", "delivered_at"))
    return {**_of(notice), **nothing, **unsent}


def _of(notice: Row) -> dict[str, Any]:
    return {
        "notice_id": notice["notice_id"],
        "kind": notice["kind"],
        "to": notice["told_as"],
        "at": notice["planned_at"],
        "in_digest": notice["digest_id"] is not None,
    }
