"""When the ledger is held against the cases, and what was found (DI-10)."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select, union
from sqlalchemy.engine import Connection, RowMapping

from libs.common import due
from libs.common.db import UtcDateTime
from libs.common.many_rows import LEFT_ALONE
from libs.common.tenancy import TenantConnection, theirs
from services.dispatch.domain.compensation import APPROVED, PROPOSED
from services.dispatch.tables import cases, compensations, evidence, ledger_checks, milestones, payments

KEPT = 100
CHANGED = "compensation_changed"
START, END = (bindparam(name, type_=UtcDateTime) for name in ("start", "end"))
# Cases on which something about money was done in the period, as either side says, or is not settled yet.
CONCERNED = union(
    select(compensations.c.complaint_id).where(
        theirs(compensations),
        compensations.c.proposed_at < END,
        or_(
            compensations.c.proposed_at >= START,
            compensations.c.decided_at >= START,
            compensations.c.withdrawn_at >= START,
            compensations.c.state.in_((PROPOSED, APPROVED)),
        ),
    ),
    select(payments.c.complaint_id).where(theirs(payments), payments.c.paid_at >= START, payments.c.paid_at < END),
    select(evidence.c.complaint_id).where(
        theirs(evidence), evidence.c.action == CHANGED, evidence.c.at >= START, evidence.c.at < END
    ),
)
NOT_CHECKED = dict.fromkeys(("checked_at", "entries", "totals", "differences"))


def claim(connection: Connection, now: datetime, limit: int) -> list[RowMapping]:
    """Up to `limit` checks of all tenants whose period is over, leased for a minute."""
    return due.claim(connection, ledger_checks, now=now, limit=limit, key="check_id")


class LedgerChecks:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def plan(self, check_id: UUID, every: str, first: date, last: date, due_at: datetime) -> None:
        """A check to come; one of the same period that is known stays as it is."""
        row = {"check_id": check_id, "every": every, "first": first, "last": last, "due_at": due_at, "attempts": 0}
        self._rows.insert_many(ledger_checks, [row | NOT_CHECKED], LEFT_ALONE)

    def drop(self, check_id: UUID) -> None:
        """Only for one that was never made and shall not be."""
        self._rows.remove(ledger_checks, check_id=check_id)

    def keep(self, check_id: UUID, **found: Any) -> None:
        self._rows.change(ledger_checks, {"due_at": None, **found}, check_id=check_id)

    def latest(self) -> list[dict[str, Any]]:
        """The last hundred that were made, the latest period first."""
        made = select(ledger_checks).where(self._rows.mine(ledger_checks), ledger_checks.c.checked_at.isnot(None))
        return [dict(row) for row in self._rows.all(made.order_by(ledger_checks.c.last.desc()).limit(KEPT))]

    def concerned(self, start: datetime, end: datetime) -> set[UUID]:
        """The cases to be looked at for what was done from `start` on and before `end`."""
        return {row["complaint_id"] for row in self._rows.all(CONCERNED, start=start, end=end)}

    def promises(self, complaint_ids: Collection[UUID]) -> list[dict[str, Any]]:
        """What the ledger says of these cases, each promise with its payments."""
        paid: dict[UUID, list[RowMapping]] = {}
        for row in self._rows.all(self._of(payments, complaint_ids)):
            paid.setdefault(row["compensation_id"], []).append(row)
        promised = self._rows.all(self._of(compensations, complaint_ids).order_by(compensations.c.proposed_at))
        return [dict(row) | {"payments": paid.get(row["compensation_id"], [])} for row in promised]

    def said(self, complaint_ids: Collection[UUID]) -> list[dict[str, Any]]:
        """What the evidence of these cases says of promises, in its order."""
        steps = self._of(evidence, complaint_ids).where(evidence.c.action == CHANGED)
        rows = self._rows.all(steps.order_by(evidence.c.complaint_id, evidence.c.n))
        return [json.loads(row["details"]) | {"complaint_id": row["complaint_id"]} for row in rows]

    def archived(self, complaint_ids: Collection[UUID]) -> set[UUID]:
        """Those of these cases that are archived."""
        reached = self._of(milestones, complaint_ids).where(milestones.c.milestone == "archived", milestones.c.counts)
        return {row["complaint_id"] for row in self._rows.all(reached)}

    def numbers(self, complaint_ids: Collection[UUID]) -> dict[str, str]:
        """The numbers of these cases, by the text of their ids."""
        rows: Sequence[RowMapping] = self._rows.all(self._of(cases, complaint_ids))
        return {str(row["complaint_id"]): row["number"] for row in rows}

    def _of(self, table: Any, complaint_ids: Collection[UUID]) -> Any:
        return select(table).where(self._rows.mine(table), self._rows.among(table.c.complaint_id, complaint_ids))
