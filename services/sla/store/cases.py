"""Cases of one tenant, as far as time is concerned."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from libs.common.tenancy import TenantConnection
from services.sla.domain.case import Case, Holder
from services.sla.tables import cases

NOT_AS_KEPT = ("tenant_id", "received_at", "reached", "held_before")
AT_A_TIME = 500


class Cases:
    """A case is read once and written once in a transaction, which is often of many events of one case."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._known: dict[UUID, Case] = {}
        self._added: set[UUID] = set()
        self._changed: set[UUID] = set()

    def add(self, case: Case) -> None:
        self._known[case.complaint_id] = case
        self._added.add(case.complaint_id)

    def find(self, complaint_id: UUID) -> Case | None:
        """As others left it; to be shown."""
        row = self._rows.first(cases, complaint_id=complaint_id)
        return _case(row) if row else None

    def take(self, complaint_id: UUID) -> Case | None:
        """Kept from others until the transaction ends: what several services say of a case is heard in turns."""
        if complaint_id not in self._known:
            row = self._rows.first(cases, to_change=True, complaint_id=complaint_id)
            if row is None:
                return None
            self._known[complaint_id] = _case(row)
        return self._known[complaint_id]

    def save(self, case: Case) -> None:
        self._known[case.complaint_id] = case
        self._changed.add(case.complaint_id)

    def flush(self) -> None:
        added, self._added = self._added, set()
        changed, self._changed = self._changed, set()
        for case in map(self._known.__getitem__, sorted(added)):
            self._rows.insert(cases, received_at=case.reached["received"], **_kept(case))
        for complaint_id in sorted(changed - added):
            self._rows.change(cases, _kept(self._known[complaint_id]), complaint_id=complaint_id)

    def received(
        self, start: datetime, end: datetime, departments: Collection[str] | None, *, limit: int
    ) -> Iterator[Case]:
        """Up to `limit` cases received from `start` to before `end`, the oldest first; read on as they are used.

        `departments` None: of every department.
        """
        mine = self._rows.mine(cases) & (cases.c.received_at >= start) & (cases.c.received_at < end)
        if departments is not None:
            mine &= cases.c.department.in_(departments)
        chosen = select(cases).where(mine).order_by(cases.c.received_at, cases.c.complaint_id).limit(limit)
        for row in self._rows.execute(chosen.execution_options(yield_per=AT_A_TIME)).mappings():
            yield _case(row)


def _kept(case: Case) -> dict[str, Any]:
    known = {name: getattr(case, name) for name in Case.__dataclass_fields__}
    return known | {"reached": written(case.reached), "held_before": written_holders(case.held_before)}


def written(reached: Mapping[str, datetime]) -> dict[str, str]:
    return {milestone: at.astimezone(UTC).isoformat() for milestone, at in reached.items()}


def read(reached: Mapping[str, str]) -> dict[str, datetime]:
    return {milestone: datetime.fromisoformat(at) for milestone, at in reached.items()}


def written_holders(before: Iterable[Holder]) -> list[list[str | None]]:
    return [
        [
            each.until.astimezone(UTC).isoformat(),
            each.department,
            *(str(who) if who else None for who in (each.assignee_id, each.head_id)),
        ]
        for each in before
    ]


def holders(kept: Iterable[Sequence[Any]]) -> tuple[Holder, ...]:
    return tuple(
        Holder(datetime.fromisoformat(until), department, *(UUID(who) if who else None for who in people))
        for until, department, *people in kept
    )


def _case(row: Mapping[Any, Any]) -> Case:
    known = {name: row[name] for name in row if name not in NOT_AS_KEPT}
    return Case(**known, reached=read(row["reached"]), held_before=holders(row["held_before"]))
