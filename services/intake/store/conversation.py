"""What was said after a complaint was registered (IN-10)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.intake.tables import messages


class Conversation:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(messages, **values)

    def of(self, complaint_id: UUID) -> Sequence[RowMapping]:
        return self._rows.all(
            select(messages)
            .where(self._rows.mine(messages), messages.c.complaint_id == complaint_id)
            .order_by(messages.c.message_id)
        )
