"""Signed messages from booking platforms: Standard Webhooks 1.0.0, symmetric signatures (`v1`)."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

PREFIX = "whsec_"
SHORTEST_SECRET = 24
LONGEST_SECRET = 64
TOLERANCE = timedelta(minutes=5)
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class BadSignature(Exception):
    """The message did not come from who holds the secret, or not now. `reason` may be told to the sender."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def new_secret(random_bytes: bytes) -> str:
    """The signing secret made of 24 to 64 random bytes, as it is shown once. Other lengths: ValueError."""
    if not SHORTEST_SECRET <= len(random_bytes) <= LONGEST_SECRET:
        raise ValueError(f"a signing secret needs {SHORTEST_SECRET} to {LONGEST_SECRET} bytes")
    return PREFIX + base64.b64encode(random_bytes).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` value, `v1,…`; `timestamp` in Unix seconds. ValueError: malformed secret."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()


def verify(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The message id, the same for every retry, once one signature fits one of the secrets.

    `body` is the raw body, `now` an aware time; five minutes of difference are allowed both ways. Header
    names in any case. Raises BadSignature.
    """
    message_id, stamp, signatures = _required(headers)
    timestamp = _timestamp(stamp)
    if abs(now.timestamp() - timestamp) > TOLERANCE.total_seconds():
        raise BadSignature("webhook-timestamp is more than 5 minutes from now")
    expected = [sign(secret, message_id, timestamp, body).encode() for secret in secrets]
    given = [signature.encode() for signature in signatures.split()]
    # No short cut: the time taken must not tell which secret or which signature fitted.
    fits = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in given]
    if not any(fits):
        raise BadSignature("no signature in webhook-signature fits this body, id and timestamp")
    return message_id


def _required(headers: Mapping[str, str]) -> tuple[str, str, str]:
    lowered = {name.lower(): value.strip() for name, value in headers.items()}
    for name in HEADERS:
        if not lowered.get(name):
            raise BadSignature(f"the header {name} is missing")
    message_id, stamp, signatures = (lowered[name] for name in HEADERS)
    if "." in message_id:
        raise BadSignature("webhook-id must not contain a full stop")
    return message_id, stamp, signatures


def _timestamp(stamp: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", stamp):
        raise BadSignature("webhook-timestamp must be Unix seconds, digits only")
    return int(stamp)


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a signing secret is base64 after whsec_") from None
