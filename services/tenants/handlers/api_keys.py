"""API keys: how a tenant's own programs sign in."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.auth import Principal
from libs.common.unit_of_work import Work
from services.tenants.domain import signing_in as rules
from services.tenants.domain.mistakes import NotAcceptable, not_among
from services.tenants.domain.naming import one_line
from services.tenants.handlers.gate import Gate
from services.tenants.handlers.signing_in import NOBODY, NotSignedIn
from services.tenants.store import Store


class NoSuchKey(Exception):
    """There is no such key, or it was revoked before."""


def new_key() -> str:
    """A key of 256 random bits."""
    return f"redress_{secrets.token_urlsafe(32)}"


def add_key(work: Work[Store], name: str, scopes: Sequence[str], key: str) -> dict[str, Any]:
    """Let `key` open the door from now on; only its digest is kept. Raises NotAcceptable."""
    unknown = [not_among(scope, rules.KEY_SCOPES) for scope in scopes if scope not in rules.KEY_SCOPES]
    if unknown or not scopes:
        raise NotAcceptable.of([("scopes", "; ".join(unknown) or f"choose from: {rules.KEY_SCOPES[0]}")])
    if not one_line(name):
        raise NotAcceptable.of([("name", "say what the key is for")])
    row = {"key_id": uuids.uuid7(), "name": one_line(name), "scopes": list(dict.fromkeys(scopes))}
    row |= {"created_at": work.now, "revoked_at": None}
    work.store.api_keys.add(**row, digest=rules.digest(key))
    return row


def revoke_key(work: Work[Store], key_id: UUID) -> None:
    """The key opens nothing any more; tokens it gave last ten minutes at most. Raises NoSuchKey."""
    if not work.store.api_keys.revoke(key_id, work.now):
        raise NoSuchKey


def token_for_key(gate: Gate, slug: str, key: str) -> tuple[str, datetime]:
    """An access token and its end. Raises NotSignedIn."""
    tenant_id = gate.doors.behind(slug) or NOBODY
    with gate.units.read(tenant_id) as store:
        row = store.api_keys.by_digest(rules.digest(key))
    if row is None or row["revoked_at"] is not None:
        raise NotSignedIn
    now = gate.clock.now()
    principal = Principal(tenant_id, None, row["name"], scopes=frozenset(row["scopes"]))
    return gate.issuer.sign(principal, now, rules.ACCESS_LIFETIME), now + rules.ACCESS_LIFETIME
