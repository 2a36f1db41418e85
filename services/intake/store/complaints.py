"""Complaints and complainants of one tenant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from libs.common.tenancy import TenantConnection, theirs
from services.intake.tables import attachments, complainants, complaints, full_views, origins

MOVED = (
    complaints.update()
    .where(
        theirs(complaints),
        complaints.c.complaint_id == bindparam("moved_id"),
        complaints.c.stage.not_in(("withdrawn", "closed")),
    )
    .values(stage=bindparam("stage"))
)
REVISED = (
    origins.update()
    .where(
        theirs(origins),
        origins.c.key == bindparam("of_key"),
        origins.c.revision_at.is_(None) | (origins.c.revision_at < bindparam("at")),
    )
    .values(revision_at=bindparam("at"))
)
NAMED = select(attachments).where(
    theirs(attachments), attachments.c.attachment_id.in_(bindparam("ids", expanding=True))
)


class OriginKnown(Exception):
    """This mail was taken in before; the transaction can only be given up."""


class Complaints:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def find(self, complaint_id: UUID) -> dict[str, Any] | None:
        return self._rows.first(complaints, complaint_id=complaint_id)

    def by_number(self, number: str) -> dict[str, Any] | None:
        return self._rows.first(complaints, number=number)

    def by_origin(self, key: str) -> dict[str, Any] | None:
        """The origin row of a mail, review or message that was taken in before; None when it is new."""
        return self._rows.first(origins, key=key)

    def complainant(self, complaint_id: UUID) -> dict[str, Any] | None:
        """The sealed contact data; None once it was erased."""
        return self._rows.first(complainants, complaint_id=complaint_id)

    def change(self, complaint_id: UUID, **values: Any) -> None:
        self._rows.change(complaints, values, complaint_id=complaint_id)

    def move_to(self, complaint_id: UUID, stage: str) -> bool:
        """Show this stage from now on; False, and nothing changed, when it was withdrawn or closed before."""
        return self._rows.run(MOVED, moved_id=complaint_id, stage=stage).rowcount == 1

    def open_again(self, complaint_id: UUID, stage: str) -> None:
        """Show this stage of a complaint that was closed."""
        self._rows.change(complaints, {"stage": stage, "closed_at": None}, complaint_id=complaint_id, stage="closed")

    def withdraw(self, complaint_id: UUID) -> bool:
        """False, and nothing changed, when it was withdrawn or closed before."""
        return self.move_to(complaint_id, "withdrawn")

    def revise(self, key: str, at: datetime) -> bool:
        """Whether this is a later revision of the review than the last one seen; it is that from now on."""
        return self._rows.run(REVISED, of_key=key, at=at).rowcount == 1

    def add_origin(self, key: str, complaint_id: UUID) -> None:
        """A further mail of a known complaint, so that its copy is recognised. Raises OriginKnown."""
        self._rows.insert(origins, key=key, complaint_id=complaint_id, revision_at=None)
        try:
            self._rows.flush()
        except IntegrityError as failure:
            raise OriginKnown from failure

    def note_full_view(
        self,
        view_id: UUID,
        complaint_id: UUID,
        person_id: UUID,
        at: datetime,
        *,
        reason: str | None = None,
        attachment_id: UUID | None = None,
    ) -> None:
        """Who looked at whose contact data, when and why, or opened which of their files (PR-1)."""
        look = {"view_id": view_id, "complaint_id": complaint_id, "person_id": person_id, "at": at}
        self._rows.insert(full_views, **look, reason=reason, attachment_id=attachment_id)

    def add_attachment(self, **values: Any) -> None:
        self._rows.insert(attachments, **values)

    def attachments(self, ids: Sequence[UUID]) -> Sequence[RowMapping]:
        """Those of the ids that this tenant has."""
        return self._rows.all(NAMED, ids=list(ids)) if ids else []

    def case_files(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """What staff kept with the complaint, in that order."""
        return self._rows.of(attachments, attachments.c.attachment_id, complaint_id=complaint_id)
