"""Who is away when, and who stands in (DI-3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from libs.common.tenancy import TenantConnection
from services.dispatch.domain.absence import Away
from services.dispatch.tables import absences


class Absences:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(absences, **values)

    def find(self, absence_id: UUID) -> dict[str, Any] | None:
        """None when the tenant has no such absence."""
        row = self._rows.one(select(absences).where(self._this(absence_id)))
        return dict(row) if row else None

    def not_over(self, now: datetime) -> list[dict[str, Any]]:
        """Running and planned ones, by start."""
        this = select(absences).where(self._rows.mine(absences), absences.c.ends_at > now)
        return [dict(row) for row in self._rows.all(this.order_by(absences.c.starts_at, absences.c.absence_id))]

    def overlapping(self, person_id: UUID, starts_at: datetime, ends_at: datetime) -> dict[str, Any] | None:
        """The person's first absence in that time; None when they are there all along."""
        same_time = (absences.c.starts_at < ends_at) & (absences.c.ends_at > starts_at)
        this = select(absences).where(self._rows.mine(absences), absences.c.person_id == person_id, same_time)
        row = self._rows.one(this.order_by(absences.c.starts_at).limit(1))
        return dict(row) if row else None

    def away(self, now: datetime) -> Away:
        running = (absences.c.starts_at <= now) & (absences.c.ends_at > now)
        rows = self._rows.all(select(absences).where(self._rows.mine(absences), running))
        return {row["person_id"]: row["substitute_id"] for row in rows}

    def end(self, absence_id: UUID, at: datetime) -> None:
        """They are back: it ends now; one that has not begun is taken out."""
        begun = absences.c.starts_at < at
        self._rows.execute(absences.delete().where(self._this(absence_id), ~begun))
        self._rows.execute(absences.update().where(self._this(absence_id), begun).values(ends_at=at))

    def _this(self, absence_id: UUID) -> ColumnElement[bool]:
        return self._rows.mine(absences) & (absences.c.absence_id == absence_id)
