"""Channel accounts: a mailbox or a booking platform through which a tenant's complaints come."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.intake.tables import accounts, doors


class Accounts:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, door_key: str, **values: Any) -> None:
        self._rows.insert(accounts, **values)
        self._rows.insert(doors, key=door_key, account_id=values["account_id"])

    def find(self, account_id: UUID) -> RowMapping | None:
        return self._rows.one(select(accounts).where(self._rows.mine(accounts), accounts.c.account_id == account_id))

    def all(self) -> Sequence[RowMapping]:
        return self._rows.all(select(accounts).where(self._rows.mine(accounts)).order_by(accounts.c.created_at))
