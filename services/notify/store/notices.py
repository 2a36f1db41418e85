"""Notices: one per occasion's template, recipient and cause."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.notify.tables import notices

NEW = {
    "told_at": None,
    "failed_at": None,
    "needs_person": False,
    "reason": None,
    "digest_id": None,
    "gathers": False,
}


class Notices:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(notices, **(NEW | values))

    def known(self, cause_id: UUID, template: str, recipient: str) -> bool:
        """Whether this event made this notice for them before."""
        this = (notices.c.cause_id == cause_id) & (notices.c.template == template) & (notices.c.recipient == recipient)
        return self._rows.one(select(notices.c.notice_id).where(self._rows.mine(notices), this)) is not None

    def find(self, notice_id: UUID) -> RowMapping | None:
        return self._rows.one(select(notices).where(self._rows.mine(notices), notices.c.notice_id == notice_id))

    def take(self, notice_id: UUID) -> RowMapping:
        """The notice, locked until the transaction ends: its events are said once."""
        this = select(notices).where(self._rows.mine(notices), notices.c.notice_id == notice_id)
        return self._rows.execute(this.with_for_update()).mappings().one()

    def change(self, notice_id: UUID, **values: Any) -> None:
        this = self._rows.mine(notices) & (notices.c.notice_id == notice_id)
        self._rows.execute(notices.update().where(this).values(**values))

    def join(self, digest_id: UUID) -> bool:
        """Whether this digest is still open; then it is held open until the transaction ends. One that another
        holds now counts as closed: who waited for each other over two people's digests would wait for ever."""
        this = (notices.c.notice_id == digest_id) & notices.c.gathers.is_(True)
        held = select(notices.c.notice_id).where(self._rows.mine(notices), this).with_for_update(skip_locked=True)
        return self._rows.one(held) is not None

    def alerts_since(self, recipient: str, since: datetime) -> Sequence[RowMapping]:
        """What this person was alerted of, and their digests, planned since then."""
        this = (notices.c.recipient == recipient) & (notices.c.planned_at > since)
        return self._rows.all(select(notices).where(self._rows.mine(notices), this).order_by(notices.c.notice_id))

    def gathered_in(self, digest_id: UUID) -> Sequence[RowMapping]:
        """In the order they were planned."""
        return self._rows.all(
            select(notices)
            .where(self._rows.mine(notices), notices.c.digest_id == digest_id)
            .order_by(notices.c.notice_id)
        )

    def of(self, complaint_id: UUID) -> Sequence[RowMapping]:
        """In the order they were planned."""
        return self._rows.all(
            select(notices)
            .where(self._rows.mine(notices), notices.c.complaint_id == complaint_id)
            .order_by(notices.c.notice_id)
        )
