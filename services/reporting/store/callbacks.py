"""Draws of those who are called back, waiting and done, and what they said (RE-4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, bindparam, case, func, select
from sqlalchemy.engine import RowMapping

from libs.common.many_rows import LEFT_ALONE
from libs.common.tenancy import TenantConnection, theirs
from services.reporting.domain.period import Period
from services.reporting.tables import callback_draws, callbacks, facts

NOT_DRAWN = dict.fromkeys(("share_percent", "seed", "population", "population_sha256", "drawn_at"))
NOT_CALLED = dict.fromkeys(("reached", "satisfied", "note", "by", "at"))

POPULATION = select(facts.c.complaint_id).where(
    theirs(facts),
    facts.c.counted,
    facts.c.anonymous.is_(False),
    facts.c.closed_on.between(bindparam("first"), bindparam("last")),
)
SHOWN = [callback_draws.c[name] for name in ("draw_id", "every", "first", "last", "drawn_at", "share_percent")]
COUNTS = (
    func.count(callbacks.c.place).label("drawn"),
    func.count(callbacks.c.reached).label("called"),
    func.coalesce(func.sum(case((callbacks.c.reached, 1), else_=0)), 0).label("reached"),
    func.coalesce(func.sum(case((callbacks.c.satisfied, 1), else_=0)), 0).label("satisfied"),
    func.count(callbacks.c.satisfied).label("answered"),
)
OF_DRAW = (callbacks.c.tenant_id == callback_draws.c.tenant_id) & (callbacks.c.draw_id == callback_draws.c.draw_id)
DRAWS = (
    select(*SHOWN, *COUNTS)
    .join_from(callback_draws, callbacks, OF_DRAW, isouter=True)
    .where(theirs(callback_draws), callback_draws.c.drawn_at.isnot(None))
    .group_by(*SHOWN)
    .order_by(callback_draws.c.first.desc(), callback_draws.c.every)
    .limit(bindparam("limit", type_=Integer))
)
OF_FACT = (facts.c.tenant_id == callbacks.c.tenant_id) & (facts.c.complaint_id == callbacks.c.complaint_id)
DRAWN = (
    select(callbacks, facts.c.number, facts.c.department, facts.c.closed_at)
    .join_from(callbacks, facts, OF_FACT, isouter=True)
    .where(theirs(callbacks), callbacks.c.draw_id == bindparam("draw_id"))
    .order_by(callbacks.c.place)
)


class Callbacks:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def plan(self, draw_id: UUID, every: str, period: Period, due_at: datetime) -> None:
        """A draw to come; one of the same period that is known stays as it is."""
        row = {
            "draw_id": draw_id,
            "every": every,
            "first": period.first,
            "last": period.last,
            "due_at": due_at,
            "attempts": 0,
        }
        self._rows.insert_many(callback_draws, [row | NOT_DRAWN], LEFT_ALONE)

    def drop(self, draw_id: UUID) -> None:
        """Only for one that was never drawn and shall not be."""
        self._rows.remove(callback_draws, draw_id=draw_id)

    def population(self, period: Period) -> list[UUID]:
        """The complaints closed in the period whose complainants can be called, in the order of their ids."""
        rows = self._rows.all(POPULATION, first=period.first, last=period.last)
        return sorted((row["complaint_id"] for row in rows), key=str)

    def keep(self, draw_id: UUID, drawn: Sequence[UUID], **values: Any) -> None:
        """The draw is done."""
        self._rows.change(callback_draws, {"due_at": None, **values}, draw_id=draw_id)
        for place, complaint_id in enumerate(drawn, start=1):
            self._rows.insert(callbacks, draw_id=draw_id, complaint_id=complaint_id, place=place, **NOT_CALLED)

    def draws(self, limit: int) -> Sequence[RowMapping]:
        """The newest first, each with how many were drawn, called, reached and satisfied."""
        return self._rows.all(DRAWS, limit=limit)

    def draw(self, draw_id: UUID) -> dict[str, Any] | None:
        """None while it has not been drawn."""
        row = self._rows.first(callback_draws, draw_id=draw_id)
        return row if row and row["drawn_at"] else None

    def drawn(self, draw_id: UUID) -> Sequence[RowMapping]:
        """Who was drawn, in the order of the draw, and what they said."""
        return self._rows.all(DRAWN, draw_id=draw_id)

    def record(self, draw_id: UUID, complaint_id: UUID, **said: Any) -> bool:
        """What became of one call; False when that complaint was not drawn."""
        return self._rows.change(callbacks, said, draw_id=draw_id, complaint_id=complaint_id) == 1
