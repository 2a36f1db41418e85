"""Signing in, staying signed in, signing out.

Whoever is refused learns nothing from the answer or from how long it took: the same steps are done for a
tenant, a login and a password that do not exist.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.auth import Principal
from libs.common.unit_of_work import Work
from services.tenants.domain import signing_in as rules
from services.tenants.domain.person import plain_login
from services.tenants.handlers import passwords
from services.tenants.handlers.gate import Gate
from services.tenants.store import Store

NOBODY = UUID(int=0)
"""Stands for a tenant that does not exist: it has no people, only failed attempts."""


class NotSignedIn(Exception):
    """What was given does not open a session: check it, or sign in anew."""


class TooManyAttempts(Exception):
    """This login failed too often; nothing is tried for `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class SignedIn:
    """`expires_at` is the access token's end; the refresh token is nowhere but here."""

    access_token: str
    expires_at: datetime
    refresh_token: str
    person: Any
    tenant: Any


def sign_in(gate: Gate, slug: str, login: str, password: str) -> SignedIn:
    """Open a session. Raises NotSignedIn, TooManyAttempts."""
    tenant_id = gate.doors.behind(slug) or NOBODY
    login = plain_login(login)
    attempt = rules.attempt_digest(slug, login)
    with gate.units.begin(tenant_id) as work:
        # Counted as failed before it is tried, so that many at once are not more than the limit allows.
        _count(work, attempt)
        person = work.store.people.by_login(login)
    known = person["password_hash"] if person else None
    if not passwords.matches(known, password) or person is None or known is None:
        raise NotSignedIn
    renewed = passwords.renewed(known, password)
    with gate.units.begin(tenant_id) as work:
        work.store.attempts.forgive(attempt)
        signed_in = _open_session(gate, work, person["person_id"], known, renewed)
    if signed_in is None:
        raise NotSignedIn
    return signed_in


def refresh(gate: Gate, token: str) -> SignedIn:
    """Go on for another twelve hours with new tokens; the old refresh token is used up.

    A token that was used before may be stolen, so its session ends. Raises NotSignedIn.
    """
    tenant_id = rules.tenant_of(token) or NOBODY
    with gate.units.begin(tenant_id) as work:
        signed_in = _go_on(gate, work, rules.digest(token))
    if signed_in is None:
        raise NotSignedIn
    return signed_in


def sign_out(work: Work[Store], session_id: UUID) -> None:
    """End a session; its access token still lasts until its own end, ten minutes at most."""
    work.store.sessions.end(session_id)


def _count(work: Work[Store], attempt: bytes) -> None:
    row = work.store.attempts.count(attempt, work.now, work.now - rules.FAILURES_WITHIN)
    if row["failures"] > rules.MOST_FAILURES:
        raise TooManyAttempts(rules.seconds_left(row["since"], work.now))


def _open_session(
    gate: Gate, work: Work[Store], person_id: UUID, password_hash: str, renewed: str | None
) -> SignedIn | None:
    """None when person or password changed since the password was looked at."""
    person = work.store.people.find_and_hold(person_id)
    if person is None or not person["active"] or person["password_hash"] != password_hash:
        return None
    if renewed:
        work.store.people.change(person_id, password_hash=renewed)
    work.store.sessions.forget_ended(work.now)
    session_id: UUID = uuids.uuid7()
    work.store.sessions.open(session_id, person_id, work.now + rules.SESSION_LIFETIME)
    return _tokens(gate, work, session_id, person)


def _go_on(gate: Gate, work: Work[Store], digest: bytes) -> SignedIn | None:
    sessions = work.store.sessions
    fresh, session_id = sessions.use_token(digest, work.now), sessions.session_of(digest)
    session = sessions.find(session_id) if session_id else None
    if session is None or session["expires_at"] <= work.now:
        return None
    if not fresh:
        if not sessions.used_since(digest, work.now - rules.AT_ONCE):
            sessions.end(session["session_id"])
        return None
    person = work.store.people.find_and_hold(session["person_id"])
    if person is None or not person["active"]:
        return None
    sessions.prolong(session["session_id"], work.now + rules.SESSION_LIFETIME)
    return _tokens(gate, work, session["session_id"], person)


def _tokens(gate: Gate, work: Work[Store], session_id: UUID, person: Mapping[Any, Any]) -> SignedIn:
    refresh_token = rules.refresh_token(work.tenant_id, secrets.token_urlsafe(32))
    work.store.sessions.give_token(session_id, rules.digest(refresh_token), work.now + rules.SESSION_LIFETIME)
    principal = Principal(
        tenant_id=work.tenant_id,
        person_id=person["person_id"],
        name=person["name"],
        roles=frozenset(person["roles"]),
        departments=frozenset(person["departments"]),
        session_id=str(session_id),
    )
    return SignedIn(
        access_token=gate.issuer.sign(principal, work.now, rules.ACCESS_LIFETIME),
        expires_at=work.now + rules.ACCESS_LIFETIME,
        refresh_token=refresh_token,
        person=person,
        tenant=work.store.tenant.find(),
    )
