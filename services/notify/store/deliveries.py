"""Deliveries: the ledger of what is to be sent, is being sent and was sent (NO-4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.notify.domain.delivery import Delivery
from services.notify.tables import deliveries, notices

KEPT = ("state", "attempts", "provider_reference", "handed_at", "delivered_at", "error")


def as_delivery(row: RowMapping) -> Delivery:
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

    def find(self, delivery_id: UUID) -> RowMapping | None:
        """Locked until the transaction ends, so that two who change it take turns."""
        this = select(deliveries).where(self._rows.mine(deliveries), deliveries.c.delivery_id == delivery_id)
        return self._rows.one(this.with_for_update())

    def save(self, delivery_id: UUID, delivery: Delivery, **others: Any) -> None:
        this = self._rows.mine(deliveries) & (deliveries.c.delivery_id == delivery_id)
        self._rows.execute(deliveries.update().where(this).values(**_values(delivery), **others))

    def remove(self, delivery_id: UUID) -> None:
        """Only for one that was never sent and shall not be."""
        this = self._rows.mine(deliveries) & (deliveries.c.delivery_id == delivery_id)
        self._rows.execute(deliveries.delete().where(this))

    def of_notice(self, notice_id: UUID) -> Sequence[RowMapping]:
        """In the order they were begun."""
        return self._rows.all(
            select(deliveries)
            .where(self._rows.mine(deliveries), deliveries.c.notice_id == notice_id)
            .order_by(deliveries.c.delivery_id)
        )

    def of_complaint(self, complaint_id: UUID) -> Sequence[RowMapping]:
        """In the order they were begun."""
        return self._rows.all(
            select(deliveries)
            .where(self._rows.mine(deliveries), deliveries.c.complaint_id == complaint_id)
            .order_by(deliveries.c.delivery_id)
        )

    def hurry(self, complaint_id: UUID, now: datetime) -> None:
        """What waits for its first attempt need not wait any longer; a digest waits for more alerts."""
        digests = select(notices.c.notice_id).where(self._rows.mine(notices), notices.c.gathers.is_(True))
        waiting = (
            (deliveries.c.complaint_id == complaint_id)
            & (deliveries.c.state == "planned")
            & (deliveries.c.attempts == 0)
            & (deliveries.c.due_at > now)
            & deliveries.c.notice_id.not_in(digests)
        )
        self._rows.execute(deliveries.update().where(self._rows.mine(deliveries), waiting).values(due_at=now))


def _values(delivery: Delivery) -> dict[str, Any]:
    due_at = delivery.lease_until if delivery.state == "sending" else delivery.due_at
    return {"due_at": due_at, **{name: getattr(delivery, name) for name in KEPT}}
