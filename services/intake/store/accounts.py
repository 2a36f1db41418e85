"""Channel accounts: a mailbox or a booking platform through which a tenant's complaints come."""

from typing import Any
from uuid import UUID

from libs.common.tenancy import TenantConnection
from services.intake.tables import accounts, doors


class Accounts:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, door_key: str, **values: Any) -> None:
        self._rows.insert(accounts, **values)
        self._rows.insert(doors, key=door_key, account_id=values["account_id"])

    def find(self, account_id: UUID) -> dict[str, Any] | None:
        return self._rows.first(accounts, account_id=account_id)

    def all(self) -> list[dict[str, Any]]:
        return self._rows.of(accounts, accounts.c.created_at)
