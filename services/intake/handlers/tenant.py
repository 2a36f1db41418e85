"""Whose door it is, and which rules hold there; read again every two seconds, not for every complaint."""

import time
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.common.inbox import NotYetKnown
from services.intake.handlers.desk import Desk, NoSuchTenant, Tenant
from services.intake.store import Store

FRESH_SECONDS = 2.0


class KnownTenants:
    """The tenants and their Procedures as this process last saw them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[UUID, tuple[float, Tenant]] = {}
        self._behind: dict[str, tuple[UUID, UUID | None]] = {}

    def behind(self, door: str) -> tuple[Tenant, UUID | None]:
        """The tenant behind a public name or door key, and the channel account. Raises NoSuchTenant."""
        found = self._behind.get(door) or self._desk.doors.behind(door)
        if found is None:
            raise NoSuchTenant
        self._behind[door] = found
        return self.tenant(found[0]), found[1]

    def tenant(self, tenant_id: UUID) -> Tenant:
        """Raises NoSuchTenant while the tenant or its Procedure has not arrived."""
        seen = self._seen.get(tenant_id)
        if seen and time.monotonic() - seen[0] < FRESH_SECONDS:
            return seen[1]
        with self._desk.units.read(tenant_id) as store:
            tenant = _read(store, tenant_id, self._desk)
        self._seen[tenant_id] = (time.monotonic(), tenant)
        return tenant


def _read(store: Store, tenant_id: UUID, desk: Desk) -> Tenant:
    row = store.known.tenant()
    if row is None:
        raise NoSuchTenant
    try:
        _, procedure = store.procedures.in_force(desk.clock.now())
    except NotYetKnown as failure:
        raise NoSuchTenant from failure
    return Tenant(
        tenant_id,
        row["language"],
        ZoneInfo(row["time_zone"]),
        row["country"],
        procedure,
    )
