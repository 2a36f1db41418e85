"""Outside references of complaints, and which status was handed back to them, or is still to be (DI-16)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.engine import RowMapping

from libs.common.many_rows import LEFT_ALONE, replaced
from libs.common.tenancy import TenantConnection, theirs
from services.intake.domain.handback import COVERED, OWED, STILL_TO_HAND_BACK
from services.intake.tables import handbacks, outside_references, outside_statuses

TO_REFERENCE = theirs(handbacks) & (handbacks.c.reference_id == bindparam("to_reference"))
BEFORE = handbacks.c.handback_id < bindparam("before")
STILL_TO_DO = handbacks.c.state.in_(STILL_TO_HAND_BACK)
LAST_OWED = (
    select(handbacks)
    .where(TO_REFERENCE, handbacks.c.status == bindparam("status"), STILL_TO_DO)
    .order_by(handbacks.c.handback_id.desc())
)
AHEAD = select(handbacks.c.state).where(TO_REFERENCE, BEFORE, handbacks.c.state == OWED).limit(1)
NOW_COVERED = handbacks.update().where(TO_REFERENCE, BEFORE, STILL_TO_DO).values(state=COVERED, due_at=None)
HURRIED = (
    handbacks.update()
    .where(
        TO_REFERENCE,
        handbacks.c.state == OWED,
        handbacks.c.attempts == 0,
        handbacks.c.due_at > bindparam("now"),
    )
    .values(due_at=bindparam("now"))
)


class Handbacks:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def references(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """In the order they became known."""
        return self._rows.of(outside_references, outside_references.c.reference_id, complaint_id=complaint_id)

    def reference(self, complaint_id: UUID, reference_id: UUID) -> dict[str, Any] | None:
        return self._rows.first(outside_references, complaint_id=complaint_id, reference_id=reference_id)

    def add_reference(self, **values: Any) -> None:
        self._rows.insert(outside_references, **values)

    def change_reference(self, complaint_id: UUID, reference_id: UUID, **values: Any) -> None:
        self._rows.change(outside_references, values, complaint_id=complaint_id, reference_id=reference_id)

    def standing(self, complaint_id: UUID) -> dict[str, Any] | None:
        """Where the complaint stands in the eyes of the outside; None before its case was accepted."""
        return self._rows.first(outside_statuses, complaint_id=complaint_id)

    def stand(self, complaint_id: UUID, **values: Any) -> None:
        row = {"complaint_id": complaint_id, **values}
        self._rows.insert_many(outside_statuses, [row], replaced(outside_statuses))

    def owe(self, **values: Any) -> None:
        """Once an occasion: what was owed already, whatever became of it, stays as it is."""
        self._rows.insert_many(handbacks, [{**values, "attempts": 0, "state": OWED}], LEFT_ALONE)

    def of(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """In the order they were owed."""
        return self._rows.of(handbacks, handbacks.c.handback_id, complaint_id=complaint_id)

    def find(self, handback_id: UUID) -> dict[str, Any] | None:
        """Locked until the transaction ends, so that two who change it take turns."""
        return self._rows.first(handbacks, to_change=True, handback_id=handback_id)

    def last_owed(self, reference_id: UUID, status: str) -> RowMapping | None:
        """The newest of this status that is still to be handed back."""
        return self._rows.one(LAST_OWED, to_reference=reference_id, status=status)

    def is_next(self, reference_id: UUID, handback_id: UUID) -> bool:
        """Whether nothing owed before it waits."""
        return self._rows.one(AHEAD, to_reference=reference_id, before=handback_id) is None

    def change(self, handback_id: UUID, **values: Any) -> None:
        self._rows.change(handbacks, values, handback_id=handback_id)

    def cover(self, reference_id: UUID, handback_id: UUID) -> None:
        """Who was told this need not be told what came before it."""
        self._rows.run(NOW_COVERED, to_reference=reference_id, before=handback_id)

    def hurry(self, reference_id: UUID, now: datetime) -> None:
        """What waited for its turn, and was not tried yet, need not wait any longer."""
        self._rows.run(HURRIED, to_reference=reference_id, now=now)
