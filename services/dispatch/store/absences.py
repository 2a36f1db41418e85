"""Who is away when, and who stands in (DI-3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from libs.common.tenancy import TenantConnection, theirs
from services.dispatch.domain.absence import Away
from services.dispatch.tables import absences

NOT_OVER = (
    select(absences)
    .where(theirs(absences), absences.c.ends_at > bindparam("now"))
    .order_by(absences.c.starts_at, absences.c.absence_id)
)
OVERLAPPING = (
    select(absences)
    .where(theirs(absences), absences.c.person_id == bindparam("person"))
    .where(absences.c.starts_at < bindparam("end"), absences.c.ends_at > bindparam("start"))
    .order_by(absences.c.starts_at)
    .limit(1)
)
RUNNING = select(absences).where(
    theirs(absences), absences.c.starts_at <= bindparam("now"), absences.c.ends_at > bindparam("now")
)


class Absences:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(absences, **values)

    def find(self, absence_id: UUID) -> dict[str, Any] | None:
        """None when the tenant has no such absence."""
        return self._rows.first(absences, absence_id=absence_id)

    def not_over(self, now: datetime) -> list[dict[str, Any]]:
        """Running and planned ones, by start."""
        return [dict(row) for row in self._rows.all(NOT_OVER, now=now)]

    def overlapping(self, person_id: UUID, starts_at: datetime, ends_at: datetime) -> dict[str, Any] | None:
        """The person's first absence in that time; None when they are there all along."""
        row = self._rows.one(OVERLAPPING, person=person_id, start=starts_at, end=ends_at)
        return dict(row) if row else None

    def away(self, now: datetime) -> Away:
        return {row["person_id"]: row["substitute_id"] for row in self._rows.all(RUNNING, now=now)}

    def end(self, absence_id: UUID, at: datetime) -> None:
        """They are back: it ends now; one that has not begun is taken out."""
        absence = self.find(absence_id)
        if absence and absence["starts_at"] < at:
            self._rows.change(absences, {"ends_at": at}, absence_id=absence_id)
        else:
            self._rows.remove(absences, absence_id=absence_id)
