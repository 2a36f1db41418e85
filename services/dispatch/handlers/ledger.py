"""The ledger of compensation 台账: looked at, exported, held against the finance side's books (DI-10)."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.unit_of_work import Work
from services.dispatch.domain import cursor
from services.dispatch.domain.amounts import in_major
from services.dispatch.domain.ledger import as_csv
from services.dispatch.domain.reconciling import Booked, compare, read_books
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.store import Store
from services.dispatch.store.money import Wanted

LONGEST_PERIOD = timedelta(days=366)


def ledger_page(store: Store, *, after: str | None, limit: int, **asked: Any) -> dict[str, Any]:
    """One page of the ledger in the order of proposal, and the totals of all its pages.

    `asked` has state, department, first and last: days of the tenant's zone, both counted; None: any.
    Raises NotAcceptable for a bad cursor or period.
    """
    wanted = _wanted(store, **asked)
    rows = store.money.page(wanted, cursor.read_ledger(after) if after else None, limit + 1)
    shown = rows[:limit]
    following = cursor.LedgerPlace(shown[-1]["proposed_at"], shown[-1]["compensation_id"]) if shown else None
    return {
        "items": shown_with_names(store, shown),
        "totals": store.money.totals(wanted),
        "next_cursor": cursor.write_ledger(following) if following and len(rows) > limit else None,
    }


def ledger_csv(store: Store, **asked: Any) -> str:
    """The same entries as all pages of the list, for a spreadsheet."""
    entries = list(store.money.all(_wanted(store, **asked)))
    return as_csv(entries, store.staff.names(_people_in(entries)), store.staff.zone())


def reconcile(work: Work[Store], person_id: UUID, first: date, last: date, books: bytes) -> dict[str, Any]:
    """Hold the payments of a period against the finance side's; only the counts are kept, with who and when.

    Days are of the tenant's zone, both counted. Raises NotAcceptable.
    """
    zone = work.store.staff.zone()
    start, end = _bounds(first, last, zone)
    if last - first > LONGEST_PERIOD:
        raise NotAcceptable.field("from", f"the period is longer than {LONGEST_PERIOD.days} days")
    there = read_books(books, first, last)
    here = [_booked(row, zone) for row in work.store.money.payments(start, end)]
    found = compare(here, there)
    kept = {
        "reconciliation_id": uuids.uuid7(),
        "at": work.now,
        "by_id": person_id,
        "first": first,
        "last": last,
        "file_sha256": hashlib.sha256(books).hexdigest(),
        "matched": found.matched,
        "different": len(found.different),
        "missing_here": len(found.missing_here),
        "missing_there": len(found.missing_there),
    }
    work.store.money.add_reconciliation(**kept)
    lists = {name: getattr(found, name) for name in ("different", "missing_here", "missing_there")}
    return _with_who(work.store, [kept])[0] | {"found": lists}


def reconciliations(store: Store) -> dict[str, Any]:
    """The last hundred, the latest first."""
    return {"items": _with_who(store, store.money.reconciliations())}


def shown_with_names(store: Store, entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entries with their people by name."""
    entries = list(entries)
    names = store.staff.names(_people_in(entries))
    return [
        {
            **entry,
            **{role: _who(entry[f"{role}_id"], names) for role in ("proposed_by", "decided_by", "withdrawn_by")},
            "payments": [{**payment, "by": _who(payment["by_id"], names)} for payment in entry["payments"]],
        }
        for entry in entries
    ]


def _wanted(
    store: Store, *, state: str | None, department: str | None, first: date | None, last: date | None
) -> Wanted:
    start, end = _bounds(first, last, store.staff.zone())
    return Wanted(state=state, department=department, start=start, end=end)


def _bounds(first: date | None, last: date | None, zone: tzinfo) -> tuple[Any, Any]:
    """The moment the first day begins and the moment the last one is over; None stays open."""
    if first and last and last < first:
        raise NotAcceptable.field("to", "is before the first day")
    begins = datetime.combine(first, time(), zone) if first else None
    over = datetime.combine(last + timedelta(days=1), time(), zone) if last else None
    return begins, over


def _booked(row: Mapping[str, Any], zone: tzinfo) -> Booked:
    return Booked(row["number"], in_major(row["amount"], row["currency"]), row["paid_at"].astimezone(zone).date())


def _people_in(entries: Iterable[Mapping[str, Any]]) -> set[UUID]:
    ids: set[UUID | None] = set()
    for entry in entries:
        ids |= {entry["proposed_by_id"], entry["decided_by_id"], entry["withdrawn_by_id"]}
        ids |= {payment["by_id"] for payment in entry["payments"]}
    return {each for each in ids if each is not None}


def _who(person_id: UUID | None, names: Mapping[UUID, str]) -> dict[str, Any] | None:
    return {"id": person_id, "name": names.get(person_id)} if person_id else None


def _with_who(store: Store, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = list(rows)
    names = store.staff.names({row["by_id"] for row in rows})
    return [{**row, "by": _who(row["by_id"], names)} for row in rows]
