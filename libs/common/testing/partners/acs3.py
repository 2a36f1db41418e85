"""How an Aliyun-like provider checks a call: ACS3-HMAC-SHA256, single-use nonce, 15 minutes."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

WINDOW = timedelta(minutes=15)
AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<key>[^,]+),\s*SignedHeaders=(?P<names>[^,]+),"
    r"\s*Signature=(?P<signature>[0-9a-f]{64})"
)
SIGNED = ("x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256")


@dataclass(frozen=True)
class Call:
    """A request as it came over the wire: header names in lower case, `query` still encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class CallRefused(Exception):
    """The provider's error: HTTP status, code, and its words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.words = words


class Guard:
    """Lets a call in once. Without `now` the time in it is not compared, for demonstrations in moved time."""

    def __init__(self, secrets: Mapping[str, str], now: Callable[[], datetime] | None = None) -> None:
        self._secrets = secrets
        self._now = now
        self._nonces: set[str] = set()

    def check(self, call: Call) -> None:
        """Raises CallRefused with the code the real provider would give."""
        for name in ("host", *SIGNED):
            if not call.headers.get(name):
                raise CallRefused(400, f"Missing{name}", f"{name} is mandatory for this action.")
        self._check_time(sent_at(call))
        given = AUTHORIZATION.fullmatch(call.headers.get("authorization", ""))
        if given is None:
            raise CallRefused(400, "IncompleteSignature", "The request signature does not conform to ACS3.")
        secret = self._secrets.get(given["key"])
        if secret is None:
            raise CallRefused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        self._check_signature(call, secret, given["names"].split(";"), given["signature"])
        nonce = call.headers["x-acs-signature-nonce"]
        if nonce in self._nonces:
            raise CallRefused(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self._nonces.add(nonce)

    def _check_time(self, sent: datetime) -> None:
        if self._now is not None and abs(self._now() - sent) > WINDOW:
            raise CallRefused(400, "InvalidTimeStamp.Expired", "Specified time stamp or date is expired.")

    def _check_signature(self, call: Call, secret: str, names: list[str], signature: str) -> None:
        must = {"host", *(name for name in call.headers if name.startswith("x-acs-"))}
        whole = must <= set(names) and names == sorted(names) and all(name in call.headers for name in names)
        true_body = hashlib.sha256(call.body).hexdigest() == call.headers["x-acs-content-sha256"]
        if not (whole and true_body and hmac.compare_digest(expected_signature(call, secret, names), signature)):
            raise CallRefused(400, "SignatureDoesNotMatch", "Specified signature is not matched.")


def sent_at(call: Call) -> datetime:
    """The UTC time the call says it was signed at. Raises CallRefused."""
    try:
        return datetime.strptime(call.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        words = "Specified time stamp is not well formatted."
        raise CallRefused(400, "InvalidTimeStamp.Format", words) from None


def expected_signature(call: Call, secret: str, names: list[str]) -> str:
    pairs = sorted(parse_qsl(call.query, keep_blank_values=True))
    query = "&".join(quote(key, safe="") + "=" + quote(value, safe="") for key, value in pairs)
    document = f"{call.method}\n{call.path}\n{query}\n"
    for name in names:
        document += f"{name}:{call.headers[name].strip()}\n"
    document += "\n" + ";".join(names) + "\n" + call.headers["x-acs-content-sha256"]
    digest = hashlib.sha256(document.encode()).hexdigest()
    return hmac.digest(secret.encode(), f"ACS3-HMAC-SHA256\n{digest}".encode(), "sha256").hex()
