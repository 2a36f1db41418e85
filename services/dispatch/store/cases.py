"""Cases, one at a time."""

from collections.abc import Collection
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import select

from libs.common.tenancy import TenantConnection
from services.dispatch.domain.case import Case
from services.dispatch.domain.chain import Head
from services.dispatch.store.parts import Parts
from services.dispatch.store.summons import Calls
from services.dispatch.tables import cases, milestones

ELSEWHERE = {"reached", "head", "parts", "summons"}
COLUMNS = tuple(field.name for field in fields(Case) if field.name not in ELSEWHERE)


class Cases:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, case: Case, **further: Any) -> None:
        """A new case; `further` are the columns that the rules do not need."""
        own = {name: getattr(case, name) for name in COLUMNS}
        self._rows.insert(cases, **own, **further, evidence_count=case.head.count, evidence_hash=case.head.hash)

    def find(self, complaint_id: UUID, *, to_change: bool = False) -> Case | None:
        """None when the tenant has no such case. `to_change` keeps it from others until the transaction ends."""
        this = select(cases).where(self._rows.mine(cases), cases.c.complaint_id == complaint_id)
        row = self._rows.one(this.with_for_update() if to_change else this)
        if row is None:
            return None
        theirs = self._rows.mine(milestones) & (milestones.c.complaint_id == complaint_id)
        reached = self._rows.all(select(milestones.c.milestone).where(theirs, milestones.c.counts))
        return Case(
            **{name: row[name] for name in COLUMNS},
            reached=frozenset(each["milestone"] for each in reached),
            head=Head(row["evidence_count"], bytes(row["evidence_hash"])),
            parts=Parts(self._rows).of(complaint_id),
            summons=Calls(self._rows).of(complaint_id),
        )

    def keep(self, complaint_ids: Collection[UUID]) -> None:
        """Keep several cases from others until the transaction ends: in one order, so that no two who want the
        same ones wait for each other."""
        these = select(cases.c.complaint_id).where(self._rows.mine(cases), cases.c.complaint_id.in_(complaint_ids))
        self._rows.all(these.order_by(cases.c.complaint_id).with_for_update())

    def numbered(self, number: str) -> UUID | None:
        """The case of that number; None when the tenant has none."""
        this = select(cases.c.complaint_id).where(self._rows.mine(cases), cases.c.number == number)
        row = self._rows.one(this)
        return row["complaint_id"] if row else None

    def of_group(self, group_id: UUID | None) -> list[dict[str, Any]]:
        """The cases of a group event, in the order in which they were received; none for None."""
        if group_id is None:
            return []
        shown = (cases.c.complaint_id, cases.c.number, cases.c.state, cases.c.received_at)
        theirs = self._rows.mine(cases) & (cases.c.group_id == group_id)
        rows = self._rows.all(select(*shown).where(theirs).order_by(cases.c.received_at, cases.c.complaint_id))
        return [dict(row) for row in rows]

    def row(self, complaint_id: UUID) -> dict[str, Any] | None:
        """Everything that is kept of a case, for its page."""
        this = select(cases).where(self._rows.mine(cases), cases.c.complaint_id == complaint_id)
        row = self._rows.one(this)
        return dict(row) if row else None

    def reasons(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """Why the case went where it went, as its page shows it."""
        row = self.row(complaint_id)
        return list(row["reasons"]) if row else []

    def change(self, complaint_id: UUID, **values: Any) -> None:
        this = self._rows.mine(cases) & (cases.c.complaint_id == complaint_id)
        self._rows.execute(cases.update().where(this).values(**values))
