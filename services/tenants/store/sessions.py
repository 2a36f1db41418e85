"""Sign-ins of one tenant: failed attempts, open sessions and their refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, Uuid, bindparam, select, text
from sqlalchemy.engine import RowMapping

from libs.common.db import UtcDateTime
from libs.common.tenancy import TenantConnection
from services.tenants.tables import attempts, refresh_tokens, sessions

COUNT = (
    text(
        """INSERT INTO attempts (tenant_id, login_digest, failures, since)
       VALUES (:tenant, :login, 1, :now)
       ON CONFLICT (tenant_id, login_digest) DO UPDATE SET
         failures = CASE WHEN attempts.since <= :forgotten THEN 1 ELSE attempts.failures + 1 END,
         since = CASE WHEN attempts.since <= :forgotten THEN excluded.since ELSE attempts.since END
       RETURNING failures, since"""
    )
    .bindparams(
        bindparam("tenant", type_=Uuid),
        bindparam("login", type_=LargeBinary),
        bindparam("now", type_=UtcDateTime),
        bindparam("forgotten", type_=UtcDateTime),
    )
    .columns(attempts.c.failures, attempts.c.since)
)


class Attempts:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def count(self, login_digest: bytes, now: datetime, forgotten: datetime) -> RowMapping:
        """Count one more failure; the row says how many and since when. Of tries at the same moment each is
        counted before the next. Failures that began at `forgotten` or before do not count any more."""
        values = {"tenant": self._rows.tenant_id, "login": login_digest, "now": now, "forgotten": forgotten}
        row = self._rows.execute(COUNT.bindparams(**values)).mappings().one()
        old = self._rows.mine(attempts) & (attempts.c.since <= forgotten)
        self._rows.execute(attempts.delete().where(old))
        return row

    def forgive(self, login_digest: bytes) -> None:
        this = self._rows.mine(attempts) & (attempts.c.login_digest == login_digest)
        self._rows.execute(attempts.delete().where(this))


class Sessions:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def open(self, session_id: UUID, person_id: UUID, expires_at: datetime) -> None:
        self._rows.insert(sessions, session_id=session_id, person_id=person_id, expires_at=expires_at)

    def find(self, session_id: UUID) -> RowMapping | None:
        """None once it ended."""
        return self._rows.one(select(sessions).where(self._rows.mine(sessions), sessions.c.session_id == session_id))

    def prolong(self, session_id: UUID, expires_at: datetime) -> None:
        this = self._rows.mine(sessions) & (sessions.c.session_id == session_id)
        self._rows.execute(sessions.update().where(this).values(expires_at=expires_at))

    def give_token(self, session_id: UUID, digest: bytes, expires_at: datetime) -> None:
        self._rows.insert(refresh_tokens, digest=digest, session_id=session_id, expires_at=expires_at, used_at=None)

    def use_token(self, digest: bytes, now: datetime) -> bool:
        """Whether the token was still unused; of two who come at once only one is told so."""
        this = self._rows.mine(refresh_tokens) & (refresh_tokens.c.digest == digest)
        unused = refresh_tokens.update().where(this, refresh_tokens.c.used_at.is_(None)).values(used_at=now)
        return self._rows.execute(unused).rowcount == 1

    def used_since(self, digest: bytes, since: datetime) -> bool:
        """Whether the token was used then or later."""
        this = self._rows.mine(refresh_tokens) & (refresh_tokens.c.digest == digest)
        return (
            self._rows.one(select(refresh_tokens.c.digest).where(this, refresh_tokens.c.used_at >= since)) is not None
        )

    def session_of(self, digest: bytes) -> UUID | None:
        """The session a token was given for, used or not; None when there never was such a token."""
        this = self._rows.mine(refresh_tokens) & (refresh_tokens.c.digest == digest)
        row = self._rows.one(select(refresh_tokens.c.session_id).where(this))
        return row["session_id"] if row else None

    def end(self, session_id: UUID) -> None:
        this = self._rows.mine(sessions) & (sessions.c.session_id == session_id)
        self._rows.execute(sessions.delete().where(this))

    def end_all_of(self, person_id: UUID) -> None:
        this = self._rows.mine(sessions) & (sessions.c.person_id == person_id)
        self._rows.execute(sessions.delete().where(this))

    def forget_ended(self, now: datetime) -> None:
        """Drop what can be used no more."""
        for table in (sessions, refresh_tokens):
            self._rows.execute(table.delete().where(self._rows.mine(table), table.c.expires_at <= now))
