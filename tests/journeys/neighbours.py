"""Two firms with the same people, places, complaints and partners' ids on one platform; only their words differ."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from deploy.callers import Platform as Partner
from deploy.demo_tenants import PASSWORD
from libs.common.auth import Issuer, Principal
from tests.journeys.conftest import MONDAY, Journey
from tests.platforms.embedded import Embedded
from tests.platforms.firm import OpenFirm, open_a_firm

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
REVIEW = {"kind": "review", "id": "8814422", "lang": "en", "created_at": "2026-09-27T20:15:00+08:00", "from": "guest"}
PEOPLE = ("admin", "desk", "engineer", "coordinator", "manager", "reviewer")


@dataclass
class Neighbour:
    """A firm with one of each thing a firm can have; `ids` by the names of path parameters."""

    firm: OpenFirm
    word: str
    journey: Journey
    tenant_id: UUID = field(default_factory=uuid4)
    ids: dict[str, str] = field(default_factory=dict)
    receipt: dict[str, Any] = field(default_factory=dict)
    api_key: str = ""
    doors: dict[str, Partner] = field(default_factory=dict)

    def settle_in(self) -> "Neighbour":
        admin = self.firm.person("admin")
        made = admin.post("tenants", "/people", **self._reviewer())
        place = admin.post("tenants", "/places", kind="property", name=f"{self.word}大厦")
        key = admin.post("tenants", "/api-keys", name=f"{self.word}接口")
        mail = admin.post("intake", "/channel-accounts", kind="mail", address="tousu@firm.example")
        ota = admin.post("intake", "/channel-accounts", kind="ota", platform="agoda")
        draft = admin.post("tenants", "/drafts", name=f"{self.word}新制度", version=1)
        self.api_key = key["api_key"]
        connect = self.firm.platform.client
        self.doors = {
            kind: Partner(connect, door["door"], door["secret"]) for kind, door in (("mail", mail), ("ota", ota))
        }
        self.ids |= {
            "person_id": made["id"],
            "place_id": place["id"],
            "key_id": key["id"],
            "account_id": ota["account_id"],
            "draft_id": draft["id"],
        }
        self.journey.rest()
        self._complain()
        self._work()
        return self

    def _reviewer(self) -> dict[str, Any]:
        address = {"login": "reviewer", "email": "reviewer@firm.example", "password": PASSWORD}
        return address | {"name": f"{self.word}审核员", "roles": ["auditor"]}

    def _complain(self) -> None:
        guest, now = self.firm.guest(), self.journey.now()
        photo = guest.attach(f"{self.word}.png", PNG)
        self.receipt = guest.complain(
            f"{self.word}：302室水管爆管，地板淹了",
            name="李建国",
            phone="13900003333",
            place_id=self.ids["place_id"],
            attachments=[photo],
        )
        self.ids |= {"complaint_id": self.receipt["complaint_id"], "attachment_id": photo}
        self.doors["mail"].mail(letter(f"{self.word}：热水经常没有"))
        body = REVIEW | {"platform": "agoda", "guest_name": "Mia", "text": f"{self.word}: dirty room"}
        self.doors["ota"].push("ota/agoda", json.dumps(body).encode(), now)
        self.journey.rest()

    def _work(self) -> None:
        """The case under way, its clocks, notices and marks."""
        engineer = self.firm.person("engineer")
        about = f"/cases/{self.ids['complaint_id']}"
        engineer.post("dispatch", f"{about}/accept", note=f"{self.word}马上到")
        engineer.post("dispatch", f"{about}/milestones", milestone="on_site", note=f"{self.word}已到")
        mark = {"mystery": True, "reason": f"{self.word}暗访"}
        self.journey.rest()
        manager = self.firm.person("manager")
        self.ids["part_id"] = manager.get("dispatch", about)["parts"][0]["part_id"]
        away = {"starts_at": "2099-01-01T00:00:00Z", "ends_at": "2099-01-08T00:00:00Z"}
        planned = manager.post("dispatch", "/roster/absences", person_id=self.ids["person_id"], **away)
        self.ids["absence_id"] = planned["absence_id"]
        said = {"kind": "false", "reason": f"{self.word}虚构", "expires_at": "2027-01-01T00:00:00Z"}
        standing = manager.post("intake", f"/complaints/{self.ids['complaint_id']}/standing", **said)
        self.ids["standing_id"] = standing["items"][0]["standing_id"]
        manager.put("reporting", f"/mystery-cases/{self.ids['complaint_id']}", **mark)
        clocks = manager.get("sla", f"/complaints/{self.ids['complaint_id']}/clocks")["items"]
        notices = manager.get("notify", f"/complaints/{self.ids['complaint_id']}/notices")["items"]
        self.ids["clock_id"] = clocks[0]["clock_id"]
        self.ids["delivery_id"] = next(each["delivery_id"] for each in notices if each["delivery_id"])
        self.ids["notice_id"] = notices[0]["notice_id"]
        self.tenant_id = UUID(Session(self.firm, "admin").tenant["id"])

    def canaries(self) -> list[str]:
        """What nobody of another firm may ever read."""
        return [self.word, self.receipt["number"], self.receipt["tracking_secret"], *self.ids.values()]


class Session:
    """One sign-in, as the tenants service answers it."""

    def __init__(self, firm: OpenFirm, login: str) -> None:
        with firm.platform.client("tenants") as client:
            given = {"tenant": firm.slug, "login": login, "password": PASSWORD}
            self.answer = client.post("/sessions", json=given).json()
        self.tenant = self.answer["tenant"]
        self.bearer = bearer(self.answer["access_token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def letter(text: str, subject: str = "热水", message_id: str = "1") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Wang Fang <wangfang@mail.example>", "tousu@firm.example"
    mail["Subject"], mail["Message-ID"] = subject, f"<{message_id}@mail.example>"
    mail.set_content(text)
    return mail.as_bytes()


@dataclass
class Neighbours:
    """The firm that is asked about, and the firm whose people ask."""

    platform: Embedded
    asked: Neighbour
    asking: Neighbour

    def app(self, service: str) -> Flask:
        joined = self.platform.platform
        return joined.portal if service == "portal" else joined.services[service].app

    def tokens(self) -> dict[str, dict[str, str]]:
        """Headers of everybody of the asking firm, of its programs, and of notify in its name."""
        people = {login: Session(self.asking.firm, login).bearer for login in PEOPLE}
        with self.platform.client("tenants") as tenants:
            key = {"tenant": self.asking.firm.slug, "api_key": self.asking.api_key}
            program = tenants.post("/tokens", json=key).json()["access_token"]
        notify = Issuer("notify", self.platform.folder / "keys")
        scopes = frozenset({"contact", "staff_address"})
        asks = Principal(self.asking.tenant_id, None, "notify", scopes=scopes)
        service = notify.sign(asks, self.platform.clock.now(), timedelta(minutes=5))
        return people | {
            name: {"Authorization": f"Bearer {it}"} for name, it in (("program", program), ("notify", service))
        }


def move_in() -> Neighbours:
    """Both firms on a new embedded platform, at work since nine on a Monday."""
    platform = Embedded()
    platform.clock_file.parent.mkdir(parents=True, exist_ok=True)
    platform.clock.begin_at(MONDAY)
    platform.start()
    platform.platform.portal.config["WTF_CSRF_ENABLED"] = False
    firms = [
        Neighbour(firm := open_a_firm(platform, slug), word, Journey(platform, firm)).settle_in()
        for slug, word in (("south", "枇杷"), ("north", "石榴"))
    ]
    return Neighbours(platform, *firms)
