"""The facts and clocks of one tenant's complaints."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.engine import RowMapping

from libs.common.many_rows import LEFT_ALONE, replaced
from libs.common.tenancy import TenantConnection, theirs
from services.reporting.domain.fact import Clock, Fact, closed_on, day_of, registered_on, responded_on
from services.reporting.tables import clocks, facts

KNOWN = tuple(field.name for field in fields(Fact) if field.name != "clocks")
PAGE = 1000

THESE = (
    select(facts)
    .where(theirs(facts), facts.c.complaint_id.in_(bindparam("ids", expanding=True)))
    .order_by(facts.c.complaint_id)
)
LOCKED = THESE.with_for_update()
CLOCKS = select(clocks).where(theirs(clocks), clocks.c.complaint_id.in_(bindparam("ids", expanding=True)))


class Facts:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def find(self, complaint_id: UUID) -> Fact | None:
        return self._read(THESE, ids=[complaint_id]).get(complaint_id)

    def lock(self, complaint_ids: Sequence[UUID], zone: ZoneInfo) -> dict[UUID, Fact]:
        """These facts, in key order, for this transaction alone; a fact nobody told of before is an empty one."""
        wanted = sorted(complaint_ids)
        known = self._read(LOCKED, ids=wanted)
        if new := [complaint_id for complaint_id in wanted if complaint_id not in known]:
            empty = [_row(Fact(complaint_id=complaint_id), zone) for complaint_id in new]
            self._rows.insert_many(facts, empty, LEFT_ALONE)
            known |= self._read(LOCKED, ids=new)
        return {complaint_id: known[complaint_id] for complaint_id in wanted}

    def save(self, before: Mapping[UUID, Fact], after: Mapping[UUID, Fact], zone: ZoneInfo) -> None:
        """Write what has changed. Both hold the same complaints."""
        changed = [fact for complaint_id, fact in after.items() if fact != before[complaint_id]]
        self._rows.insert_many(facts, [_row(fact, zone) for fact in changed], replaced(facts))
        moved = [
            _clock_row(fact.complaint_id, clock_id, clock, zone)
            for fact in changed
            for clock_id, clock in sorted(fact.clocks.items())
            if clock != before[fact.complaint_id].clocks.get(clock_id)
        ]
        self._rows.insert_many(clocks, moved, replaced(clocks))

    def all(self) -> Iterator[Fact]:
        """Every fact, in pages."""
        wanted = select(facts).where(self._rows.mine(facts)).order_by(facts.c.complaint_id).limit(PAGE)
        page = self._read(wanted)
        while page:
            yield from page.values()
            page = self._read(wanted.where(facts.c.complaint_id > max(page)))

    def _read(self, wanted: Executable, **values: Any) -> dict[UUID, Fact]:
        rows = self._rows.all(wanted, **values)
        timed = self._clocks([row["complaint_id"] for row in rows])
        return {row["complaint_id"]: _fact(row, timed.get(row["complaint_id"], {})) for row in rows}

    def _clocks(self, complaint_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, Clock]]:
        found: dict[UUID, dict[UUID, Clock]] = {}
        if complaint_ids:
            for row in self._rows.all(CLOCKS, ids=complaint_ids):
                clock = Clock(row["limit_id"], row["milestone_to"], row["missed_at"], row["of_part"])
                found.setdefault(row["complaint_id"], {})[row["clock_id"]] = clock
        return found


def _fact(row: RowMapping, timed: Mapping[UUID, Clock]) -> Fact:
    return Fact(**{name: row[name] for name in KNOWN}, clocks=timed)


def _row(fact: Fact, zone: ZoneInfo) -> dict[str, Any]:
    return {
        **{name: getattr(fact, name) for name in KNOWN},
        "counted": fact.counted,
        "in_time": fact.in_time,
        "breached": fact.breached,
        "registered_on": registered_on(fact, zone),
        "responded_on": responded_on(fact, zone),
        "closed_on": closed_on(fact, zone),
    }


def _clock_row(complaint_id: UUID, clock_id: UUID, clock: Clock, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "complaint_id": complaint_id,
        "clock_id": clock_id,
        "limit_id": clock.limit_id,
        "milestone_to": clock.milestone_to,
        "of_part": clock.of_part,
        "missed_at": clock.missed_at,
        "missed_on": day_of(clock.missed_at, zone),
    }
