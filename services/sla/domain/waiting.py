"""What moves the end of a limit that runs: waiting for others (SL-6), and more time that was granted (SL-5).

A wait is taken off in the limit's own counting: seconds; opening hours; for limits in days those days through
whose end it waited. So the time used and the time left always make up the limit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from libs.common.procedure.document import Limit
from services.sla.domain.calendar import WorkingCalendar
from services.sla.domain.deadlines import Deadline, Step, clock_reading, deadline, moved

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """The case, or only a part of it, waits for somebody who is not of the house; `ended_at` is None while it does."""

    pause_id: UUID
    part_id: UUID | None = None
    waits_for: str
    began_at: datetime
    ended_at: datetime | None = None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """More time for a limit. `in_time`: whether the complainant was told before the old end, None until told."""

    extension_id: UUID
    limit_id: str
    round: int
    old_due_at: datetime
    due_at: datetime
    granted_at: datetime
    granted_by: UUID
    reason: str
    told_at: datetime | None = None
    in_time: bool | None = None

    def told(self, at: datetime, ends_at: datetime) -> "Extension":
        """Once the complainant knows, for a limit that ends at `ends_at`. Only the first telling counts."""
        return self if self.told_at else replace(self, told_at=at, in_time=at <= ends_at)


@dataclass(frozen=True, slots=True)
class History:
    """All that was waited for and granted in a case so far."""

    pauses: Sequence[Pause] = ()
    extensions: Sequence[Extension] = ()

    def of_part(self, part_id: UUID | None) -> "History":
        """As it concerns a clock: a part waits with the case and by itself, the case (None) not for a part."""
        return replace(self, pauses=[each for each in self.pauses if each.part_id in (None, part_id)])

    def until(self, at: datetime) -> "History":
        """As it was at that moment, with every wait over."""
        waited = [each for each in self.pauses if each.began_at < at]
        return replace(self, pauses=[replace(each, ended_at=min(each.ended_at or at, at)) for each in waited])


def deadline_after(
    limit: Limit, start: datetime, calendar: WorkingCalendar, history: History, round: int = 1
) -> Deadline:
    """The deadline of a limit that began to run at `start`, with all that moved it since.

    A wait that begins when the limit has passed moves nothing, nor does an extension told of too late.
    """
    found = deadline(limit, start, calendar)
    end = _End(limit, start, found.due_at, calendar)
    granted = [each for each in history.extensions if (each.limit_id, each.round) == (limit.id, round)]
    changes: list[Pause | Extension] = [*waits_of(limit, start, history.pauses), *granted]
    for change in sorted(changes, key=_takes_effect):
        if isinstance(change, Extension):
            end.extend(change)
        else:
            end.wait(change)
    return moved(found, limit, end.due_at, tuple(end.because), calendar) if end.because else found


def waits_of(limit: Limit, start: datetime, pauses: Iterable[Pause]) -> list[Pause]:
    """The waits of a limit since its start, in order, those that overlap made one; only the last may go on."""
    waits: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.began_at):
        if pause.waits_for not in limit.pause or (pause.ended_at is not None and pause.ended_at <= start):
            continue
        if waits and (waits[-1].ended_at is None or pause.began_at <= waits[-1].ended_at):
            waits[-1] = replace(waits[-1], ended_at=_later(waits[-1].ended_at, pause.ended_at))
        else:
            waits.append(replace(pause, began_at=max(pause.began_at, start)))
    return waits


def waiting_since(limit: Limit, start: datetime, pauses: Iterable[Pause]) -> datetime | None:
    """Since when the limit has been waiting; None when it is not."""
    waits = waits_of(limit, start, pauses)
    return waits[-1].began_at if waits and waits[-1].ended_at is None else None


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def _takes_effect(change: Pause | Extension) -> tuple[bool, datetime]:
    """Waits by their end and extensions by their telling; what still goes on comes last."""
    at = change.ended_at if isinstance(change, Pause) else change.told_at
    return at is None, at or (change.began_at if isinstance(change, Pause) else change.granted_at)


class _End:
    """The end of one limit while it is moved, and why."""

    def __init__(self, limit: Limit, start: datetime, due_at: datetime, calendar: WorkingCalendar) -> None:
        self.due_at = due_at
        self.because: list[Step] = []
        self._within, self._calendar = limit.within, calendar
        self._first = calendar.local_day(start) + _DAY
        self._last = self._last_day(due_at)  # of calendar days the last before a move from days of rest
        if limit.within.unit == "d" and limit.within.amount:
            self._last = self._first + (limit.within.amount - 1) * _DAY
        self._extended = False

    def wait(self, pause: Pause) -> None:
        if pause.began_at >= self.due_at:
            return
        told = {"from_at": self._reading(pause.began_at), "waits_for": pause.waits_for, "reason": pause.reason}
        if pause.ended_at is None:
            self.because.append(Step("waiting", told))
            return
        self.due_at = self._after(pause.began_at, pause.ended_at)
        told |= {"to_at": self._reading(pause.ended_at), "at": self._reading(self.due_at, last=True)}
        self.because.append(Step("waited", told))

    def extend(self, granted: Extension) -> None:
        told = {"at": self._reading(granted.due_at, last=True), "reason": granted.reason}
        if granted.told_at is None:
            self.because.append(Step("extension_not_told", told))
            return
        told |= {"told_at": self._reading(granted.told_at)}
        self.because.append(Step("extended" if granted.in_time else "extension_told_late", told))
        if granted.in_time and granted.due_at > self.due_at:
            self.due_at, self._extended = granted.due_at, True
            self._last = self._last_day(granted.due_at)

    def _after(self, began_at: datetime, ended_at: datetime) -> datetime:
        """The end once it was waited from `began_at`, before the end, to `ended_at`."""
        match self._within.unit:
            case "wh":
                left = self._calendar.working_seconds_between(began_at, self.due_at)
                return self._calendar.add_working_time(ended_at, left)
            case "wd" | "d":
                return self._days_later(self._calendar.local_day(began_at), self._calendar.local_day(ended_at))
            case _:
                return self.due_at + (ended_at - began_at)

    def _days_later(self, began: date, ended: date) -> datetime:
        """Not counted are the days from `began` until the day before `ended`: through their end it waited."""
        first = max(began, self._first)
        waited = [first + n * _DAY for n in range((ended - first).days)]
        if self._within.unit == "wd":
            waited = [day for day in waited if self._calendar.is_working_day(day)]
        if not waited:
            return self.due_at
        before = self._last_day(self.due_at)
        last = self._last_after(waited, ended, before)
        if self._extended:  # to an hour of its own, which it keeps
            local = self.due_at.astimezone(self._calendar.zone)
            return (local + (last - before)).astimezone(UTC)
        return self._calendar.end_of(last, self._within.end_of_day)

    def _last_after(self, waited: list[date], ended: date, before: date) -> date:
        """The last day of the limit once these days do not count; `before`, it was the last."""
        if self._within.unit == "wd":
            return self._calendar.nth_working_day(before, len(waited))
        if self._last >= waited[0]:
            self._last += len(waited) * _DAY
        return self._calendar.working_day_from(max(self._last, ended))

    def _last_day(self, due_at: datetime) -> date:
        return self._calendar.local_day(due_at - _SECOND)

    def _reading(self, moment: datetime, last: bool = False) -> str:
        return clock_reading(moment, self._calendar, last=last and self._within.unit in ("wh", "wd", "d"))
