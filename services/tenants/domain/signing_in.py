"""How long a sign-in lasts, how often it may be tried, and what its tokens look like."""

import hashlib
import math
from datetime import datetime, timedelta
from uuid import UUID

ACCESS_LIFETIME = timedelta(minutes=10)
SESSION_LIFETIME = timedelta(hours=12)
"""From the last refresh."""

AT_ONCE = timedelta(seconds=10)
"""Two tabs of one browser may renew with the same token; later than this it is somebody else."""

MOST_FAILURES = 10
FAILURES_WITHIN = timedelta(minutes=15)
"""From the first of them."""

KEY_SCOPES = ("staff",)
"""What an API key may be for. Scopes of services are never among them."""


def digest(secret: str) -> bytes:
    """What is kept of a token or key. They are 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).digest()


def attempt_digest(slug: str, login: str) -> bytes:
    """Under which failures are counted, for known and unknown tenants and logins alike."""
    return digest(f"{slug}\n{login}")


def refresh_token(tenant_id: UUID, secret: str) -> str:
    """The token says whose it is, so that it is looked for among that tenant's alone."""
    return f"{tenant_id.hex}.{secret}"


def tenant_of(token: str) -> UUID | None:
    """The tenant a refresh token says it belongs to; None when it is not one."""
    try:
        return UUID(hex=token.partition(".")[0])
    except ValueError:
        return None


def seconds_left(first_failure: datetime, now: datetime) -> int:
    """Until the failures are forgotten; at least 1."""
    return max(1, math.ceil((first_failure + FAILURES_WITHIN - now).total_seconds()))
