"""Sign-ins of one tenant: failed attempts, open sessions and their refresh tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Uuid, bindparam, select, text
from sqlalchemy.engine import RowMapping

from libs.common.db import UtcDateTime
from libs.common.tenancy import TENANT, TenantConnection, theirs
from services.tenants.tables import attempts, refresh_tokens, sessions

COUNT = (
    text(
        """INSERT INTO attempts (tenant_id, login_digest, failures, since)
       VALUES (:tenant_id_, :login, 1, :now)
       ON CONFLICT (tenant_id, login_digest) DO UPDATE SET
         failures = CASE WHEN attempts.since <= :forgotten THEN 1 ELSE attempts.failures + 1 END,
         since = CASE WHEN attempts.since <= :forgotten THEN excluded.since ELSE attempts.since END
       RETURNING failures, since"""
    )
    .bindparams(
        bindparam(TENANT, type_=Uuid),
        bindparam("login", type_=LargeBinary),
        bindparam("now", type_=UtcDateTime),
        bindparam("forgotten", type_=UtcDateTime),
    )
    .columns(attempts.c.failures, attempts.c.since)
)
FORGOTTEN = attempts.delete().where(theirs(attempts), attempts.c.since <= bindparam("forgotten"))
USED_SINCE = select(refresh_tokens.c.digest).where(
    theirs(refresh_tokens),
    refresh_tokens.c.digest == bindparam("digest"),
    refresh_tokens.c.used_at >= bindparam("since"),
)
ENDED = tuple(
    table.delete().where(theirs(table), table.c.expires_at <= bindparam("now")) for table in (sessions, refresh_tokens)
)


class Attempts:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def count(self, login_digest: bytes, now: datetime, forgotten: datetime) -> RowMapping:
        """Count one more failure; the row says how many and since when. Of tries at the same moment each is
        counted before the next. Failures that began at `forgotten` or before do not count any more."""
        row = self._rows.run(COUNT, login=login_digest, now=now, forgotten=forgotten).mappings().one()
        self._rows.run(FORGOTTEN, forgotten=forgotten)
        return row

    def forgive(self, login_digest: bytes) -> None:
        self._rows.remove(attempts, login_digest=login_digest)


class Sessions:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def open(self, session_id: UUID, person_id: UUID, expires_at: datetime) -> None:
        self._rows.insert(sessions, session_id=session_id, person_id=person_id, expires_at=expires_at)

    def find(self, session_id: UUID) -> dict[str, Any] | None:
        """None once it ended."""
        return self._rows.first(sessions, session_id=session_id)

    def prolong(self, session_id: UUID, expires_at: datetime) -> None:
        self._rows.change(sessions, {"expires_at": expires_at}, session_id=session_id)

    def give_token(self, session_id: UUID, digest: bytes, expires_at: datetime) -> None:
        self._rows.insert(refresh_tokens, digest=digest, session_id=session_id, expires_at=expires_at, used_at=None)

    def use_token(self, digest: bytes, now: datetime) -> bool:
        """Whether the token was still unused; of two who come at once only one is told so."""
        return self._rows.change(refresh_tokens, {"used_at": now}, digest=digest, used_at=None) == 1

    def used_since(self, digest: bytes, since: datetime) -> bool:
        """Whether the token was used then or later."""
        return self._rows.one(USED_SINCE, digest=digest, since=since) is not None

    def session_of(self, digest: bytes) -> UUID | None:
        """The session a token was given for, used or not; None when there never was such a token."""
        row = self._rows.first(refresh_tokens, digest=digest)
        return row["session_id"] if row else None

    def end(self, session_id: UUID) -> None:
        self._rows.remove(sessions, session_id=session_id)

    def end_all_of(self, person_id: UUID) -> None:
        self._rows.remove(sessions, person_id=person_id)

    def forget_ended(self, now: datetime) -> None:
        """Drop what can be used no more."""
        for ended in ENDED:
            self._rows.run(ended, now=now)
