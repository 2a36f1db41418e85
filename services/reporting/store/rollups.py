"""The rollups of one tenant: written by differences, read by period."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, func, or_, select

from libs.common.many_rows import added
from libs.common.tenancy import TenantConnection
from services.reporting import tables
from services.reporting.domain.period import Period
from services.reporting.domain.rollups import MEASURES, SERIES, Rollups
from services.reporting.tables import daily, daily_times, days, monthly, monthly_times, open_cases

BY_MEASURE = {"daily": MEASURES, "monthly": MEASURES, "days": SERIES}
NAMES = (*BY_MEASURE, "daily_times", "monthly_times", "open_cases")
Departments = Collection[str] | None  # None: all of them


class RollupRows:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, differences: Rollups) -> None:
        """Add to what is there, in key order so that no two transactions wait for each other in a circle."""
        for name in NAMES:
            table: Table = getattr(tables, name)
            counts: Counter[tuple[Any, ...]] = getattr(differences, name)
            changed = {key: count for key, count in counts.items() if count}
            rows = _wide(table, changed, BY_MEASURE[name]) if name in BY_MEASURE else _long(table, changed)
            self._rows.insert_many(table, rows, added(table))

    def kept(self) -> Rollups:
        """Everything as it is stored, to be compared with a recount."""
        kept = Rollups()
        for name in NAMES:
            table: Table = getattr(tables, name)
            counts: Counter[tuple[Any, ...]] = getattr(kept, name)
            keys = _keys(table)
            for row in self._rows.of(table):
                key = tuple(row[part] for part in keys)
                if name in BY_MEASURE:
                    counts.update({(*key, measure): row[measure] for measure in BY_MEASURE[name]})
                else:
                    counts[key] += row["count"]
        return kept

    def sums(self, period: Period, departments: Departments) -> dict[tuple[str, str, str], Mapping[str, int]]:
        """Counts of the period by (department, category, channel)."""
        found: dict[tuple[str, str, str], Counter[str]] = {}
        for table, within in _parts(period, daily, monthly):
            keys = (table.c.department, table.c.category, table.c.channel)
            counts = (func.sum(table.c[measure]).label(measure) for measure in MEASURES)
            wanted = select(*keys, *counts).where(self._mine(table, departments), within).group_by(*keys)
            for row in self._rows.all(wanted):
                key = (row["department"], row["category"], row["channel"])
                counter = found.setdefault(key, Counter())
                counter.update({measure: int(row[measure]) for measure in MEASURES})
        return dict(found)

    def times(self, period: Period, departments: Departments) -> dict[str, Mapping[int, int]]:
        """The histograms of the period by measure."""
        found: dict[str, Counter[int]] = {}
        for table, within in _parts(period, daily_times, monthly_times):
            keys = (table.c.measure, table.c.bucket)
            wanted = select(*keys, func.sum(table.c.count).label("number"))
            wanted = wanted.where(self._mine(table, departments), within).group_by(*keys)
            for row in self._rows.all(wanted):
                found.setdefault(row["measure"], Counter())[row["bucket"]] += int(row["number"])
        return dict(found)

    def series(self, period: Period, departments: Departments) -> dict[date, Mapping[str, int]]:
        """What happened on each day of the period; quiet days are left out."""
        counts = (func.sum(days.c[measure]).label(measure) for measure in SERIES)
        within = days.c.starts_on.between(period.first, period.last)
        wanted = select(days.c.starts_on, *counts).where(self._mine(days, departments), within)
        rows = self._rows.all(wanted.group_by(days.c.starts_on))
        return {row["starts_on"]: {measure: int(row[measure]) for measure in SERIES} for row in rows}

    def open_at_end(self, last: date, departments: Departments) -> int:
        """Registered by the end of that day and not closed by then: those open now, without what came after."""
        now = select(func.sum(open_cases.c.count).label("number")).where(self._mine(open_cases, departments))
        since = select(func.sum(days.c.registered - days.c.closed).label("number"))
        since = since.where(self._mine(days, departments), days.c.starts_on > last)
        counted = [self._rows.one(wanted) for wanted in (now, since)]
        open_now, came_since = (int(row["number"] or 0) if row else 0 for row in counted)
        return open_now - came_since

    def _mine(self, table: Table, departments: Departments) -> ColumnElement[bool]:
        mine = self._rows.mine(table)
        return mine if departments is None else mine & table.c.department.in_(sorted(departments))


def _parts(period: Period, by_day: Table, by_month: Table) -> list[tuple[Table, ColumnElement[bool]]]:
    """Whole months from the monthly table, the days around them from the daily one."""
    parts = []
    if period.single_days:
        runs = [by_day.c.starts_on.between(first, last) for first, last in period.single_days]
        parts.append((by_day, or_(*runs)))
    if period.months:
        parts.append((by_month, by_month.c.starts_on.between(*period.months)))
    return parts


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns if column.name != "tenant_id"]


def _wide(table: Table, counts: Mapping[tuple[Any, ...], int], measures: Sequence[str]) -> list[dict[str, Any]]:
    """One row for all measures of a key."""
    names, gathered = _keys(table), dict[tuple[Any, ...], dict[str, int]]()
    for (*key, measure), count in counts.items():
        gathered.setdefault(tuple(key), dict.fromkeys(measures, 0))[measure] = count
    return [dict(zip(names, key, strict=True)) | gathered[key] for key in sorted(gathered)]


def _long(table: Table, counts: Mapping[tuple[Any, ...], int]) -> list[dict[str, Any]]:
    names = _keys(table)
    return [dict(zip(names, key, strict=True)) | {"count": counts[key]} for key in sorted(counts)]
