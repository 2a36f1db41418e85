"""What is due next, and which limits were not kept by whom, a page at a time (SL-3, SL-4)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from libs.common.auth import Principal
from services.sla.store import Store
from services.sla.store.breaches import Period
from services.sla.store.clocks import Only

SEE_ALL = frozenset({"coordinator", "manager", "admin", "auditor"})

Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Page:
    """`next_cursor` is None on the last page."""

    items: list[dict[str, Any]]
    next_cursor: Place | None


def due_until(store: Store, asker: Principal, until: datetime, only: Only, after: Place | None, limit: int) -> Page:
    """Open clocks due by then that the asker may see, the earliest due first, those past their limit too.

    Front line and supervisors see what is theirs and their departments'. What waits is not due.
    """
    departments = _departments_of(asker)
    rows = store.clocks.due_until(
        until, departments=departments, person=asker.person_id, only=only, after=after, limit=limit + 1
    )
    return _page([_named(store, dict(row)) for row in rows], limit)


def appraisals(
    store: Store, first: date, last: date, person: UUID | None, after: Place | None, limit: int
) -> tuple[Page, list[dict[str, Any]]]:
    """The limits that ended unkept on these days of the tenant's zone, both counted, and how many are whose."""
    zone = store.rules.zone()
    begins_at = datetime.combine(first, time(), zone)
    ends_at = datetime.combine(last + timedelta(days=1), time(), zone)
    period = Period(begins_at, ends_at, person)
    rows = [dict(row) for row in store.breaches.page(period, after, limit + 1)]
    return _page(rows, limit), _by_person(store, period)


def _departments_of(asker: Principal) -> Collection[str] | None:
    """Whose clocks they may see; None: the whole firm's, as may a key of the firm's own systems."""
    if asker.person_id is None or asker.roles & SEE_ALL:
        return None
    return asker.departments


def _named(store: Store, row: dict[str, Any]) -> dict[str, Any]:
    limit = store.rules.procedure(row["procedure_version"]).limit(row["limit_id"])
    return row | {"name": dict(limit.name) if limit else {}}


def _page(rows: list[dict[str, Any]], limit: int) -> Page:
    more = len(rows) > limit
    return Page(rows[:limit], (rows[limit - 1]["due_at"], rows[limit - 1]["clock_id"]) if more else None)


def _by_person(store: Store, period: Period) -> list[dict[str, Any]]:
    """Most first; of those asked about only themselves."""
    as_assignee, as_head, met_late = Counter[UUID](), Counter[UUID](), Counter[UUID]()
    for row in store.breaches.counts(period):
        assignee, head = row["assignee_id"], row["head_id"]
        as_assignee[assignee] += row["breaches"]
        as_head[head] += row["breaches"]
        for person in {assignee, head}:
            met_late[person] += row["met_late"]
    people = {person for person in as_assignee | as_head if person is not None and period.person in (None, person)}
    counts = [
        {
            "person_id": person,
            "as_assignee": as_assignee[person],
            "as_head": as_head[person],
            "met_late": met_late[person],
        }
        for person in people
    ]
    return sorted(counts, key=lambda each: (-each["as_assignee"], -each["as_head"], each["person_id"]))
