"""The departments' parts of cases, of one tenant (DI-5)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.sla.domain.case import Part
from services.sla.store.cases import read, written
from services.sla.tables import parts

KNOWN = tuple(Part.__dataclass_fields__)


class Parts:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def of(self, complaint_id: UUID) -> list[Part]:
        mine = self._rows.mine(parts) & (parts.c.complaint_id == complaint_id)
        return [_part(row) for row in self._rows.all(select(parts).where(mine).order_by(parts.c.part_id))]

    def find(self, part_id: UUID) -> Part | None:
        row = self._rows.one(select(parts).where(self._rows.mine(parts), parts.c.part_id == part_id))
        return _part(row) if row else None

    def add(self, part: Part) -> None:
        self._rows.insert(parts, **_kept(part))

    def save(self, part: Part) -> None:
        this = self._rows.mine(parts) & (parts.c.part_id == part.part_id)
        self._rows.execute(parts.update().where(this).values(**_kept(part)))


def _kept(part: Part) -> dict[str, object]:
    return {name: getattr(part, name) for name in KNOWN} | {"reached": written(part.reached)}


def _part(row: RowMapping) -> Part:
    return Part(**{name: row[name] for name in KNOWN} | {"reached": read(row["reached"])})
