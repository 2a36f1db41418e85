"""Complaints and complainants of one tenant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from libs.common.tenancy import TenantConnection
from services.intake.tables import attachments, complainants, complaints, full_views, origins


class OriginKnown(Exception):
    """This mail was taken in before; the transaction can only be given up."""


class Complaints:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def find(self, complaint_id: UUID) -> RowMapping | None:
        return self._rows.one(select(complaints).where(self._this(complaint_id)))

    def by_number(self, number: str) -> RowMapping | None:
        return self._rows.one(select(complaints).where(self._rows.mine(complaints), complaints.c.number == number))

    def by_origin(self, key: str) -> RowMapping | None:
        """The origin row of a mail, review or message that was taken in before; None when it is new."""
        return self._rows.one(select(origins).where(self._rows.mine(origins), origins.c.key == key))

    def complainant(self, complaint_id: UUID) -> RowMapping | None:
        """The sealed contact data; None once it was erased."""
        return self._rows.one(
            select(complainants).where(self._rows.mine(complainants), complainants.c.complaint_id == complaint_id)
        )

    def change(self, complaint_id: UUID, **values: Any) -> None:
        self._rows.execute(complaints.update().where(self._this(complaint_id)).values(**values))

    def move_to(self, complaint_id: UUID, stage: str) -> None:
        """Show this stage from now on, unless the complaint was withdrawn or closed."""
        still_open = complaints.c.stage.not_in(("withdrawn", "closed"))
        self._rows.execute(complaints.update().where(self._this(complaint_id), still_open).values(stage=stage))

    def open_again(self, complaint_id: UUID, stage: str) -> None:
        """Show this stage of a complaint that was closed."""
        closed = complaints.c.stage == "closed"
        self._rows.execute(
            complaints.update().where(self._this(complaint_id), closed).values(stage=stage, closed_at=None)
        )

    def withdraw(self, complaint_id: UUID) -> bool:
        """False, and nothing changed, when it was withdrawn or closed before."""
        still_open = complaints.c.stage.not_in(("withdrawn", "closed"))
        taking_back = complaints.update().where(self._this(complaint_id), still_open).values(stage="withdrawn")
        return self._rows.execute(taking_back).rowcount == 1

    def revise(self, key: str, at: datetime) -> bool:
        """Whether this is a later revision of the review than the last one seen; it is that from now on."""
        this = self._rows.mine(origins) & (origins.c.key == key)
        later = origins.c.revision_at.is_(None) | (origins.c.revision_at < at)
        return self._rows.execute(origins.update().where(this, later).values(revision_at=at)).rowcount == 1

    def add_origin(self, key: str, complaint_id: UUID) -> None:
        """A further mail of a known complaint, so that its copy is recognised. Raises OriginKnown."""
        values = {"tenant_id": self._rows.tenant_id, "key": key, "complaint_id": complaint_id, "revision_at": None}
        try:
            self._rows.execute(origins.insert().values(values))
        except IntegrityError as failure:
            raise OriginKnown from failure

    def note_full_view(self, view_id: UUID, complaint_id: UUID, person_id: UUID, at: datetime, reason: str) -> None:
        """Who looked at whose contact data, when and why (PR-1)."""
        self._rows.insert(
            full_views, view_id=view_id, complaint_id=complaint_id, person_id=person_id, at=at, reason=reason
        )

    def add_attachment(self, **values: Any) -> None:
        self._rows.insert(attachments, **values)

    def attachments(self, ids: Sequence[UUID]) -> Sequence[RowMapping]:
        """Those of the ids that this tenant has."""
        if not ids:
            return []
        return self._rows.all(
            select(attachments).where(self._rows.mine(attachments), attachments.c.attachment_id.in_(ids))
        )

    def case_files(self, complaint_id: UUID) -> Sequence[RowMapping]:
        """What staff kept with the complaint, in that order."""
        this = self._rows.mine(attachments) & (attachments.c.complaint_id == complaint_id)
        return self._rows.all(select(attachments).where(this).order_by(attachments.c.attachment_id))

    def _this(self, complaint_id: UUID) -> ColumnElement[bool]:
        return self._rows.mine(complaints) & (complaints.c.complaint_id == complaint_id)
