"""The departments' parts of cases, of one tenant (DI-5)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from libs.common.tenancy import TenantConnection
from services.sla.domain.case import Part
from services.sla.store.cases import holders, read, written, written_holders
from services.sla.tables import parts

KNOWN = tuple(Part.__dataclass_fields__)


class Parts:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def of(self, complaint_id: UUID) -> list[Part]:
        return [_part(row) for row in self._rows.of(parts, parts.c.part_id, complaint_id=complaint_id)]

    def find(self, part_id: UUID) -> Part | None:
        row = self._rows.first(parts, part_id=part_id)
        return _part(row) if row else None

    def add(self, part: Part) -> None:
        self._rows.insert(parts, **_kept(part))

    def save(self, part: Part) -> None:
        self._rows.change(parts, _kept(part), part_id=part.part_id)


def _kept(part: Part) -> dict[str, Any]:
    known = {name: getattr(part, name) for name in KNOWN}
    return known | {"reached": written(part.reached), "held_before": written_holders(part.held_before)}


def _part(row: Mapping[str, Any]) -> Part:
    known = {name: row[name] for name in KNOWN}
    return Part(**known | {"reached": read(row["reached"]), "held_before": holders(row["held_before"])})
