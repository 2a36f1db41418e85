"""What the tenants service told sla: Procedures and the tenant's time zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.common.events.tenants import ProcedurePublished
from libs.common.inbox import NotYetKnown
from libs.common.kept_procedures import KeptProcedures
from libs.common.procedure.document import Procedure
from libs.common.tenancy import TenantConnection
from services.sla.tables import plumbing, tenants

MOST_SEEN = 10_000


@dataclass(frozen=True)
class Seen:
    """What this process read before and what never changes, so that opening a case asks the database nothing."""

    procedures: dict[tuple[UUID, int], Procedure] = field(default_factory=dict)
    zones: dict[UUID, ZoneInfo] = field(default_factory=dict)


class Rules:
    def __init__(self, rows: TenantConnection, seen: Seen) -> None:
        self._rows = rows
        self._seen = seen
        self._kept = KeptProcedures(rows, plumbing)

    def keep(self, event: ProcedurePublished) -> None:
        self._kept.keep(event)

    def procedure(self, version: int) -> Procedure:
        """Raises NotYetKnown when that version has not arrived."""
        key = (self._rows.tenant_id, version)
        found = self._seen.procedures.get(key)
        if found is None:
            found = self._kept.version(version)
            if len(self._seen.procedures) >= MOST_SEEN:
                self._seen.procedures.clear()
            self._seen.procedures[key] = found
        return found

    def candidate(self, given: Mapping[str, Any]) -> Procedure:
        """A Procedure that is to be tried. Raises CandidateRefused."""
        return self._kept.candidate(given)

    def keep_zone(self, time_zone: str) -> None:
        self._rows.insert(tenants, time_zone=time_zone)

    def zone(self) -> ZoneInfo:
        """The tenant's own time zone. Raises NotYetKnown while the tenant has not arrived."""
        found = self._seen.zones.get(self._rows.tenant_id)
        if found is None:
            row = self._rows.first(tenants)
            if row is None:
                raise NotYetKnown("the tenant")
            found = self._seen.zones[self._rows.tenant_id] = ZoneInfo(row["time_zone"])
        return found
