"""API keys of one tenant; the keys themselves are nowhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.tenants.tables import api_keys


class ApiKeys:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(api_keys, **values)

    def by_digest(self, digest: bytes) -> dict[str, Any] | None:
        """The key, revoked or not."""
        return self._rows.first(api_keys, digest=digest)

    def revoke(self, key_id: UUID, at: datetime) -> bool:
        """False when the tenant has no such key that still works."""
        return self._rows.change(api_keys, {"revoked_at": at}, key_id=key_id, revoked_at=None) == 1

    def page(self, after: UUID | None, limit: int) -> Sequence[RowMapping]:
        """In the order they were made; `after` is the last key of the page before."""
        wanted = select(api_keys).where(self._rows.mine(api_keys)).order_by(api_keys.c.key_id).limit(limit)
        if after is not None:
            wanted = wanted.where(api_keys.c.key_id > after)
        return self._rows.all(wanted)
