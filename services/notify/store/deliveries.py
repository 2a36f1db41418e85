"""Deliveries: the ledger of what is to be sent, is being sent and was sent (NO-4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from libs.common.tenancy import TenantConnection, theirs
from services.notify.domain.delivery import Delivery
from services.notify.store.rows import Row
from services.notify.tables import deliveries, notices

KEPT = ("state", "attempts", "provider_reference", "handed_at", "delivered_at", "error")
TAKEN = (
    select(deliveries)
    .where(theirs(deliveries), deliveries.c.notice_id == bindparam("notice_id", type_=deliveries.c.notice_id.type))
    .order_by(deliveries.c.delivery_id)
    .with_for_update()
)
_now = bindparam("now", type_=deliveries.c.due_at.type)
HURRIED = (
    deliveries.update()
    .where(
        theirs(deliveries),
        deliveries.c.complaint_id == bindparam("of_complaint", type_=deliveries.c.complaint_id.type),
        deliveries.c.state == "planned",
        deliveries.c.attempts == 0,
        deliveries.c.due_at > _now,
        deliveries.c.notice_id.not_in(select(notices.c.notice_id).where(theirs(notices), notices.c.gathers.is_(True))),
    )
    .values(due_at=_now)
)


def as_delivery(row: Row) -> Delivery:
    """The row as the rules see it. `due_at` of a row that is being sent is the end of its lease."""
    sending = row["state"] == "sending"
    return Delivery(
        **{name: row[name] for name in KEPT},
        due_at=None if sending else row["due_at"],
        lease_until=row["due_at"] if sending else None,
    )


class Deliveries:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(
        self,
        delivery_id: UUID,
        notice_id: UUID,
        complaint_id: UUID,
        channel: str,
        due_at: datetime,
        traceparent: str | None,
    ) -> None:
        self._rows.insert(
            deliveries,
            delivery_id=delivery_id,
            notice_id=notice_id,
            complaint_id=complaint_id,
            channel=channel,
            traceparent=traceparent,
            **_values(Delivery(due_at=due_at)),
        )

    def take(self, delivery_id: UUID) -> Row | None:
        """Locked until the transaction ends, so that two who change it take turns."""
        return self._rows.first(deliveries, to_change=True, delivery_id=delivery_id)

    def take_of_notice(self, notice_id: UUID) -> Sequence[Row]:
        """As `of_notice`, all of them locked until the transaction ends."""
        return self._rows.all(TAKEN, notice_id=notice_id)

    def save(self, delivery_id: UUID, delivery: Delivery, **others: Any) -> None:
        self._rows.change(deliveries, _values(delivery) | others, delivery_id=delivery_id)

    def remove(self, delivery_id: UUID) -> None:
        """Only for one that was never sent and shall not be."""
        self._rows.remove(deliveries, delivery_id=delivery_id)

    def of_notice(self, notice_id: UUID) -> Sequence[Row]:
        """In the order they were begun."""
        return self._rows.of(deliveries, deliveries.c.delivery_id, notice_id=notice_id)

    def of_complaint(self, complaint_id: UUID) -> Sequence[Row]:
        """In the order they were begun."""
        return self._rows.of(deliveries, deliveries.c.delivery_id, complaint_id=complaint_id)

    def hurry(self, complaint_id: UUID, now: datetime) -> None:
        """What waits for its first attempt need not wait any longer; a digest waits for more alerts."""
        self._rows.run(HURRIED, of_complaint=complaint_id, now=now)


def _values(delivery: Delivery) -> dict[str, Any]:
    due_at = delivery.lease_until if delivery.state == "sending" else delivery.due_at
    return {"due_at": due_at, **{name: getattr(delivery, name) for name in KEPT}}
