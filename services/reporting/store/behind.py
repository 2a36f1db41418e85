"""Which complaints stand behind a figure, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, literal, null, select, tuple_
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.reporting.domain.period import Period
from services.reporting.store.rollups import Departments
from services.reporting.tables import clocks, facts

FIGURES = (
    "complaints",
    "closed",
    "open",
    "breaches",
    "timely",
    "late",
    "surveyed",
    "satisfied",
    "dissatisfied",
    "answered",
    "reopened",
    "repeated",
)
SHOWN = (
    "complaint_id",
    "number",
    "channel",
    "category",
    "urgency",
    "department",
    "received_at",
    "registered_at",
    "first_response_at",
    "closed_at",
    "outcome",
    "satisfied",
    "in_time",
    "breached",
    "reopened",
)
Place = tuple[date, UUID]  # of the last row of the page before


@dataclass(frozen=True)
class Wanted:
    """None leaves a mark open. `departments` are those the asker may see."""

    figure: str
    period: Period
    departments: Departments
    channel: str | None = None
    category: str | None = None
    department: str | None = None


class Behind:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def page(self, wanted: Wanted, after: Place | None, limit: int) -> Sequence[RowMapping]:
        """Up to `limit` rows in order of (`day`, `id`), the two columns that name the next page's place.

        Breaches are one row for each missed clock, all other figures one for each complaint.
        """
        day, row_id = _place(wanted.figure)
        asked = self._of(wanted, day, row_id).where(_holds(wanted.figure, wanted.period, day))
        asked = asked.where(facts.c.counted, *self._marks(wanted))
        if after:
            asked = asked.where(tuple_(day, row_id) > tuple_(literal(after[0]), literal(after[1])))
        return self._rows.all(asked.order_by(day, row_id).limit(limit))

    def _of(self, wanted: Wanted, day: Column[Any], row_id: Column[Any]) -> Select[Any]:
        shown = [facts.c[name] for name in SHOWN]
        place = (day.label("day"), row_id.label("id"))
        if wanted.figure != "breaches":
            unlimited = (null().label("limit_id"), null().label("missed_at"))
            return select(*shown, *place, *unlimited).where(self._rows.mine(facts))
        same = (facts.c.tenant_id == clocks.c.tenant_id) & (facts.c.complaint_id == clocks.c.complaint_id)
        joined = select(*shown, *place, clocks.c.limit_id, clocks.c.missed_at).join_from(clocks, facts, same)
        return joined.where(self._rows.mine(clocks), self._rows.mine(facts))

    def _marks(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        asked = {"channel": wanted.channel, "category": wanted.category, "department": wanted.department}
        marks: list[ColumnElement[bool]] = [facts.c[name] == mark for name, mark in asked.items() if mark]
        if wanted.departments is not None:
            marks.append(facts.c.department.in_(sorted(wanted.departments)))
        return marks


def _place(figure: str) -> tuple[Column[Any], Column[Any]]:
    if figure == "breaches":
        return clocks.c.missed_on, clocks.c.clock_id
    if figure in ("complaints", "open", "repeated"):
        return facts.c.registered_on, facts.c.complaint_id
    if figure == "answered":
        return facts.c.responded_on, facts.c.complaint_id
    return facts.c.closed_on, facts.c.complaint_id


def _holds(figure: str, period: Period, day: Column[Any]) -> ColumnElement[bool]:
    within = day.between(period.first, period.last)
    if figure == "open":
        not_closed = facts.c.closed_on.is_(None) | (facts.c.closed_on > period.last)
        return (day <= period.last) & not_closed
    narrower: dict[str, ColumnElement[bool]] = {
        "timely": facts.c.in_time.is_(True),
        "late": facts.c.in_time.is_(False),
        "surveyed": facts.c.satisfied.isnot(None),
        "satisfied": facts.c.satisfied.is_(True),
        "reopened": facts.c.reopened > 0,
        "repeated": facts.c.follows.isnot(None),
        "dissatisfied": facts.c.satisfied.is_(False),
    }
    return within & narrower[figure] if figure in narrower else within
