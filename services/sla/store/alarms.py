"""Alarms: rows that wait for their moment. Due ones are claimed for all tenants, then worked for each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy.engine import Connection

from libs.common import due
from libs.common.db import Database
from libs.common.tenancy import TenantConnection
from services.sla.domain.clocks import Alarm, AlarmKind
from services.sla.tables import alarms


@dataclass(frozen=True, slots=True)
class DueAlarm:
    """An alarm whose moment has come."""

    tenant_id: UUID
    alarm_id: UUID
    clock_id: UUID
    alarm: Alarm


def anything_due(database: Database, now: datetime) -> bool:
    """Whether any tenant has an alarm due; one look at an index."""
    with database.read() as connection:
        return due.anything_due(connection, alarms, now)


def claim(connection: Connection, now: datetime, limit: int) -> list[DueAlarm]:
    """Up to `limit` due alarms of all tenants, in turns; nobody else gets them before the transaction ends."""
    rows = due.hold(connection, alarms, now=now, limit=limit, key="alarm_id")
    return [
        DueAlarm(
            row["tenant_id"],
            row["alarm_id"],
            row["clock_id"],
            Alarm(AlarmKind(row["kind"]), row["level"], row["fire_at"], row["to_role"]),
        )
        for row in rows
    ]


class Alarms:
    """The alarms of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, complaint_id: UUID, clock_id: UUID, alarm: Alarm) -> None:
        self._rows.insert(
            alarms,
            alarm_id=uuids.uuid7(),
            complaint_id=complaint_id,
            clock_id=clock_id,
            kind=alarm.kind,
            level=alarm.level,
            to_role=alarm.to_role,
            fire_at=alarm.fire_at,
            fired_at=None,
            due_at=alarm.fire_at,
            attempts=0,
        )

    def withdraw(self, clock_id: UUID) -> None:
        """Those that wait for their moment go: the clock does not count."""
        self._rows.remove(alarms, clock_id=clock_id, fired_at=None)

    def forget(self, clock_id: UUID) -> None:
        """Those that fired too: they told of an end that is no more."""
        self._rows.remove(alarms, clock_id=clock_id)

    def mark_fired(self, alarm_ids: Collection[UUID], at: datetime) -> None:
        """They stay as history."""
        these = self._rows.mine(alarms) & self._rows.among(alarms.c.alarm_id, alarm_ids)
        self._rows.execute(alarms.update().where(these).values(fired_at=at, due_at=None))

    def drop(self, alarm_ids: Collection[UUID]) -> None:
        """They have nothing left to tell."""
        self._rows.execute(
            alarms.delete().where(self._rows.mine(alarms), self._rows.among(alarms.c.alarm_id, alarm_ids))
        )

    def put_off(self, alarm_ids: Collection[UUID], until: datetime) -> None:
        these = self._rows.mine(alarms) & self._rows.among(alarms.c.alarm_id, alarm_ids)
        self._rows.execute(alarms.update().where(these).values(due_at=until))
