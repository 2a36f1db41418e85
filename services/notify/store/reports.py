"""The SMS provider's delivery reports: whose they are, and those that came too early."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import RowMapping

from libs.common.db import Database
from libs.common.tenancy import TenantConnection
from services.notify.domain.message import DeliveryReport
from services.notify.tables import deliveries, early_reports


class Reports:
    """Asked before any tenant is known. `database` must be the worker's: only its role sees all deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def whose(self, report: DeliveryReport) -> tuple[UUID, UUID] | None:
        """(tenant, delivery); None when no delivery with its key or reference is known."""
        known = [deliveries.c.provider_reference == report.provider_reference]
        if key := _as_uuid(report.message_key):
            known.append(deliveries.c.delivery_id == key)
        with self._database.read() as connection:
            row = connection.execute(select(deliveries).where(or_(*known)).limit(1)).mappings().first()
        return (row["tenant_id"], row["delivery_id"]) if row else None

    def keep(self, report: DeliveryReport) -> None:
        """Until the delivery it is about is known. The first report with a reference counts."""
        insert = postgresql_insert if self._database.dialect == "postgresql" else sqlite_insert
        row = {
            "provider_reference": report.provider_reference,
            "arrived": report.arrived,
            "reason": report.reason[:80],
            "reported_at": report.reported_at,
        }
        with self._database.write() as connection:
            connection.execute(insert(early_reports).values(row).on_conflict_do_nothing())

    def forget(self, before: datetime) -> int:
        """Drop reports from before then: nobody claimed them. Returns how many."""
        with self._database.write() as connection:
            old = early_reports.delete().where(early_reports.c.reported_at < before)
            return connection.execute(old).rowcount


class EarlyReports:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take(self, provider_reference: str) -> RowMapping | None:
        """The report that came before its delivery's reference was known; it is given out once."""
        this = early_reports.c.provider_reference == provider_reference
        found = self._rows.one(select(early_reports).where(this))
        if found:
            self._rows.execute(early_reports.delete().where(this))
        return found


def _as_uuid(key: str | None) -> UUID | None:
    try:
        return UUID(key) if key else None
    except ValueError:
        return None
