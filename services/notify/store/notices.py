"""Notices: one per occasion's template, recipient and cause."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from libs.common.tenancy import TenantConnection, theirs
from services.notify.store.rows import Row
from services.notify.tables import notices

NEW = {
    "told_at": None,
    "failed_at": None,
    "needs_person": False,
    "reason": None,
    "digest_id": None,
    "gathers": False,
}
OPEN_STILL = (
    select(notices.c.notice_id)
    .where(
        theirs(notices),
        notices.c.notice_id == bindparam("notice_id", type_=notices.c.notice_id.type),
        notices.c.gathers.is_(True),
    )
    .with_for_update(skip_locked=True)
)
SINCE = (
    select(notices)
    .where(
        theirs(notices),
        notices.c.recipient == bindparam("recipient", type_=notices.c.recipient.type),
        notices.c.planned_at > bindparam("since", type_=notices.c.planned_at.type),
    )
    .order_by(notices.c.notice_id)
)
MADE_BY = select(notices.c.complaint_id, notices.c.template, notices.c.recipient).where(
    theirs(notices), notices.c.cause_id == bindparam("cause_id", type_=notices.c.cause_id.type)
)


class Notices:
    """Which notices an event made is remembered: a store lives for one transaction."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._made_by: dict[UUID, set[tuple[UUID, str, str]]] = {}

    def add(self, cause_id: UUID, complaint_id: UUID, template: str, recipient: str, **values: Any) -> None:
        whose = {"complaint_id": complaint_id, "template": template, "recipient": recipient}
        self._rows.insert(notices, **NEW | values, cause_id=cause_id, **whose)
        if cause_id in self._made_by:
            self._made_by[cause_id].add((complaint_id, template, recipient))

    def known(self, cause_id: UUID, complaint_id: UUID, template: str, recipient: str) -> bool:
        """Whether this event made this notice for them before."""
        if cause_id not in self._made_by:
            made = self._rows.all(MADE_BY, cause_id=cause_id)
            self._made_by[cause_id] = {(row["complaint_id"], row["template"], row["recipient"]) for row in made}
        return (complaint_id, template, recipient) in self._made_by[cause_id]

    def find(self, notice_id: UUID) -> Row | None:
        return self._rows.first(notices, notice_id=notice_id)

    def take(self, notice_id: UUID) -> Row:
        """The notice, locked until the transaction ends: its events are said once."""
        found = self._rows.first(notices, to_change=True, notice_id=notice_id)
        assert found is not None
        return found

    def change(self, notice_id: UUID, **values: Any) -> None:
        self._rows.change(notices, values, notice_id=notice_id)

    def tell(self, notice_id: UUID, at: datetime) -> bool:
        """It reached them; whether for the first time. Of two who say so at once one is the first."""
        told = {"needs_person": False, "reason": None}
        if self._rows.change(notices, {**told, "told_at": at}, notice_id=notice_id, told_at=None):
            return True
        self._rows.change(notices, told, notice_id=notice_id)
        return False

    def join(self, digest_id: UUID) -> bool:
        """Whether this digest is still open; then it is held open until the transaction ends. One that another
        holds now counts as closed: who waited for each other over two people's digests would wait for ever."""
        return self._rows.one(OPEN_STILL, notice_id=digest_id) is not None

    def alerts_since(self, recipient: str, since: datetime) -> Sequence[Row]:
        """What this person was alerted of, and their digests, planned since then."""
        return self._rows.all(SINCE, recipient=recipient, since=since)

    def gathered_in(self, digest_id: UUID) -> Sequence[Row]:
        """In the order they were planned."""
        return self._rows.of(notices, notices.c.notice_id, digest_id=digest_id)

    def of(self, complaint_id: UUID) -> Sequence[Row]:
        """In the order they were planned."""
        return self._rows.of(notices, notices.c.notice_id, complaint_id=complaint_id)
