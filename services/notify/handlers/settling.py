"""What the end of one delivery means for its notice: told, tried another way, or left to a person (NO-4)."""

from collections.abc import Iterable, Sequence

import uuid_utils.compat as uuids

from libs.common.events.notify import NoticeDelivered, NoticeFailed
from libs.common.telemetry import current_traceparent
from libs.common.unit_of_work import Work
from services.notify.domain import delivery as ledger
from services.notify.domain.delivery import Delivery
from services.notify.domain.digest import DIGEST
from services.notify.domain.notice import audience, meaning
from services.notify.domain.plan import next_channel
from services.notify.store import Store
from services.notify.store.rows import Row

TOLD = ("handed", "delivered")
LIVE = ("planned", "sending", "unknown", *TOLD)


def save(work: Work[Store], row: Row, notice: Row, after: Delivery, channels: Sequence[str]) -> None:
    """Keep the delivery as it is now, and what follows from it for its notice.

    `channels`: the ways that may be tried next.
    """
    work.store.deliveries.save(row["delivery_id"], after)
    if after.state in TOLD:
        _told(work, notice, row["channel"])
    elif after.state == "failed":
        _failed(work, work.store.notices.take(row["notice_id"]), row, after, channels)


def others(rows: Iterable[Row], row: Row) -> list[Row]:
    """The notice's deliveries by other channels."""
    return [each for each in rows if each["delivery_id"] != row["delivery_id"]]


def drop(work: Work[Store], row: Row, before: Delivery, reason: str) -> None:
    """It need not be sent, and that is no failure: they do not want it, or it has lost its point."""
    alone = not others(work.store.deliveries.of_notice(row["notice_id"]), row)
    if before.attempts:
        work.store.deliveries.save(row["delivery_id"], ledger.never_sent(before, reason))
    else:
        work.store.deliveries.remove(row["delivery_id"])
    if alone:
        work.store.notices.change(row["notice_id"], reason=reason)


def _told(work: Work[Store], notice: Row, channel: str) -> None:
    """With a digest everything that went with it was told."""
    first = work.store.notices.tell(notice["notice_id"], work.now)
    if notice["kind"] == DIGEST:
        for alert in work.store.notices.gathered_in(notice["notice_id"]):
            if alert["reason"] is None:
                _told(work, alert, channel)
        return
    if not first:
        return
    work.record(
        NoticeDelivered(
            tenant_id=work.tenant_id,
            subject=notice["complaint_id"],
            occurred_at=work.now,
            notice_id=notice["notice_id"],
            kind=meaning(notice["kind"]),
            to=audience(notice["recipient"]),
            channel=channel,
            about=notice["about_id"],
        )
    )


def _failed(work: Work[Store], notice: Row, row: Row, after: Delivery, channels: Sequence[str]) -> None:
    """The next channel; when there is none and nothing else is under way, a person has to find a way."""
    all_rows = work.store.deliveries.of_notice(notice["notice_id"])
    if channel := next_channel(channels, {each["channel"] for each in all_rows}):
        work.store.deliveries.add(
            uuids.uuid7(), notice["notice_id"], notice["complaint_id"], channel, work.now, current_traceparent()
        )
        return
    if any(each["state"] in LIVE for each in others(all_rows, row)):
        return
    _left_to_a_person(work, notice, row, after)


def _left_to_a_person(work: Work[Store], notice: Row, row: Row, after: Delivery) -> None:
    """With a digest everything that should have gone with it."""
    work.store.notices.change(notice["notice_id"], needs_person=True, failed_at=notice["failed_at"] or work.now)
    if notice["kind"] == DIGEST:
        for alert in work.store.notices.gathered_in(notice["notice_id"]):
            if alert["reason"] is None:
                _left_to_a_person(work, work.store.notices.take(alert["notice_id"]), row, after)
    elif notice["failed_at"] is None:
        work.record(
            NoticeFailed(
                tenant_id=work.tenant_id,
                subject=notice["complaint_id"],
                occurred_at=work.now,
                notice_id=notice["notice_id"],
                kind=meaning(notice["kind"]),
                to=audience(notice["recipient"]),
                channel=row["channel"],
                reason=after.error or "",
            )
        )
