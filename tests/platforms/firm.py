"""A firm under P1 on a running platform, with its people, made through the APIs."""

from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from deploy.callers import Guest, Person
from deploy.demo_tenants import PASSWORD, QINGHE, Firm, make_firm
from libs.common.testing.waiting import eventually


class Running(Protocol):
    """Either mode, started."""

    def found(self, login: str, password: str) -> None: ...

    def client(self, name: str) -> httpx.Client: ...


@dataclass
class OpenFirm:
    """One tenant whose door is open; `person(login)` is signed in."""

    platform: Running
    slug: str

    def guest(self) -> Guest:
        return Guest(self.platform.client, self.slug)

    def person(self, login: str) -> Person:
        return Person(self.platform.client, self.slug, login, PASSWORD).sign_in()


def operator_of(platform: Running) -> Person:
    """The platform's operator, made at the first call."""
    operator = Person(platform.client, "platform", "operator", PASSWORD)
    try:
        return operator.sign_in()
    except Exception:  # noqa: BLE001 (whatever refused: there is no operator yet)
        platform.found("operator", PASSWORD)
        return operator.sign_in()


def open_a_firm(platform: Running, slug: str, like: Firm = QINGHE, **changes: Any) -> OpenFirm:
    """A new tenant like the demo's; returns when its people and rules have reached every service."""
    firm = Firm(**{**like.__dict__, "slug": slug, **changes})
    make_firm(operator_of(platform), firm)
    opened = OpenFirm(platform, slug)
    eventually(lambda: _all_know(opened), within=60)
    return opened


def only_acknowledge(opened: OpenFirm) -> None:
    """Publish the firm's Procedure anew without alerts to staff: for loads of thousands of complaints."""
    admin = opened.person("admin")
    document = admin.get("tenants", "/procedure")["document"]
    document["notices"] = [notice for notice in document["notices"] if notice["on"] == "registered"]
    admin.post("tenants", "/procedures", document=document, accept_warnings=True)
    eventually(lambda: _queues_are_empty(opened), within=30)


def _queues_are_empty(opened: OpenFirm) -> bool:
    operator = operator_of(opened.platform)
    queues = [operator.get(name, "/ops/queues") for name in ("tenants", "intake", "dispatch", "sla", "notify")]
    return all(queue["outbox"]["waiting"] + queue["inbox"]["due"] == 0 for queue in queues)


def _all_know(opened: OpenFirm) -> bool:
    """The door is open, the admin can sign in, and nothing is on its way to a service."""
    with opened.platform.client("intake") as intake:
        if intake.post(f"/public/{opened.slug}/complaints", json={"text": " "}).status_code != 422:
            return False
    return bool(opened.person("admin").token) and _queues_are_empty(opened)
