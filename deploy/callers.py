"""People at their screens, as HTTP calls: guests, staff, admins, partners. Demo and journeys speak through them.

Every call checks its answer: an unexpected status raises `Refused` with the problem's own words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx

from services.intake.domain import webhooks

Connect = Callable[[str], httpx.Client]


class Refused(Exception):
    """A service answered with a problem."""


def asked(response: httpx.Response) -> Any:
    """The answer's content; Refused for anything but 2xx."""
    if not response.is_success:
        raise Refused(f"{response.request.method} {response.request.url.path} {response.status_code}: {response.text}")
    return response.json() if response.content else None


@dataclass
class Guest:
    """Somebody at the public form of one tenant."""

    connect: Connect
    slug: str

    def complain(self, text: str, **form: Any) -> dict[str, Any]:
        """The receipt: complaint_id, number, tracking_secret."""
        with self.connect("intake") as intake:
            path = f"/public/{self.slug}/complaints"
            key = {"Idempotency-Key": str(uuid4())}
            receipt: dict[str, Any] = asked(intake.post(path, json={"text": text, **form}, headers=key))
            return receipt

    def attach(self, name: str, content: bytes) -> str:
        """The id to name in a complaint."""
        with self.connect("intake") as intake:
            kept = asked(intake.post(f"/public/{self.slug}/attachments", files={"file": (name, content)}))
            return str(kept["attachment_id"])

    def progress(self, receipt: dict[str, Any]) -> dict[str, Any]:
        known = {"number": receipt["number"], "secret": receipt["tracking_secret"]}
        with self.connect("intake") as intake:
            found: dict[str, Any] = asked(intake.post(f"/public/{self.slug}/progress", json=known))
            return found


@dataclass
class Person:
    """Somebody signed in. `get`, `post`, `put`, `delete` speak to one service as that person."""

    connect: Connect
    tenant: str
    login: str
    password: str
    token: str = field(default="", repr=False)
    profile: dict[str, Any] = field(default_factory=dict)

    def sign_in(self) -> "Person":
        """Sign in (again: tokens last ten minutes of the platform's time)."""
        given = {"tenant": self.tenant, "login": self.login, "password": self.password}
        with self.connect("tenants") as tenants:
            session = asked(tenants.post("/sessions", json=given))
        self.token, self.profile = session["access_token"], session["person"]
        return self

    def get(self, service: str, path: str, **params: Any) -> Any:
        return self._call("GET", service, path, params=params)

    def post(self, service: str, path: str, **body: Any) -> Any:
        return self._call("POST", service, path, json=body)

    def put(self, service: str, path: str, **body: Any) -> Any:
        return self._call("PUT", service, path, json=body)

    def delete(self, service: str, path: str) -> Any:
        return self._call("DELETE", service, path)

    def keep(self, complaint_id: str, name: str, content: bytes) -> str:
        """The id of a file kept with a complaint, to name in a step of its case."""
        kept = self._call("POST", "intake", f"/complaints/{complaint_id}/attachments", files={"file": (name, content)})
        return str(kept["attachment_id"])

    def _call(self, method: str, service: str, path: str, **arguments: Any) -> Any:
        with self.connect(service) as client:
            response = client.request(method, path, headers=self._bearer(), **arguments)
            if response.status_code == httpx.codes.UNAUTHORIZED:
                self.sign_in()
                response = client.request(method, path, headers=self._bearer(), **arguments)
            return asked(response)

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Platform:
    """A booking platform or mail server at a tenant's door."""

    connect: Connect
    door: str
    secret: str

    def push(self, path: str, body: bytes, now: datetime) -> dict[str, Any]:
        """A signed message, as Standard Webhooks asks."""
        identity, stamp = f"msg_{uuid4().hex}", int(now.timestamp())
        headers = {
            "webhook-id": identity,
            "webhook-timestamp": str(stamp),
            "webhook-signature": webhooks.sign(self.secret, identity, stamp, body),
            "Content-Type": "application/json",
        }
        with self.connect("intake") as intake:
            taken: dict[str, Any] = asked(intake.post(f"/doors/{self.door}/{path}", content=body, headers=headers))
            return taken

    def mail(self, raw: bytes) -> dict[str, Any]:
        with self.connect("intake") as intake:
            path, kind = f"/doors/{self.door}/mail", {"Content-Type": "message/rfc822"}
            taken: dict[str, Any] = asked(intake.post(path, content=raw, headers=kind))
            return taken
