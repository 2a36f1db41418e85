"""The duty roster of one week: whose shift is when, by department and day."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from services.portal.domain.deadlines import moment

PLAN_OWN, PLAN_ALL = "supervisor", {"coordinator", "manager", "admin"}
WEEK = timedelta(days=7)
TOLD_BY = ("person_id", "starts_at", "ends_at", "role")


@dataclass(frozen=True)
class Shift:
    """One entry of a department's roster; times are the tenant's own."""

    department: str
    person_id: str
    role: str  # duty | duty_manager
    starts_at: datetime
    ends_at: datetime
    said: tuple[str, str]  # both times as dispatch writes them

    @property
    def overnight(self) -> bool:
        """It ends on another day, midnight apart."""
        return (self.ends_at - timedelta(microseconds=1)).date() != self.starts_at.date()


def monday_of(wanted: str | None, today: date) -> date:
    """The first day of the week in which `wanted` lies; of this week when it is no day that can be shown."""
    try:
        day = date.fromisoformat(wanted or "")
    except ValueError:
        day = today
    if not 2000 <= day.year < 2200:
        day = today
    return day - timedelta(days=day.weekday())


def shifts(entries: Iterable[Mapping[str, Any]], zone: tzinfo) -> list[Shift]:
    """The entries that can be read, the earliest first."""
    read = []
    for entry in entries:
        starts_at, ends_at = moment(entry.get("starts_at")), moment(entry.get("ends_at"))
        if starts_at and ends_at:
            said = (str(entry["starts_at"]), str(entry["ends_at"]))
            whose = (str(entry.get("department")), str(entry.get("person_id")), str(entry.get("role")))
            read.append(Shift(*whose, starts_at.astimezone(zone), ends_at.astimezone(zone), said))
    return sorted(read, key=lambda shift: (shift.starts_at, shift.person_id))


def of_week(planned: Iterable[Shift], monday: date) -> dict[str, dict[date, list[Shift]]]:
    """The week's shifts by department and day; one that began before it stands on its first day."""
    found: dict[str, dict[date, list[Shift]]] = {}
    for shift in planned:
        begins, ends = shift.starts_at.date(), (shift.ends_at - timedelta(microseconds=1)).date()
        if begins < monday + WEEK and ends >= monday:
            found.setdefault(shift.department, {}).setdefault(max(begins, monday), []).append(shift)
    return found


def next_of(planned: Iterable[Shift], now: datetime) -> dict[str, Shift]:
    """Who comes next in each department: the first shift that is still to begin."""
    found: dict[str, Shift] = {}
    for shift in planned:
        if shift.starts_at > now and shift.role == "duty":
            found.setdefault(shift.department, shift)
    return found


def plannable(roles: Collection[str], own: Collection[str], departments: Iterable[str]) -> list[str]:
    """The departments whose roster a person with these roles may change, as dispatch has it."""
    everywhere = bool(PLAN_ALL & set(roles))
    return [each for each in departments if everywhere or (PLAN_OWN in roles and each in own)]


def without(
    entries: Iterable[Mapping[str, Any]], gone: Mapping[str, Any] | None, working: Collection[str]
) -> list[dict[str, Any]]:
    """What the roster still has once one entry is taken out; who does not work here any more has no shifts."""

    def same(entry: Mapping[str, Any]) -> bool:
        return gone is not None and all(str(entry.get(name)) == str(gone.get(name)) for name in TOLD_BY)

    return [dict(entry) for entry in entries if str(entry.get("person_id")) in working and not same(entry)]
