"""Draws of those who are called back, waiting and done, and what they said (RE-4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.reporting.domain.period import Period
from services.reporting.tables import callback_draws, callbacks, facts

NOT_DRAWN = dict.fromkeys(("share_percent", "seed", "population", "population_sha256", "drawn_at"))
NOT_CALLED = dict.fromkeys(("reached", "satisfied", "note", "by", "at"))


class Callbacks:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def plan(self, draw_id: UUID, every: str, period: Period, due_at: datetime) -> None:
        """A draw to come; one of the same period that is known stays as it is."""
        this = (callback_draws.c.every == every) & (callback_draws.c.first == period.first)
        if self._rows.one(select(callback_draws.c.draw_id).where(self._rows.mine(callback_draws), this)) is None:
            self._rows.insert(
                callback_draws,
                draw_id=draw_id,
                every=every,
                first=period.first,
                last=period.last,
                due_at=due_at,
                attempts=0,
                **NOT_DRAWN,
            )

    def drop(self, draw_id: UUID) -> None:
        """Only for one that was never drawn and shall not be."""
        this = self._rows.mine(callback_draws) & (callback_draws.c.draw_id == draw_id)
        self._rows.execute(callback_draws.delete().where(this))

    def population(self, period: Period) -> list[UUID]:
        """The complaints closed in the period whose complainants can be called, in the order of their ids."""
        closed = facts.c.counted & facts.c.anonymous.is_(False) & facts.c.closed_on.between(period.first, period.last)
        ids = select(facts.c.complaint_id).where(self._rows.mine(facts), closed)
        return sorted((row["complaint_id"] for row in self._rows.all(ids)), key=str)

    def keep(self, draw_id: UUID, drawn: Sequence[UUID], **values: Any) -> None:
        """The draw is done."""
        this = self._rows.mine(callback_draws) & (callback_draws.c.draw_id == draw_id)
        self._rows.execute(callback_draws.update().where(this).values(due_at=None, **values))
        for place, complaint_id in enumerate(drawn, start=1):
            self._rows.insert(callbacks, draw_id=draw_id, complaint_id=complaint_id, place=place, **NOT_CALLED)

    def draws(self, limit: int) -> Sequence[RowMapping]:
        """The newest first, each with how many were drawn, called, reached and satisfied."""
        same = (callbacks.c.tenant_id == callback_draws.c.tenant_id) & (callbacks.c.draw_id == callback_draws.c.draw_id)
        shown = [callback_draws.c[name] for name in ("draw_id", "every", "first", "last", "drawn_at", "share_percent")]
        counts = (
            func.count(callbacks.c.place).label("drawn"),
            func.count(callbacks.c.reached).label("called"),
            func.coalesce(func.sum(case((callbacks.c.reached, 1), else_=0)), 0).label("reached"),
            func.coalesce(func.sum(case((callbacks.c.satisfied, 1), else_=0)), 0).label("satisfied"),
            func.count(callbacks.c.satisfied).label("answered"),
        )
        asked = select(*shown, *counts).join_from(callback_draws, callbacks, same, isouter=True)
        done = callback_draws.c.drawn_at.isnot(None)
        asked = asked.where(self._rows.mine(callback_draws), done).group_by(*shown)
        return self._rows.all(asked.order_by(callback_draws.c.first.desc(), callback_draws.c.every).limit(limit))

    def draw(self, draw_id: UUID) -> RowMapping | None:
        """None while it has not been drawn."""
        this = (callback_draws.c.draw_id == draw_id) & callback_draws.c.drawn_at.isnot(None)
        return self._rows.one(select(callback_draws).where(self._rows.mine(callback_draws), this))

    def drawn(self, draw_id: UUID) -> Sequence[RowMapping]:
        """Who was drawn, in the order of the draw, and what they said."""
        same = (facts.c.tenant_id == callbacks.c.tenant_id) & (facts.c.complaint_id == callbacks.c.complaint_id)
        case_of = (facts.c.number, facts.c.department, facts.c.closed_at)
        asked = select(callbacks, *case_of).join_from(callbacks, facts, same, isouter=True)
        this = self._rows.mine(callbacks) & (callbacks.c.draw_id == draw_id)
        return self._rows.all(asked.where(this).order_by(callbacks.c.place))

    def record(self, draw_id: UUID, complaint_id: UUID, **said: Any) -> bool:
        """What became of one call; False when that complaint was not drawn."""
        this = (callbacks.c.draw_id == draw_id) & (callbacks.c.complaint_id == complaint_id)
        changing = callbacks.update().where(self._rows.mine(callbacks), this).values(**said)
        return self._rows.execute(changing).rowcount == 1
