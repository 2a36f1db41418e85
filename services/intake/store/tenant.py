"""What the tenants service told intake: the tenant itself and its places; and which door leads to whom."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from libs.common.db import Database
from libs.common.tenancy import TenantConnection
from services.intake.tables import doors, places, tenants

BEHIND = select(doors).where(doors.c.key == bindparam("key"))


class Known:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def tenant(self) -> dict[str, Any] | None:
        return self._rows.first(tenants)

    def keep_tenant(self, **values: Any) -> None:
        """The newest word on the tenant, and its public door."""
        self._rows.remove(tenants)
        self._rows.insert(tenants, **values)
        self._rows.remove(doors, account_id=None)
        self._rows.insert(doors, key=values["slug"], account_id=None)

    def place_label(self, place_id: UUID) -> str | None:
        """The place's full name; None when the tenant has no such place."""
        row = self._rows.first(places, place_id=place_id)
        return row["label"] if row else None

    def place_names(self, place_id: UUID | None) -> dict[str, str]:
        """By kind, what the place and all that it lies in are called."""
        named: dict[str, str] = {}
        while place_id is not None and (row := self._rows.first(places, place_id=place_id)):
            if row["kind"] in named:
                break
            named[row["kind"]] = row["name"]
            place_id = row["parent_id"]
        return named

    def keep_place(self, place_id: UUID, **values: Any) -> None:
        self._rows.remove(places, place_id=place_id)
        self._rows.insert(places, place_id=place_id, **values)


class Doors:
    """Which tenant stands behind a public name or a door's token. Asked before any tenant is known."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def behind(self, key: str) -> tuple[UUID, UUID | None] | None:
        """(tenant, channel account or None); None when nobody is behind it."""
        with self._database.read() as connection:
            row = connection.execute(BEHIND, {"key": key}).first()
        return (row.tenant_id, row.account_id) if row else None
