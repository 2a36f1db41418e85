"""Clocks of one tenant, running and ended."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, bindparam, case, select, tuple_
from sqlalchemy.engine import RowMapping

from libs.common.db import Database
from libs.common.tenancy import TenantConnection, theirs
from services.sla.domain.clocks import Clock, State
from services.sla.domain.deadlines import Deadline, Step
from services.sla.store.places import place_of
from services.sla.tables import cases, clocks, parts, tenants

KNOWN_TO_RULES = tuple(Clock.__dataclass_fields__)
RULED = [clocks.c[name] for name in KNOWN_TO_RULES]
ENDING = ("state", "due_at", "paused_at", "met_at", "stopped_at", "stop_reason")
_its_case = (cases.c.tenant_id == clocks.c.tenant_id) & (cases.c.complaint_id == clocks.c.complaint_id)
_its_part = (parts.c.tenant_id == clocks.c.tenant_id) & (parts.c.part_id == clocks.c.part_id)
WITH_ITS_PEOPLE = clocks.join(cases, _its_case).outerjoin(parts, _its_part)
HELD_BY = {
    name: case((clocks.c.part_id.is_(None), cases.c[name]), else_=parts.c[name])
    for name in ("department", "assignee_id", "head_id")
}
HELD_BEFORE = case((clocks.c.part_id.is_(None), cases.c.held_before), else_=parts.c.held_before)
TAKEN = (
    select(*RULED)
    .where(theirs(clocks), clocks.c.complaint_id == bindparam("complaint_id", type_=clocks.c.complaint_id.type))
    .order_by(clocks.c.clock_id)
    .with_for_update()
)

RUNS = clocks.c.met_at.is_(None) & clocks.c.stopped_at.is_(None)
COUNTED_BEFORE = (
    (clocks.c.tenant_id == tenants.c.tenant_id) & RUNS & (clocks.c.counted_by < tenants.c.calendars_version)
)
WHOSE_CALENDARS_CHANGED = select(tenants.c.tenant_id).where(select(clocks.c.clock_id).where(COUNTED_BEFORE).exists())
OUTDATED = (
    select(clocks.c.complaint_id)
    .join(tenants, COUNTED_BEFORE)
    .where(theirs(clocks))
    .distinct()
    .limit(bindparam("at_most", type_=Integer))
)
UNSETTLED_NOW = clocks.c.provisional & RUNS & (clocks.c.state != State.BREACHED)
UNSETTLED = (
    select(clocks.c.complaint_id, clocks.c.limit_id, clocks.c.explanation, cases.c.procedure_version)
    .select_from(clocks.join(cases, _its_case))
    .where(theirs(clocks), UNSETTLED_NOW)
    .order_by(clocks.c.complaint_id)
)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A clock that was counted when the public holidays of `years` were not announced."""

    complaint_id: UUID
    procedure_version: int
    limit_id: str
    years: Sequence[int]


@dataclass(frozen=True, slots=True)
class Only:
    """What somebody asks for of all they may see; None: no matter which."""

    department: str | None = None
    person: UUID | None = None


def tenants_unsettled(database: Database) -> list[UUID]:
    """Whose clocks of which some may be counted again; one look at a small index."""
    with database.read() as connection:
        return list(connection.execute(select(clocks.c.tenant_id).where(UNSETTLED_NOW).distinct()).scalars())


def tenants_outdated(database: Database) -> list[UUID]:
    """Whose clocks were counted before a calendar of theirs changed; one look at an index for each tenant."""
    with database.read() as connection:
        return list(connection.execute(WHOSE_CALENDARS_CHANGED).scalars())


