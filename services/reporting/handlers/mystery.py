"""Complaints that were sent to test the house stay out of its figures (RE-4)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.unit_of_work import Work
from services.reporting.store import Store


class NoSuchComplaint(Exception):
    """There is no complaint with this id."""


def mark_mystery(work: Work[Store], complaint_id: UUID, mystery: bool, reason: str, by: UUID) -> dict[str, Any]:
    """Take a mystery shopper's complaint out of the figures, or back in; who did it and why is kept.

    Nobody who handles the complaint learns of it, so that it is handled like any other. Raises NoSuchComplaint.
    """
    if work.store.facts.find(complaint_id) is None:
        raise NoSuchComplaint
    mark = {
        "mark_id": uuids.uuid7(),
        "complaint_id": complaint_id,
        "mystery": mystery,
        "reason": reason,
        "by": by,
        "at": work.now,
    }
    work.store.marks.add(**mark)
    work.store.change(complaint_id, lambda fact: replace(fact, mystery=mystery))
    return mark


def marks(store: Store, before: UUID | None, limit: int) -> tuple[list[dict[str, Any]], UUID | None]:
    """A page of marks, the newest first, and where the next page goes on; None on the last."""
    rows = store.marks.page(before, limit + 1)
    items = [dict(row) for row in rows[:limit]]
    return items, items[-1]["mark_id"] if len(rows) > limit else None
