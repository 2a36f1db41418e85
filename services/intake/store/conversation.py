"""What was said after a complaint was registered (IN-10)."""

from typing import Any
from uuid import UUID

from libs.common.tenancy import TenantConnection
from services.intake.tables import messages


class Conversation:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(messages, **values)

    def of(self, complaint_id: UUID) -> list[dict[str, Any]]:
        return self._rows.of(messages, messages.c.message_id, complaint_id=complaint_id)
