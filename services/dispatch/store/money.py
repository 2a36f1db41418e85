"""Promises of compensation, their payments, and how they were held against the finance side's books."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, literal, select, tuple_

from libs.common.tenancy import TenantConnection, theirs
from services.dispatch.domain.compensation import Compensation
from services.dispatch.domain.cursor import LedgerPlace
from services.dispatch.tables import cases, compensations, payments, reconciliations, tenants

IN_ORDER = (compensations.c.proposed_at, compensations.c.compensation_id)
AT_ONCE = 500
PAYMENTS_OF = (
    select(payments)
    .where(theirs(payments), payments.c.compensation_id.in_(bindparam("ids", expanding=True)))
    .order_by(payments.c.paid_at, payments.c.payment_id)
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which promises: of a state, a department, proposed from `start` on and before `end` (UTC). None: any."""

    state: str | None = None
    department: str | None = None
    start: datetime | None = None
    end: datetime | None = None


class Ledger:
    """The ledger 台账 of one tenant (DI-10)."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(compensations, **values)

    def change(self, compensation_id: UUID, **values: Any) -> None:
        self._rows.change(compensations, values, compensation_id=compensation_id)

    def add_payment(self, **values: Any) -> None:
        self._rows.insert(payments, **values)

    def is_paid_against(self, voucher_sha256: str) -> bool:
        """Whether this voucher proves a payment of the tenant. Until the transaction ends nobody else records one."""
        self._rows.first(tenants, to_change=True)
        return self._rows.first(payments, voucher_sha256=voucher_sha256) is not None

    def promised(self, complaint_id: UUID) -> list[Compensation]:
        """What was promised on one case, in order, as the rules see it."""
        return [
            Compensation(
                id=row["compensation_id"],
                kind=row["kind"],
                state=row["state"],
                amount=row["amount"],
                currency=row["currency"],
                proposed_by=row["proposed_by_id"],
                paid=row["paid"],
                decided_at=row["decided_at"],
            )
            for row in self.of(complaint_id)
        ]

    def of(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """What was promised on one case, in order, each with its payments."""
        return self._with_payments(self._rows.of(compensations, *IN_ORDER, complaint_id=complaint_id))

    def page(self, wanted: Wanted, after: LedgerPlace | None, limit: int) -> list[dict[str, Any]]:
        """Up to `limit` entries past `after` in the order they were proposed, each with its case and payments."""
        same_case = (cases.c.tenant_id == compensations.c.tenant_id) & (
            cases.c.complaint_id == compensations.c.complaint_id
        )
        chosen = select(compensations, cases.c.number).join(cases, same_case).where(*self._chosen(wanted))
        if after is not None:
            chosen = chosen.where(tuple_(*IN_ORDER) > _place(after))
        rows = self._rows.all(chosen.order_by(*IN_ORDER).limit(limit))
        return self._with_payments([dict(row) for row in rows])

    def all(self, wanted: Wanted) -> Iterator[dict[str, Any]]:
        """Every entry of `page`, a few hundred in memory at a time."""
        after: LedgerPlace | None = None
        while rows := self.page(wanted, after, AT_ONCE):
            yield from rows
            after = LedgerPlace(rows[-1]["proposed_at"], rows[-1]["compensation_id"])

    def totals(self, wanted: Wanted) -> list[dict[str, Any]]:
        """Entries, amount and paid by currency and state."""
        by = (compensations.c.currency, compensations.c.state)
        counted = (
            func.count().label("entries"),
            func.sum(compensations.c.amount).cast(BigInteger).label("amount"),
            func.sum(compensations.c.paid).cast(BigInteger).label("paid"),
        )
        rows = self._rows.all(select(*by, *counted).where(*self._chosen(wanted)).group_by(*by).order_by(*by))
        return [dict(row) for row in rows]

    def payments(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """What was paid from `start` on and before `end`: number of the case, amount, currency, paid_at."""
        within = payments.c.paid_at >= start, payments.c.paid_at < end
        paid = _payments_with_their_case().where(self._rows.mine(payments), *within)
        return [dict(row) for row in self._rows.all(paid.order_by(payments.c.paid_at, payments.c.payment_id))]

    def add_reconciliation(self, **values: Any) -> None:
        self._rows.insert(reconciliations, **values)

    def reconciliations(self) -> list[dict[str, Any]]:
        """The last hundred, the latest first."""
        this = select(reconciliations).where(self._rows.mine(reconciliations))
        latest = this.order_by(reconciliations.c.at.desc(), reconciliations.c.reconciliation_id.desc()).limit(100)
        return [dict(row) for row in self._rows.all(latest)]

    def _chosen(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        chosen = [self._rows.mine(compensations)]
        if wanted.state is not None:
            chosen.append(compensations.c.state == wanted.state)
        if wanted.department is not None:
            chosen.append(compensations.c.department == wanted.department)
        if wanted.start is not None:
            chosen.append(compensations.c.proposed_at >= wanted.start)
        if wanted.end is not None:
            chosen.append(compensations.c.proposed_at < wanted.end)
        return chosen

    def _with_payments(self, entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        paid: dict[UUID, list[dict[str, Any]]] = {entry["compensation_id"]: [] for entry in entries}
        for row in self._payments_of(paid.keys()) if entries else ():
            paid[row["compensation_id"]].append(row)
        return [{**entry, "payments": paid[entry["compensation_id"]]} for entry in entries]

    def _payments_of(self, ids: Collection[UUID]) -> list[dict[str, Any]]:
        return [dict(row) for row in self._rows.all(PAYMENTS_OF, ids=list(ids))]


def _payments_with_their_case() -> Select[Any]:
    same_case = (cases.c.tenant_id == payments.c.tenant_id) & (cases.c.complaint_id == payments.c.complaint_id)
    same_promise = (compensations.c.tenant_id == payments.c.tenant_id) & (
        compensations.c.compensation_id == payments.c.compensation_id
    )
    return (
        select(payments.c.amount, payments.c.paid_at, compensations.c.currency, cases.c.number)
        .join(cases, same_case)
        .join(compensations, same_promise)
    )


def _place(after: LedgerPlace) -> Any:
    values = (after.proposed_at, after.compensation_id)
    return tuple_(*(literal(value, column.type) for value, column in zip(values, IN_ORDER, strict=True)))
