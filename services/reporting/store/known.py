"""What the tenants service told reporting: the zone in which a tenant's days begin and end, and its public name."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from libs.common.db import Database
from libs.common.inbox import NotYetKnown
from libs.common.many_rows import LEFT_ALONE
from libs.common.tenancy import TenantConnection
from services.reporting.tables import doors, tenants

BEHIND = select(doors.c.tenant_id).where(doors.c.key == bindparam("key"))


class Known:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._zone: ZoneInfo | None = None

    def keep_tenant(self, slug: str, time_zone: str) -> None:
        """The zone a tenant was created with stays: days that were counted are not counted anew."""
        self._rows.insert_many(tenants, [{"time_zone": time_zone}], LEFT_ALONE)
        self._rows.insert_many(doors, [{"key": slug}], LEFT_ALONE)

    def zone(self) -> ZoneInfo:
        """The tenant's zone. Raises NotYetKnown while the tenant has not been heard of."""
        if self._zone is None:
            row = self._rows.first(tenants)
            if row is None:
                raise NotYetKnown("the tenant's time zone")
            self._zone = ZoneInfo(row["time_zone"])
        return self._zone


def behind(database: Database, slug: str) -> UUID | None:
    """The tenant with this public name; None when there is none. Asked before any tenant is known."""
    with database.read() as connection:
        found: UUID | None = connection.execute(BEHIND, {"key": slug}).scalar()
    return found
