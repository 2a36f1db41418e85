"""Limits that were not kept, and who was responsible then (SL-4). They outlive any change of the Procedure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.sla.store.places import place_of
from services.sla.tables import breaches


@dataclass(frozen=True, slots=True)
class Period:
    """From `begins_at` until before `ends_at`, by when the limit ended; `person` None: everybody's."""

    begins_at: datetime
    ends_at: datetime
    person: UUID | None = None


class Breaches:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, clock_id: UUID, **known: Any) -> None:
        self._rows.insert(breaches, clock_id=clock_id, **known)

    def save_met(self, clock_id: UUID, met_at: datetime) -> None:
        self._rows.change(breaches, {"met_at": met_at}, clock_id=clock_id)

    def remove(self, clock_id: UUID) -> None:
        """It was no breach after all."""
        self._rows.remove(breaches, clock_id=clock_id)

    def page(self, period: Period, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[RowMapping]:
        """Up to `limit` of them past `after`, by when the limit ended."""
        chosen = self._in(period)
        order = (breaches.c.due_at, breaches.c.clock_id)
        if after is not None:
            chosen &= tuple_(*order) > place_of(after, *order)
        return self._rows.all(select(breaches).where(chosen).order_by(*order).limit(limit))

    def counts(self, period: Period) -> Sequence[RowMapping]:
        """For each pair of assignee and head: how many, and how many of these are met by now."""
        pair = (breaches.c.assignee_id, breaches.c.head_id)
        counted = (func.count().label("breaches"), func.count(breaches.c.met_at).label("met_late"))
        return self._rows.all(select(*pair, *counted).where(self._in(period)).group_by(*pair))

    def _in(self, period: Period) -> ColumnElement[bool]:
        chosen = self._rows.mine(breaches) & (breaches.c.due_at >= period.begins_at)
        chosen &= breaches.c.due_at < period.ends_at
        if period.person is not None:
            chosen &= or_(breaches.c.assignee_id == period.person, breaches.c.head_id == period.person)
        return chosen