class Clocks:
    """The clocks of a case that were taken are remembered: nobody else changes them before the transaction ends."""

    def __init__(self, rows: TenantConnection, newest: Callable[[], int]) -> None:
        """`newest` is the last version of the Procedure that time is counted by."""
        self._rows = rows
        self._newest = newest
        self._taken: dict[UUID, dict[UUID, Clock]] = {}

    def add(self, complaint_id: UUID, clock: Clock, deadline: Deadline) -> None:
        known = {name: getattr(clock, name) for name in KNOWN_TO_RULES}
        self._rows.insert(clocks, complaint_id=complaint_id, **known | self._counted(deadline))
        if complaint_id in self._taken:
            self._taken[complaint_id][clock.clock_id] = clock

    def listed(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """All clocks of a case with their explanations, the earliest due first; to be shown."""
        return self._rows.of(clocks, clocks.c.due_at, clocks.c.clock_id, complaint_id=complaint_id)

    def case_of(self, clock_id: UUID) -> UUID | None:
        """The complaint that the clock runs for; None when the tenant has no such clock."""
        row = self._rows.first(clocks, clock_id=clock_id)
        return row["complaint_id"] if row else None

    def take(self, complaint_id: UUID) -> list[Clock]:
        """All clocks of a case, to be changed: until the transaction ends no alarm of theirs fires."""
        if complaint_id not in self._taken:
            found = [clock_of(row) for row in self._rows.all(TAKEN, complaint_id=complaint_id)]
            self._taken[complaint_id] = {clock.clock_id: clock for clock in found}
        return list(self._taken[complaint_id].values())

    def save_ended(self, ended: Sequence[Clock]) -> None:
        """Clocks that were met or stopped; one that was met while it waited ends later than it was to."""
        for clock in ended:
            self._save(clock, {name: getattr(clock, name) for name in ENDING})

    def save_states(self, states: Mapping[UUID, State]) -> None:
        for state in set(states.values()):
            these = self._rows.among(clocks.c.clock_id, [clock_id for clock_id, new in states.items() if new is state])
            self._rows.execute(clocks.update().where(self._rows.mine(clocks), these).values(state=state))
        self._taken.clear()

    def save_paused(self, clock: Clock) -> None:
        self._save(clock, {"state": clock.state, "paused_at": clock.paused_at})

    def explain(self, clock_id: UUID, deadline: Deadline) -> None:
        """Other reasons for the same end."""
        self._rows.change(clocks, self._counted(deadline), clock_id=clock_id)
        for taken in self._taken.values():
            if clock_id in taken:
                taken[clock_id] = replace(taken[clock_id], provisional=deadline.provisional)

    def outdated(self, limit: int) -> list[UUID]:
        """Up to `limit` cases with a clock that was counted before a calendar of the house changed."""
        return [row["complaint_id"] for row in self._rows.all(OUTDATED, at_most=limit)]

    def settle(self, complaint_id: UUID) -> None:
        """The open clocks of the case are counted by the newest version, also those that it does not move."""
        these = self._rows.mine(clocks) & (clocks.c.complaint_id == complaint_id) & RUNS
        self._rows.execute(clocks.update().where(these).values(counted_by=self._newest()))

    def provisional(self) -> Iterator[Unsettled]:
        """Clocks whose limit has not passed and that may be counted again when holidays are announced."""
        for row in self._rows.all(UNSETTLED):
            years = [fields["year"] for code, fields in row["explanation"] if code == "provisional"]
            yield Unsettled(row["complaint_id"], row["procedure_version"], row["limit_id"], years)

    def move(self, clock: Clock, deadline: Deadline) -> None:
        """The clock runs towards that deadline."""
        moved = {name: getattr(clock, name) for name in ("due_at", "warn_at", "state", "paused_at")}
        self._save(clock, moved | self._counted(deadline))

    def due_until(
        self,
        until: datetime,
        *,
        departments: Collection[str] | None,
        person: UUID | None,
        only: Only,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> Sequence[RowMapping]:
        """Open clocks due by then and counting, the earliest due first, past `after`.

        Those of the departments or of the person (both None: all), of these what `only` asks for.
        """
        chosen = [
            self._rows.mine(clocks),
            clocks.c.met_at.is_(None) & clocks.c.stopped_at.is_(None),
            clocks.c.paused_at.is_(None),
            clocks.c.due_at <= until,
        ]
        if departments is not None:
            in_them = HELD_BY["department"].in_(departments)
            chosen.append(in_them if person is None else in_them | (HELD_BY["assignee_id"] == person))
        if only.department is not None:
            chosen.append(HELD_BY["department"] == only.department)
        if only.person is not None:
            chosen.append(HELD_BY["assignee_id"] == only.person)
        order = (clocks.c.due_at, clocks.c.clock_id)
        if after is not None:
            chosen.append(tuple_(*order) > place_of(after, *order))
        shown = select(clocks, cases.c.procedure_version, *(who.label(name) for name, who in HELD_BY.items()))
        return self._rows.all(shown.select_from(WITH_ITS_PEOPLE).where(*chosen).order_by(*order).limit(limit))

    def _counted(self, deadline: Deadline) -> dict[str, Any]:
        explanation = [[step.code, dict(step.fields)] for step in deadline.explanation]
        return {"provisional": deadline.provisional, "explanation": explanation, "counted_by": self._newest()}

    def _save(self, clock: Clock, values: Mapping[str, Any]) -> None:
        self._rows.change(clocks, values, clock_id=clock.clock_id)
        for taken in self._taken.values():
            if clock.clock_id in taken:
                taken[clock.clock_id] = clock


def clock_of(row: Mapping[Any, Any]) -> Clock:
    known = {name: row[name] for name in KNOWN_TO_RULES}
    return Clock(**known | {"state": State(row["state"])})


def steps_of(kept: Iterable[Any]) -> tuple[Step, ...]:
    """The explanation of a deadline as it was kept."""
    return tuple(Step(code, fields) for code, fields in kept)
