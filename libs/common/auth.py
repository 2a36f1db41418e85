"""Who is asking: signed tokens (JWT, Ed25519), checked against public keys the process already holds.

People get their token from the tenants service; a service that must ask another signs its own, for one tenant
and one purpose. `kid` names the issuer; a key is never fetched because a token asked for it (RFC 8725).
"""

import json
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
AUDIENCE = "redress"
ISSUERS = ("tenants", "notify", "intake")
ROLES = ("front_line", "supervisor", "coordinator", "manager", "admin", "auditor", "operator")


class NotAuthentic(Exception):
    """The token is missing, expired, not ours or not for this."""


@dataclass(frozen=True)
class Principal:
    """Who asks, for which tenant. A service asks without a person and with the scopes it was given."""

    tenant_id: UUID
    person_id: UUID | None
    name: str
    roles: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    session_id: str | None = None


def make_keys(folder: Path) -> None:
    """Create the signing keys of every issuer and `public.json`; existing keys are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    public = []
    for issuer in ISSUERS:
        path = folder / f"{issuer}.private.json"
        if not path.exists():
            key = OKPKey.generate_key("Ed25519", parameters={"kid": f"{issuer}.{secrets.token_hex(4)}"})
            path.write_text(json.dumps(key.as_dict(private=True)))
            path.chmod(0o600)
        public.append(OKPKey.import_key(json.loads(path.read_text())).as_dict(private=False))
    (folder / "public.json").write_text(json.dumps({"keys": public}))


class Issuer:
    """Signs tokens in the name of one service."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._key = OKPKey.import_key(json.loads((folder / f"{name}.private.json").read_text()))

    def sign(self, principal: Principal, now: datetime, lifetime: timedelta) -> str:
        claims: dict[str, Any] = {
            "iss": self._name,
            "aud": AUDIENCE,
            "sub": str(principal.person_id or self._name),
            "tid": str(principal.tenant_id),
            "name": principal.name,
            "roles": sorted(principal.roles),
            "departments": sorted(principal.departments),
            "scopes": sorted(principal.scopes),
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        if principal.session_id:
            claims["sid"] = principal.session_id
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key, algorithms=[ALGORITHM])


class PublicKeys:
    """The keys whose signatures count; read from `public.json` (a JWKS, RFC 7517)."""

    def __init__(self, folder: Path) -> None:
        self.jwks: Mapping[str, Any] = json.loads((folder / "public.json").read_text())
        self._keys = {key["kid"]: OKPKey.import_key(key) for key in self.jwks["keys"]}

    def verify(self, token: str, now: datetime) -> Principal:
        """Whom the token speaks for. Raises NotAuthentic; never says which check failed."""
        try:
            decoded = jwt.decode(token, self._key_of(token), algorithms=[ALGORITHM])
            return _principal(decoded.claims, decoded.header["kid"], now)
        except (JoseError, ValueError, KeyError, TypeError, RecursionError) as failure:
            raise NotAuthentic from failure

    def _key_of(self, token: str) -> OKPKey:
        header = json.loads(_padded(token.split(".", 1)[0]))
        return self._keys[header["kid"]]


def _padded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _principal(claims: Mapping[str, Any], kid: str, now: datetime) -> Principal:
    if claims["iss"] != kid.split(".")[0] or claims["aud"] != AUDIENCE or claims["exp"] <= now.timestamp():
        raise NotAuthentic
    from_people = claims["iss"] == "tenants" and claims["sub"] != "tenants"
    return Principal(
        tenant_id=UUID(claims["tid"]),
        person_id=UUID(claims["sub"]) if from_people else None,
        name=claims["name"],
        roles=frozenset(claims["roles"]),
        departments=frozenset(claims["departments"]),
        scopes=frozenset(claims["scopes"]),
        session_id=claims.get("sid"),
    )
