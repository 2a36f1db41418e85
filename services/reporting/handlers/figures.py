"""The figures of a period, and the complaints behind each of them."""

from dataclasses import dataclass
from typing import Any

from services.reporting.domain.kpis import Kpis, kpis
from services.reporting.domain.period import Period
from services.reporting.store import Store
from services.reporting.store.behind import Place, Wanted
from services.reporting.store.rollups import Departments


@dataclass(frozen=True)
class Page:
    """`following` is the place from which the next page goes on; None on the last."""

    items: list[dict[str, Any]]
    following: Place | None


def kpis_of(store: Store, period: Period, departments: Departments) -> Kpis:
    """The tenant's figures, or those of some departments only. See Kpis for what each one means."""
    rollups = store.rollups
    return kpis(
        period,
        rollups.sums(period, departments),
        rollups.times(period, departments),
        rollups.series(period, departments),
        rollups.open_at_end(period.last, departments),
    )


def complaints_behind(store: Store, wanted: Wanted, after: Place | None, limit: int) -> Page:
    """A page of the complaints that make up a figure; for breaches one row for each missed clock."""
    rows = store.behind.page(wanted, after, limit + 1)
    items = [dict(row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items, (items[-1]["day"], items[-1]["id"]) if more else None)
