"""Draws of those who are called back and of cases that are reviewed, waiting and done, and what came of them (RE-4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, bindparam, case, func, or_, select
from sqlalchemy.engine import RowMapping

from libs.common.many_rows import LEFT_ALONE
from libs.common.tenancy import TenantConnection, theirs
from services.reporting.domain.period import Period
from services.reporting.tables import drawn, draws, facts

NOT_DRAWN = dict.fromkeys(("share_percent", "roles", "seed", "population", "population_sha256", "drawn_at"))
NOTHING_DONE = dict.fromkeys(("reached", "satisfied", "kept", "note", "by", "at"))

POPULATION = select(facts.c.complaint_id).where(
    theirs(facts),
    facts.c.counted,
    or_(facts.c.anonymous.is_(False), bindparam("anonymous_too", type_=Boolean)),
    facts.c.closed_on.between(bindparam("first"), bindparam("last")),
)
SHOWN = [draws.c[name] for name in ("draw_id", "every", "first", "last", "drawn_at", "share_percent")]
COUNTS = (
    func.count(drawn.c.place).label("drawn"),
    func.count(drawn.c.at).label("done"),
    func.coalesce(func.sum(case((drawn.c.reached, 1), else_=0)), 0).label("reached"),
    func.coalesce(func.sum(case((drawn.c.satisfied, 1), else_=0)), 0).label("satisfied"),
    func.count(drawn.c.satisfied).label("answered"),
    func.coalesce(func.sum(case((drawn.c.kept, 1), else_=0)), 0).label("kept"),
)
OF_DRAW = (drawn.c.tenant_id == draws.c.tenant_id) & (drawn.c.draw_id == draws.c.draw_id)
DRAWS = (
    select(*SHOWN, *COUNTS)
    .join_from(draws, drawn, OF_DRAW, isouter=True)
    .where(theirs(draws), draws.c.purpose == bindparam("purpose"), draws.c.drawn_at.isnot(None))
    .group_by(*SHOWN)
    .order_by(draws.c.first.desc(), draws.c.every)
    .limit(bindparam("limit", type_=Integer))
)
OF_FACT = (facts.c.tenant_id == drawn.c.tenant_id) & (facts.c.complaint_id == drawn.c.complaint_id)
DRAWN = (
    select(drawn, facts.c.number, facts.c.department, facts.c.closed_at, facts.c.assignee_id)
    .join_from(drawn, facts, OF_FACT, isouter=True)
    .where(theirs(drawn), drawn.c.draw_id == bindparam("draw_id"))
    .order_by(drawn.c.place)
)


class Draws:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def plan(self, draw_id: UUID, purpose: str, every: str, period: Period, due_at: datetime) -> None:
        """A draw to come; one of the same period that is known stays as it is."""
        row = {
            "draw_id": draw_id,
            "purpose": purpose,
            "every": every,
            "first": period.first,
            "last": period.last,
            "due_at": due_at,
            "attempts": 0,
        }
        self._rows.insert_many(draws, [row | NOT_DRAWN], LEFT_ALONE)

    def drop(self, draw_id: UUID) -> None:
        """Only for one that was never drawn and shall not be."""
        self._rows.remove(draws, draw_id=draw_id)

    def population(self, period: Period, *, anonymous_too: bool) -> list[UUID]:
        """The complaints closed in the period, in the order of their ids; who is anonymous cannot be called."""
        within = {"first": period.first, "last": period.last}
        rows = self._rows.all(POPULATION, **within, anonymous_too=anonymous_too)
        return sorted((row["complaint_id"] for row in rows), key=str)

    def keep(self, draw_id: UUID, chosen: Sequence[UUID], **values: Any) -> None:
        """The draw is done."""
        self._rows.change(draws, {"due_at": None, **values}, draw_id=draw_id)
        for place, complaint_id in enumerate(chosen, start=1):
            self._rows.insert(drawn, draw_id=draw_id, complaint_id=complaint_id, place=place, **NOTHING_DONE)

    def latest(self, purpose: str, limit: int) -> Sequence[RowMapping]:
        """The newest first, each with how many were drawn and are done, and what came of them."""
        return self._rows.all(DRAWS, purpose=purpose, limit=limit)

    def find(self, purpose: str, draw_id: UUID) -> dict[str, Any] | None:
        """None while it has not been drawn."""
        row = self._rows.first(draws, draw_id=draw_id, purpose=purpose)
        return row if row and row["drawn_at"] else None

    def drawn(self, draw_id: UUID) -> Sequence[RowMapping]:
        """What was drawn, in the order of the draw, and what came of each."""
        return self._rows.all(DRAWN, draw_id=draw_id)

    def record(self, draw_id: UUID, complaint_id: UUID, **said: Any) -> bool:
        """What came of one; False when that complaint was not drawn."""
        return self._rows.change(drawn, said, draw_id=draw_id, complaint_id=complaint_id) == 1
