"""The judge on time: what sla said of each clock, held against what dispatch and notify said (SL-1, SL-4 to SL-7)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from deploy.databases import Databases
from tests.simulation.platform import Tenant
from tests.simulation.retelling import retold

A_DAY = 24 * 60
SAID = "SELECT subject, type, body, occurred_at FROM sent WHERE tenant_id = :tenant ORDER BY subject, sequence"


@dataclass
class Heard:
    """One clock as sla told of it. `due_at` None: it waits; `breached_at`: when sla said that its limit passed."""

    complaint: str
    limit_id: str
    part_id: str
    due_at: datetime | None
    known_at: datetime
    ended_at: datetime | None = None
    breached_at: datetime | None = None
    stirred: str = ""
    extended: list[tuple[datetime, datetime]] = field(default_factory=list)

    def hear(self, kind: str, said: dict[str, Any], at: datetime) -> None:
        if self.ended_at is not None:
            self.stirred = kind
        match kind:
            case "clock.paused":
                self.due_at = None
            case "clock.moved":
                self._move(said, at)
            case "clock.breached":
                self.breached_at = at
            case "clock.met" | "clock.stopped":
                self.ended_at = at

    def _move(self, said: dict[str, Any], at: datetime) -> None:
        waits = self.due_at is None and said["reason"] == "extended"
        self.due_at, self.known_at = None if waits else _at(said["due_at"]), at
        self.breached_at = None
        if said["reason"] == "extended":
            self.extended.append((_at(said["due_at"]), at if waits else _at(said["old_due_at"])))


def clocks_of(databases: Databases, tenant: Tenant) -> dict[str, Heard]:
    """By the clock's id."""
    clocks: dict[str, Heard] = {}
    for subject, name, body, occurred_at in databases.rows("sla", SAID, only=tenant.tenant_id):
        kind, said, at = str(name).removesuffix(".v1"), json.loads(str(body)), _stored(occurred_at)
        if kind == "clock.started":
            due, part_id = _at(said["due_at"]), said["part_id"] or ""
            clocks[said["clock_id"]] = Heard(UUID(str(subject)).hex, said["limit_id"], part_id, due, at)
        elif "clock_id" in said:
            clocks[said["clock_id"]].hear(kind, said, at)
    return clocks


def wrong_clocks(databases: Databases, tenant: Tenant) -> Iterator[str]:
    """SL-1, SL-7: each limit that held once its first milestone was reached has a clock, and no other has."""
    have: dict[str, set[tuple[str, str]]] = {}
    for clock in clocks_of(databases, tenant).values():
        have.setdefault(clock.complaint, set()).add((clock.limit_id, clock.part_id))
    for complaint, told in retold(databases, tenant.tenant_id, tenant.procedure, tenant.zone).items():
        clocks = have.get(complaint, set())
        yield from (f"{complaint} lacks {' of part '.join(each)}" for each in sorted(told.owed - clocks))
        yield from (f"{complaint} has no need of {' of part '.join(each)}" for each in sorted(clocks - told.owed))


def stirred_after_their_end(databases: Databases, tenant: Tenant) -> Iterator[str]:
    """SL-7: a clock that was met or stopped says nothing any more, whatever happens to its case."""
    for clock_id, clock in clocks_of(databases, tenant).items():
        if clock.stirred:
            yield f"clock {clock_id} of {clock.limit_id} had ended, and {clock.stirred} was said"


def never_heard(databases: Databases, tenant: Tenant, latest: Any, now: datetime) -> Iterator[str]:
    """SL-4: a limit that passed while its clock ran was said to be passed. `latest` is when it had to be, at most."""
    for clock_id, clock in clocks_of(databases, tenant).items():
        if clock.due_at is None:
            continue
        by = latest(max(clock.due_at, clock.known_at))
        if (clock.ended_at or now) > by and clock.breached_at is None:
            yield f"clock {clock_id} of {clock.limit_id} ended at {clock.due_at}, and nobody heard of it by {by}"


def extended_untold(databases: Databases, tenant: Tenant) -> Iterator[str]:
    """SL-5: a limit moves for an extension only when it was granted and the complainant was told by the old end."""
    granted: dict[tuple[str, str], list[datetime]] = {}
    told_at = _told(databases, tenant)
    for subject, kind, body, at in databases.rows("dispatch", SAID, only=tenant.tenant_id):
        if kind == "case.extension_granted.v1":
            said = json.loads(str(body))
            known = [_stored(at)] if said["told"] else told_at.get(said["extension_id"], [])
            granted.setdefault((UUID(str(subject)).hex, said["limit_id"]), []).extend(known)
    for clock_id, clock in clocks_of(databases, tenant).items():
        for _, old_end in clock.extended:
            known = granted.get((clock.complaint, clock.limit_id), [])
            if not any(at <= old_end for at in known):
                yield f"clock {clock_id} of {clock.limit_id} was extended, and nobody was told by {old_end}"


def _told(databases: Databases, tenant: Tenant) -> dict[str, list[datetime]]:
    """When notices of each extension reached a complainant."""
    told: dict[str, list[datetime]] = {}
    for _, kind, body, at in databases.rows("notify", SAID, only=tenant.tenant_id):
        said = json.loads(str(body))
        if kind == "notice.delivered.v1" and said["kind"] == "extension" and said["to"] == "complainant":
            told.setdefault(said["about"], []).append(_stored(at))
    return told


def ends_on_a_closed_day(databases: Databases, tenant: Tenant, closed: Mapping[date, datetime]) -> Iterator[str]:
    """SL-2: what is promised in days ends on no day on which the house is closed, once that could be known."""
    in_days = {each.id for each in tenant.procedure.limits if each.within.unit in ("d", "wd")}
    for clock_id, clock in clocks_of(databases, tenant).items():
        if clock.limit_id not in in_days or clock.extended or clock.due_at is None:
            continue
        last = (clock.due_at - timedelta(seconds=1)).astimezone(tenant.zone).date()
        over = min(clock.ended_at or clock.due_at, clock.due_at)
        if last in closed and closed[last] < over:
            yield f"clock {clock_id} of {clock.limit_id} ends on {last}, when the house is closed"


def off_the_wall_clock(databases: Databases, tenant: Tenant) -> Iterator[str]:
    """SL-2: what is promised in days and waits for nobody ends at midnight or at close of business, as the house's
    own wall clock shows them, also where clocks were changed on the way."""
    in_days = {each.id: each for each in tenant.procedure.limits if each.within.unit in ("d", "wd") and not each.pause}
    for _, kind, body, _ in databases.rows("sla", SAID, only=tenant.tenant_id):
        said = json.loads(str(body))
        if kind == "clock.started.v1" and (limit := in_days.get(said["limit_id"])):
            calendar = tenant.procedure.calendars[limit.calendar]
            closings = {hours[-1].closes % A_DAY for hours in calendar.hours if hours}
            shown = _at(said["due_at"]).astimezone(tenant.zone)
            if shown.hour * 60 + shown.minute not in (closings if limit.within.end_of_day else {0}):
                yield f"clock {said['clock_id']} of {limit.id} ends at {shown}"


def _stored(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
