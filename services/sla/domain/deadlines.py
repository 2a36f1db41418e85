"""By when a limit ends, when to warn before it (SL-1 to SL-3), and why: rule, calendar, days skipped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from libs.common.procedure.document import Limit
from libs.common.procedure.duration import Share, Span
from services.sla.domain.calendar import WorkingCalendar
from services.sla.domain.opening import Day, DayKind

Field = str | int | Mapping[str, str]

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_COUNTING = {
    "min": "elapsed",
    "h": "elapsed",
    "wh": "working_time",
    "wd": "working_days",
    "d": "calendar_days",
}
_LAST_STEPS = frozenset({"provisional", "due", "warned_at_share", "warned_before"})


@dataclass(frozen=True, slots=True)
class Step:
    """One reason for a deadline, fit for JSON: a `code` of `wording.SENTENCES` and what fills its blanks."""

    code: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """The end of a limit in UTC; a milestone at `due_at` itself is in time.

    `warn_at` lies between start and end, None without a warning. `provisional`: public holidays that matter
    here are not announced yet, so the end may still move.
    """

    limit_id: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime | None
    provisional: bool
    explanation: tuple[Step, ...]


def deadline(limit: Limit, start: datetime, calendar: WorkingCalendar) -> Deadline:
    """The deadline of a limit that began to run at `start`, in the calendar the limit names (SL-1)."""
    due_at = span_after(limit.within, start, calendar)
    warn_at = _warn_at(limit, start, due_at, calendar)
    days = _days_that_matter(limit.within, start, due_at, calendar)
    unannounced = sorted({day.day.year for day in days if calendar.is_provisional(day.day)})
    return Deadline(
        limit_id=limit.id,
        started_at=start.astimezone(UTC),
        due_at=due_at,
        warn_at=warn_at,
        provisional=bool(unannounced),
        explanation=(
            *_rule(limit, start, calendar),
            *_days_moved(limit.within, days),
            *(Step("provisional", {"year": year}) for year in unannounced),
            *_result(limit, due_at, warn_at, calendar),
        ),
    )


def moved(
    before: Deadline, limit: Limit, due_at: datetime, because: tuple[Step, ...], calendar: WorkingCalendar
) -> Deadline:
    """The deadline once its end is `due_at`, warned of as long before, in the limit's own time, as it was.

    While the limit still waits, the explanation names no end: that depends on how long the wait will be.
    """
    warn_at = _as_long_before(before, limit.within, due_at, calendar)
    days = _days_that_matter(limit.within, before.started_at, due_at, calendar)
    kept = tuple(step for step in before.explanation if step.code not in _LAST_STEPS)
    unannounced = sorted({day.day.year for day in days if calendar.is_provisional(day.day)})
    return replace(
        before,
        due_at=due_at,
        warn_at=warn_at,
        provisional=bool(unannounced),
        explanation=(
            *kept,
            *because,
            *(Step("provisional", {"year": year}) for year in unannounced),
            *(() if any(step.code == "waiting" for step in because) else _result(limit, due_at, warn_at, calendar)),
        ),
    )


def _as_long_before(before: Deadline, within: Span, due_at: datetime, calendar: WorkingCalendar) -> datetime | None:
    if before.warn_at is None:
        return None
    if within.unit in ("wh", "wd"):
        left = calendar.working_seconds_between(before.warn_at, before.due_at)
        warn_at = calendar.subtract_working_time(due_at, left)
    else:
        warn_at = due_at - (before.due_at - before.warn_at)
    return max(warn_at, before.started_at)


def span_after(span: Span, start: datetime, calendar: WorkingCalendar) -> datetime:
    """When `span` after `start` ends, in UTC (SL-2). A span of nothing ends at `start`.

    Minutes and hours run through nights and rest days; the other units as `WorkingCalendar` counts them.
    """
    if span.amount == 0:
        return start.astimezone(UTC)
    match span.unit:
        case "wh":
            return calendar.add_working_time(start, _seconds(span))
        case "wd":
            return calendar.add_working_days(start, span.amount, span.end_of_day)
        case "d":
            return calendar.add_calendar_days(start, span.amount, span.end_of_day)
        case _:
            return start.astimezone(UTC) + _SECOND * _seconds(span)


def span_before(span: Span, end: datetime, calendar: WorkingCalendar) -> datetime:
    """When `span` still remains until `end`, in UTC.

    Working days: the opening of the day from which on that many working days remain, the last included.
    Calendar days: the same time of day. With `end_of_day`: the last close of business before those days.
    """
    if span.amount == 0:
        return end.astimezone(UTC)
    match span.unit:
        case "wh":
            return calendar.subtract_working_time(end, _seconds(span))
        case "wd":
            return _working_days_before(span, end, calendar)
        case "d" if span.end_of_day:
            day = calendar.local_day(end - _SECOND) - span.amount * _DAY
            return calendar.end_of(calendar.nth_working_day_back(day, 1), end_of_day=True)
        case "d":
            return (end.astimezone(calendar.zone) - span.amount * _DAY).astimezone(UTC)
        case _:
            return end.astimezone(UTC) - _SECOND * _seconds(span)


def _working_days_before(span: Span, end: datetime, calendar: WorkingCalendar) -> datetime:
    last = calendar.local_day(calendar.subtract_working_time(end, 1))
    if span.end_of_day:
        return calendar.end_of(calendar.nth_working_day_back(last, span.amount + 1), end_of_day=True)
    return calendar.opening_of(calendar.nth_working_day_back(last, span.amount))


def _seconds(span: Span) -> int:
    return span.amount * (60 if span.unit == "min" else 3600)


def _warn_at(limit: Limit, start: datetime, due_at: datetime, calendar: WorkingCalendar) -> datetime | None:
    if limit.warn is None:
        return None
    if isinstance(limit.warn, Share):
        warn_at = _share_of(limit.warn, limit.within, start, due_at, calendar)
    else:
        warn_at = span_before(limit.warn, due_at, calendar)
    return max(warn_at, start.astimezone(UTC))


def _share_of(share: Share, within: Span, start: datetime, due_at: datetime, calendar: WorkingCalendar) -> datetime:
    """For a limit in working time a share of that time, so that the warning falls into opening hours."""
    if within.unit in ("wh", "wd"):
        seconds = calendar.working_seconds_between(start, due_at)
        return calendar.add_working_time(start, seconds * share.percent // 100)
    return start.astimezone(UTC) + (due_at - start) * share.percent // 100


def _days_that_matter(within: Span, start: datetime, due_at: datetime, calendar: WorkingCalendar) -> tuple[Day, ...]:
    """The days on which the calendar was asked: every one counted or skipped. None for elapsed time."""
    first = calendar.local_day(start)
    match within.unit:
        case "wd":
            first += _DAY
        case "d":
            first += within.amount * _DAY
        case "min" | "h":
            return ()
    last = calendar.local_day(due_at - _SECOND)
    return tuple(calendar.day(day) for day in _dates(first, last))


def _dates(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))


def _rule(limit: Limit, start: datetime, calendar: WorkingCalendar) -> Iterator[Step]:
    within = limit.within
    yield Step("limit", {"name": dict(limit.name), "amount": within.amount, "unit": within.unit})
    yield Step("started", {"at": clock_reading(start, calendar), "zone": calendar.zone.key})
    yield Step(_COUNTING[within.unit], {"calendar": limit.calendar})
    if within.unit in ("wd", "d"):
        yield Step("ends_at_close" if within.end_of_day else "ends_at_midnight", {})


def _days_moved(within: Span, days: tuple[Day, ...]) -> Iterator[Step]:
    for (kind, _), group in groupby(days, key=lambda day: (day.kind, day.names)):
        if kind not in (DayKind.WORKING, DayKind.REST):
            yield _moved(list(group))
    if rest := sum(day.kind is DayKind.REST for day in days):
        yield Step("rest_days", {"count": rest})
    if within.unit == "d" and len(days) > 1:
        yield Step("rolled", {"first": days[0].day.isoformat(), "last": days[-1].day.isoformat()})


def _moved(days: list[Day]) -> Step:
    fields: dict[str, Field] = {
        "first": days[0].day.isoformat(),
        "last": days[-1].day.isoformat(),
        "names": dict(days[0].names),
    }
    return Step(days[0].kind.value, fields)


def _result(limit: Limit, due_at: datetime, warn_at: datetime | None, calendar: WorkingCalendar) -> Iterator[Step]:
    at = clock_reading(due_at, calendar, last=limit.within.unit in ("wh", "wd", "d"))
    yield Step("due", {"at": at, "zone": calendar.zone.key})
    if warn_at is None:
        return
    warned = clock_reading(warn_at, calendar)
    if isinstance(limit.warn, Share):
        yield Step("warned_at_share", {"at": warned, "percent": limit.warn.percent})
    elif limit.warn is not None:
        yield Step("warned_before", {"at": warned, "amount": limit.warn.amount, "unit": limit.warn.unit})


def clock_reading(moment: datetime, calendar: WorkingCalendar, last: bool = False) -> str:
    """`2026-02-25 09:30` in the calendar's zone; with `last`, midnight is 24:00 of the day before."""
    local = moment.astimezone(calendar.zone)
    if last and local.hour == local.minute == local.second == 0:
        return f"{local.date() - _DAY:%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
