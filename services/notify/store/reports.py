"""The SMS provider's delivery reports: whose they are, and those that came too early."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from libs.common.db import Database
from libs.common.many_rows import LEFT_ALONE, insert_many
from libs.common.tenancy import TenantConnection
from services.notify.domain.message import DeliveryReport
from services.notify.store.rows import Row
from services.notify.tables import deliveries, early_reports

WHOSE = (
    select(deliveries.c.tenant_id, deliveries.c.delivery_id)
    .where(
        or_(
            deliveries.c.provider_reference
            == bindparam("provider_reference", type_=deliveries.c.provider_reference.type),
            deliveries.c.delivery_id == bindparam("key", type_=deliveries.c.delivery_id.type),  # None is nobody's
        )
    )
    .limit(1)
)
GIVEN_OUT = (
    early_reports.delete()
    .where(
        early_reports.c.provider_reference
        == bindparam("provider_reference", type_=early_reports.c.provider_reference.type)
    )
    .returning(early_reports)
)


class Reports:
    """Asked before any tenant is known. `database` must be the worker's: only its role sees all deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def whose(self, report: DeliveryReport) -> tuple[UUID, UUID] | None:
        """(tenant, delivery); None when no delivery with its key or reference is known."""
        asked = {"provider_reference": report.provider_reference, "key": _as_uuid(report.message_key)}
        with self._database.read() as connection:
            row = connection.execute(WHOSE, asked).mappings().first()
        return (row["tenant_id"], row["delivery_id"]) if row else None

    def keep(self, report: DeliveryReport) -> None:
        """Until the delivery it is about is known. The first report with a reference counts."""
        row = {
            "provider_reference": report.provider_reference,
            "arrived": report.arrived,
            "reason": report.reason[:80],
            "reported_at": report.reported_at,
        }
        with self._database.write() as connection:
            insert_many(connection, early_reports, [row], LEFT_ALONE)

    def forget(self, before: datetime) -> int:
        """Drop reports from before then: nobody claimed them. Returns how many."""
        with self._database.write() as connection:
            old = early_reports.delete().where(early_reports.c.reported_at < before)
            return connection.execute(old).rowcount


class EarlyReports:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take(self, provider_reference: str) -> Row | None:
        """The report that came before its delivery's reference was known; it is given out once."""
        return self._rows.one(GIVEN_OUT, provider_reference=provider_reference)


def _as_uuid(key: str | None) -> UUID | None:
    try:
        return UUID(key) if key else None
    except ValueError:
        return None
