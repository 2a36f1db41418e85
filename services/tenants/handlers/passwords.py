"""Passwords: argon2id with 19 MiB, two passes, one lane. Hashing takes tens of milliseconds on purpose, so it
is done outside of transactions."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.tenants.domain.mistakes import NotAcceptable

SHORTEST = 12
LONGEST = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a random password that nobody kept: compared with where there is nobody, so that it takes as long.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$BZUNSAga/9K6jjuXdq+eMA$GgeWdi5ZksxC8n+PrEmMtVYawI4649IUnuXmO0YAaWs"


def hashed(password: str) -> str:
    """What is kept of a password. Raises NotAcceptable when it is not 12 to 200 characters long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise NotAcceptable.of([("password", f"use {SHORTEST} to {LONGEST} characters")])
    return _hasher.hash(_plain(password))


def generated() -> str:
    """A password of 128 random bits."""
    return secrets.token_urlsafe(16)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; takes the same time where there is no hash, and nobody knows the password then."""
    try:
        return _hasher.verify(password_hash or NOBODYS, _plain(password))
    except (VerificationError, InvalidHashError):
        return False


def renewed(password_hash: str, password: str) -> str | None:
    """The hash to keep from now on when the old one was made with other settings, else None."""
    return _hasher.hash(_plain(password)) if _hasher.check_needs_rehash(password_hash) else None


def _plain(password: str) -> str:
    """The same password from every keyboard."""
    return unicodedata.normalize("NFKC", password)
