"""Outside references of complaints, and which status was handed back to them, or is still to be (DI-16)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.intake.domain.handback import COVERED, OWED, STILL_TO_HAND_BACK
from services.intake.tables import handbacks, outside_references, outside_statuses


class Handbacks:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def references(self, complaint_id: UUID) -> Sequence[RowMapping]:
        """In the order they became known."""
        this = self._rows.mine(outside_references) & (outside_references.c.complaint_id == complaint_id)
        return self._rows.all(select(outside_references).where(this).order_by(outside_references.c.reference_id))

    def reference(self, complaint_id: UUID, reference_id: UUID) -> RowMapping | None:
        return self._rows.one(select(outside_references).where(self._reference(complaint_id, reference_id)))

    def add_reference(self, **values: Any) -> None:
        self._rows.insert(outside_references, **values)

    def change_reference(self, complaint_id: UUID, reference_id: UUID, **values: Any) -> None:
        this = self._reference(complaint_id, reference_id)
        self._rows.execute(outside_references.update().where(this).values(**values))

    def standing(self, complaint_id: UUID) -> RowMapping | None:
        """Where the complaint stands in the eyes of the outside; None before its case was accepted."""
        this = self._rows.mine(outside_statuses) & (outside_statuses.c.complaint_id == complaint_id)
        return self._rows.one(select(outside_statuses).where(this))

    def stand(self, complaint_id: UUID, **values: Any) -> None:
        this = self._rows.mine(outside_statuses) & (outside_statuses.c.complaint_id == complaint_id)
        if self._rows.execute(outside_statuses.update().where(this).values(**values)).rowcount == 0:
            self._rows.insert(outside_statuses, complaint_id=complaint_id, **values)

    def is_owed(self, reference_id: UUID, status: str, occasion: str) -> bool:
        """Whether this was owed already, whatever became of it."""
        this = (handbacks.c.status == status) & (handbacks.c.occasion == occasion)
        return self._rows.one(select(handbacks.c.state).where(self._to(reference_id), this)) is not None

    def owe(self, **values: Any) -> None:
        self._rows.insert(handbacks, attempts=0, state=OWED, **values)

    def of(self, complaint_id: UUID) -> Sequence[RowMapping]:
        """In the order they were owed."""
        this = self._rows.mine(handbacks) & (handbacks.c.complaint_id == complaint_id)
        return self._rows.all(select(handbacks).where(this).order_by(handbacks.c.handback_id))

    def find(self, handback_id: UUID) -> RowMapping | None:
        """Locked until the transaction ends, so that two who change it take turns."""
        this = self._rows.mine(handbacks) & (handbacks.c.handback_id == handback_id)
        return self._rows.one(select(handbacks).where(this).with_for_update())

    def last_owed(self, reference_id: UUID, status: str) -> RowMapping | None:
        """The newest of this status that is still to be handed back."""
        this = self._to(reference_id) & (handbacks.c.status == status) & handbacks.c.state.in_(STILL_TO_HAND_BACK)
        return self._rows.one(select(handbacks).where(this).order_by(handbacks.c.handback_id.desc()))

    def is_next(self, reference_id: UUID, handback_id: UUID) -> bool:
        """Whether nothing owed before it waits."""
        before = (handbacks.c.handback_id < handback_id) & (handbacks.c.state == OWED)
        return self._rows.one(select(handbacks.c.state).where(self._to(reference_id), before)) is None

    def change(self, handback_id: UUID, **values: Any) -> None:
        this = self._rows.mine(handbacks) & (handbacks.c.handback_id == handback_id)
        self._rows.execute(handbacks.update().where(this).values(**values))

    def cover(self, reference_id: UUID, handback_id: UUID) -> None:
        """Who was told this need not be told what came before it."""
        before = (handbacks.c.handback_id < handback_id) & handbacks.c.state.in_(STILL_TO_HAND_BACK)
        covered = handbacks.update().where(self._to(reference_id), before)
        self._rows.execute(covered.values(state=COVERED, due_at=None))

    def hurry(self, reference_id: UUID, now: datetime) -> None:
        """What waited for its turn, and was not tried yet, need not wait any longer."""
        waiting = (handbacks.c.state == OWED) & (handbacks.c.attempts == 0) & (handbacks.c.due_at > now)
        self._rows.execute(handbacks.update().where(self._to(reference_id), waiting).values(due_at=now))

    def _reference(self, complaint_id: UUID, reference_id: UUID) -> ColumnElement[bool]:
        table = outside_references
        return self._rows.mine(table) & (table.c.complaint_id == complaint_id) & (table.c.reference_id == reference_id)

    def _to(self, reference_id: UUID) -> ColumnElement[bool]:
        return self._rows.mine(handbacks) & (handbacks.c.reference_id == reference_id)
