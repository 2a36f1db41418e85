"""Cases, one at a time."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from libs.common.many_rows import LEFT_ALONE
from libs.common.tenancy import TenantConnection, theirs
from services.dispatch.domain.case import Case
from services.dispatch.domain.chain import Head
from services.dispatch.store.parts import Parts
from services.dispatch.store.summons import Calls
from services.dispatch.tables import called, cases, milestones

ELSEWHERE = {"reached", "head", "parts", "summons", "called"}
COLUMNS = tuple(field.name for field in fields(Case) if field.name not in ELSEWHERE)

IN_ONE_ORDER = (
    select(cases.c.complaint_id)
    .where(theirs(cases), cases.c.complaint_id.in_(bindparam("ids", expanding=True)))
    .order_by(cases.c.complaint_id)
    .with_for_update()
)
OF_GROUP = (
    select(cases.c.complaint_id, cases.c.number, cases.c.state, cases.c.received_at)
    .where(theirs(cases), cases.c.group_id == bindparam("group"))
    .order_by(cases.c.received_at, cases.c.complaint_id)
)


class Cases:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, case: Case, **further: Any) -> None:
        """A new case; `further` are the columns that the rules do not need."""
        own = {name: getattr(case, name) for name in COLUMNS}
        self._rows.insert(cases, **own, **further, evidence_count=case.head.count, evidence_hash=case.head.hash)

    def find(self, complaint_id: UUID, *, to_change: bool = False) -> Case | None:
        """None when the tenant has no such case. `to_change` keeps it from others until the transaction ends."""
        row = self._rows.first(cases, complaint_id=complaint_id, to_change=to_change)
        if row is None:
            return None
        reached = self._rows.of(milestones, complaint_id=complaint_id, counts=True)
        return Case(
            **{name: row[name] for name in COLUMNS},
            reached=frozenset(each["milestone"] for each in reached),
            head=Head(row["evidence_count"], bytes(row["evidence_hash"])),
            parts=Parts(self._rows).of(complaint_id),
            summons=Calls(self._rows).of(complaint_id),
            called=frozenset(each["person_id"] for each in self._rows.of(called, complaint_id=complaint_id)),
        )

    def call(self, complaint_id: UUID, people: Iterable[UUID]) -> None:
        """They may see the case from now on."""
        rows = [{"complaint_id": complaint_id, "person_id": each} for each in people]
        self._rows.insert_many(called, rows, LEFT_ALONE)

    def keep(self, complaint_ids: Collection[UUID]) -> None:
        """Keep several cases from others until the transaction ends: in one order, so that no two who want the
        same ones wait for each other."""
        self._rows.all(IN_ONE_ORDER, ids=list(complaint_ids))

    def numbered(self, number: str) -> UUID | None:
        """The case of that number; None when the tenant has none."""
        row = self._rows.first(cases, number=number)
        return row["complaint_id"] if row else None

    def of_group(self, group_id: UUID | None) -> list[dict[str, Any]]:
        """The cases of a group event, in the order in which they were received; none for None."""
        if group_id is None:
            return []
        return [dict(row) for row in self._rows.all(OF_GROUP, group=group_id)]

    def row(self, complaint_id: UUID) -> dict[str, Any] | None:
        """Everything that is kept of a case, for its page."""
        return self._rows.first(cases, complaint_id=complaint_id)

    def reasons(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """Why the case went where it went, as its page shows it."""
        row = self.row(complaint_id)
        return list(row["reasons"]) if row else []

    def change(self, complaint_id: UUID, **values: Any) -> None:
        self._rows.change(cases, values, complaint_id=complaint_id)
