"""A booking platform that is told how far its complaints are, and checks who tells it (Standard Webhooks 1.0.0)."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from types import TracebackType
from typing import Any

from libs.common.testing.partners.faults import Fault, Faults

TOLERANCE_SECONDS = 300
STATUSES = ("accepted", "waiting", "in_progress", "result", "closed", "reopened")


@dataclass(frozen=True)
class ToldStatus:
    """One message that was taken; a copy of it carries the same id."""

    message_id: str
    external: dict[str, str]
    number: str
    status: str
    at: str
    result: str | None


class OtaPartner:
    """Serves from `with` until its end. `told` holds what was taken, oldest first, copies too; `asked` counts the
    calls. `secret` is the one that the door's opening showed; without `now` the time of a call is not compared."""

    def __init__(self, secret: str = "", now: Callable[[], datetime] | None = None) -> None:
        self.secret = secret
        self.told: list[ToldStatus] = []
        self.asked = 0
        self._now = now
        self._faults = Faults()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/status"

    def refuse(self, http_status: int, times: int = 1) -> None:
        """The next calls are answered with this status."""
        self._faults.add(Fault("refuse", str(http_status)), times)

    def drop_answers(self, times: int = 1) -> None:
        """The next calls are taken, then the connection closes without an answer."""
        self._faults.add(Fault("drop"), times)

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, bool]:
        """The HTTP status to answer with, and whether to answer at all."""
        with self._lock:
            self.asked += 1
            fault = self._faults.next()
            if fault is not None and fault.kind == "refuse":
                return int(fault.answer), True
            if not self._is_signed(headers, body):
                return 401, True
            told = read_status(headers["webhook-id"], body)
            if told is None:
                return 422, True
            self.told.append(told)
            return 204, fault is None

    def __enter__(self) -> "OtaPartner":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _is_signed(self, headers: dict[str, str], body: bytes) -> bool:
        message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not message_id or not stamp.isdigit():
            return False
        if self._now and abs(self._now().timestamp() - int(stamp)) > TOLERANCE_SECONDS:
            return False
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        digest = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        expected = "v1," + base64.b64encode(digest).decode()
        return any(hmac.compare_digest(expected, one) for one in headers.get("webhook-signature", "").split())


def read_status(message_id: str, body: bytes) -> ToldStatus | None:
    """The message with every field that a platform needs; None when one is missing or of another kind."""
    try:
        message = json.loads(body)
        data = message["data"]
        external, number, status, at = data["external"], data["number"], data["status"], data["at"]
        datetime.fromisoformat(at)
    except (ValueError, KeyError, TypeError):
        return None
    ids = isinstance(external, dict) and bool(external.get("id"))
    if message.get("type") != "complaint.status" or not ids or status not in STATUSES or not number:
        return None
    return ToldStatus(message_id, external, number, status, at, data.get("result"))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], partner: OtaPartner) -> None:
        self.partner = partner
        super().__init__(address, _Request)


class _Request(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        status, answers = self.server.partner.take({name.lower(): value for name, value in self.headers.items()}, body)
        if not answers:
            self.connection.shutdown(SHUT_RDWR)
            return
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", self.server.partner.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Silent."""
