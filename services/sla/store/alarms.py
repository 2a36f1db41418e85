"""Alarms of one tenant: rows that wait for their moment."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, bindparam, select

from libs.common.db import UtcDateTime
from libs.common.tenancy import TenantConnection, theirs
from services.sla.domain.case import Holder
from services.sla.domain.clocks import Alarm, AlarmKind, State
from services.sla.store.cases import holders
from services.sla.store.clocks import HELD_BEFORE, HELD_BY, WITH_ITS_PEOPLE
from services.sla.tables import alarms, clocks

_now = bindparam("now", type_=UtcDateTime)
_due = select(alarms.c.clock_id).where(theirs(alarms), alarms.c.due_at <= _now).order_by(alarms.c.due_at)
WATCHED = (
    select(
        *(clocks.c[name] for name in ("clock_id", "state")),
        HELD_BEFORE,
        *(clocks.c[name] for name in ("due_at", "limit_id", "complaint_id", "part_id")),
        *HELD_BY.values(),
    )
    .select_from(WITH_ITS_PEOPLE)
    .where(theirs(clocks), clocks.c.clock_id.in_(_due.limit(bindparam("at_most", type_=Integer))))
    .with_for_update(skip_locked=True, of=clocks)
)


class Watched(NamedTuple):
    """A clock with an alarm that is due, and who answers for it now: the part's people or the case's."""

    clock_id: UUID
    state: State
    held_before: Sequence[Holder]
    due_at: datetime
    limit_id: str
    complaint_id: UUID
    part_id: UUID | None
    department: str
    assignee_id: UUID | None
    head_id: UUID | None


class DueAlarm(NamedTuple):
    """An alarm whose moment has come."""

    alarm: Alarm
    clock: Watched


class Alarms:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, complaint_id: UUID, clock_id: UUID, alarm: Alarm) -> None:
        self._rows.insert(
            alarms,
            complaint_id=complaint_id,
            clock_id=clock_id,
            kind=alarm.kind,
            level=alarm.level,
            to_role=alarm.to_role,
            fire_at=alarm.fire_at,
            fired_at=None,
            due_at=alarm.fire_at,
        )

    def withdraw(self, clock_id: UUID) -> None:
        """Those that wait for their moment go: the clock does not count."""
        self._rows.remove(alarms, clock_id=clock_id, fired_at=None)

    def forget(self, clock_id: UUID) -> None:
        """Those that fired too: they told of an end that is no more."""
        self._rows.remove(alarms, clock_id=clock_id)

    def take_due(self, now: datetime, limit: int) -> list[DueAlarm]:
        """The due alarms of up to `limit` clocks, all of each clock; nobody else gets them before the transaction ends.

        A clock that is being changed at this moment is passed over. It is the clocks that are taken, and their alarms
        looked at afterwards: two workers never share a clock, so that each is heard in order.
        """
        found = self._rows.run(WATCHED, now=now, at_most=limit).fetchall()
        watched = {
            clock_id: Watched(clock_id, State(state), holders(before), *more)
            for clock_id, state, before, *more in found
        }
        theirs = self._rows.mine(alarms) & self._rows.among(alarms.c.clock_id, watched) & (alarms.c.due_at <= now)
        chosen = select(alarms.c.clock_id, *(alarms.c[name] for name in ("kind", "level", "fire_at", "to_role")))
        return [
            DueAlarm(Alarm(AlarmKind(kind), *more), watched[clock_id])
            for clock_id, kind, *more in self._rows.execute(chosen.where(theirs)).fetchall()
        ]

    def mark_fired(self, fired: Sequence[DueAlarm], at: datetime) -> None:
        """They stay as history."""
        for these in self._by_kind(fired):
            self._rows.execute(alarms.update().where(these).values(fired_at=at, due_at=None))

    def drop(self, dropped: Sequence[DueAlarm]) -> None:
        """They have nothing left to tell."""
        for these in self._by_kind(dropped):
            self._rows.execute(alarms.delete().where(these))

    def put_off(self, waiting: Sequence[DueAlarm], until: datetime) -> None:
        for these in self._by_kind(waiting):
            self._rows.execute(alarms.update().where(these).values(due_at=until))

    def _by_kind(self, these: Sequence[DueAlarm]) -> Iterator[ColumnElement[bool]]:
        """Conditions that together name them: one for each kind and level, of which there are few."""
        clocks_of: dict[tuple[AlarmKind, int], list[UUID]] = {}
        for alarm, clock in these:
            clocks_of.setdefault((alarm.kind, alarm.level), []).append(clock.clock_id)
        for (kind, level), clock_ids in clocks_of.items():
            of_kind = self._rows.mine(alarms) & (alarms.c.kind == kind) & (alarms.c.level == level)
            yield of_kind & self._rows.among(alarms.c.clock_id, clock_ids)
