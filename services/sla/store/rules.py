"""What the tenants service told sla: Procedures and the tenant's time zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.common.events.tenants import ProcedurePublished
from libs.common.inbox import NotYetKnown
from libs.common.kept_procedures import KeptProcedures
from libs.common.procedure.calendars import Calendar
from libs.common.procedure.document import Procedure
from libs.common.tenancy import TenantConnection
from services.sla.domain.calendar import WorkingCalendar, working_calendar
from services.sla.domain.changing import Change
from services.sla.tables import plumbing, tenants

MOST_SEEN = 10_000


@dataclass(frozen=True)
class Seen:
    """What this process read before, so that opening a case asks the database nothing.

    Versions and zones never change. Of `published`, another process may know more: what was counted without a version
    is counted again (`services/sla/handlers/recounting.py`).
    """

    procedures: dict[tuple[UUID, int], Procedure] = field(default_factory=dict)
    zones: dict[UUID, ZoneInfo] = field(default_factory=dict)
    published: dict[UUID, Sequence[tuple[int, datetime]]] = field(default_factory=dict)


class Rules:
    def __init__(self, rows: TenantConnection, seen: Seen) -> None:
        self._rows = rows
        self._seen = seen
        self._kept = KeptProcedures(rows, plumbing)

    def keep(self, event: ProcedurePublished) -> None:
        """What runs is counted again when the version changes the calendars, or when they change."""
        self._kept.keep(event)
        self.look_again()
        earlier = [each for each in self._published() if each[0] < event.version]
        if not earlier:
            return
        before, since = earlier[-1]
        if since > event.active_from or self.procedure(before).calendars != self.procedure(event.version).calendars:
            self._rows.change(tenants, {"calendars_version": event.version})

    def look_again(self) -> None:
        """Forget which versions there were."""
        self._seen.published.pop(self._rows.tenant_id, None)

    def newest(self) -> int:
        """The last version that time is counted by here; 0 while there is none."""
        return max((version for version, _ in self._published()), default=0)

    def calendar(self, version: int, name: str) -> WorkingCalendar:
        """That of a version, then as later versions change it from when they hold: a case keeps its rules, but the
        house keeps one calendar (SL-2). Raises NotYetKnown.

        A later version without a calendar of that name, or with another time zone, changes nothing.
        """
        rules = self.procedure(version).calendars[name]
        changes: list[Change] = []
        for later, since in self._published():
            found = self.procedure(later).calendars.get(name) if later > version else None
            if found is not None and found.time_zone == rules.time_zone:
                changes = [*(each for each in changes if each.since < since), Change(since, found)]
        return working_calendar(rules, _that_differ(rules, changes))

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

    def _published(self) -> Sequence[tuple[int, datetime]]:
        found = self._seen.published.get(self._rows.tenant_id)
        if found is None:
            found = self._seen.published[self._rows.tenant_id] = self._kept.published()
        return found

    def candidate(self, given: Mapping[str, Any]) -> Procedure:
        """A Procedure that is to be tried. Raises CandidateRefused."""
        return self._kept.candidate(given)

    def keep_zone(self, time_zone: str) -> None:
        self._rows.insert(tenants, time_zone=time_zone, calendars_version=0)

    def zone(self) -> ZoneInfo:
        """The tenant's own time zone. Raises NotYetKnown while the tenant has not arrived."""
        found = self._seen.zones.get(self._rows.tenant_id)
        if found is None:
            row = self._rows.first(tenants)
            if row is None:
                raise NotYetKnown("the tenant")
            found = self._seen.zones[self._rows.tenant_id] = ZoneInfo(row["time_zone"])
        return found


def _that_differ(rules: Calendar, changes: Sequence[Change]) -> tuple[Change, ...]:
    before = [rules, *(each.rules for each in changes)]
    return tuple(each for each, earlier in zip(changes, before, strict=False) if each.rules != earlier)
