"""`make demo`: complaints through every door of a running platform, then one procedure played to its figures.

Runs against `make run`. Time is moved by the platform's clock. Every step is printed as it happens.
"""

import argparse
import json
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from deploy.callers import Guest, Person, Platform, Refused
from deploy.demo_tenants import LAKESIDE, PASSWORD, QINGHE
from libs.common.testing.waiting import eventually

BEIJING = ZoneInfo("Asia/Shanghai")
NOTES = {
    "contacted": "已致电投诉人核实情况",
    "on_site": "已到现场核查",
    "first_measures": "已关闭总阀，安排临时房间",
    "verified": "情况属实",
    "planned": "更换老化管件，三日内完成",
    "carried_out": "已完成处理并复查",
}


class PlayedBefore(Exception):
    """The demo plays once per data folder: stop `make run`, remove the folder, start again."""


@dataclass
class Stage:
    """The running platform, its people and its clock."""

    address: str
    people: dict[tuple[str, str], Person] = field(default_factory=dict)

    def connect(self, service: str) -> httpx.Client:
        return httpx.Client(base_url=f"{self.address}/api/{service}/v1", timeout=30)

    def person(self, tenant: str, login: str) -> Person:
        if (tenant, login) not in self.people:
            self.people[tenant, login] = Person(self.connect, tenant, login, PASSWORD).sign_in()
        return self.people[tenant, login]

    def now(self) -> datetime:
        found = self.person("platform", "operator").get("platform", "/clock")
        return datetime.fromisoformat(found["now"]).astimezone(BEIJING)

    def wait_until(self, moment: datetime) -> None:
        """Move the platform's clock, then let what is due happen."""
        seconds = max(0.0, (moment - self.now()).total_seconds())
        self.person("platform", "operator").post("platform", "/clock", advance_seconds=seconds)
        self.settle()

    def settle(self) -> None:
        """Until every queue of every service is empty."""
        operator = self.person("platform", "operator")
        services = ("tenants", "intake", "dispatch", "sla", "notify", "reporting")

        def calm() -> bool:
            queues = [operator.get(service, "/ops/queues") for service in services]
            return all(queue["outbox"]["waiting"] == 0 and queue["inbox"]["due"] == 0 for queue in queues)

        for _ in range(2):  # what was calm once may have been between two services
            eventually(calm, within=60)

    def say(self, words: str) -> None:
        print(f"{self.now():%a %d %b %H:%M}  {words}", flush=True)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--address", default="http://localhost:8080")
    stage = Stage(parser.parse_args(words).address)
    try:
        if stage.now() > datetime(2026, 9, 30, 11, tzinfo=BEIJING):
            raise PlayedBefore(PlayedBefore.__doc__)
        for scene in (every_door, leak_in_time, noise_too_late, suggestion_over_the_holiday, figures):
            print(f"\n== {(scene.__doc__ or '').splitlines()[0]}")
            scene(stage)
    except httpx.ConnectError:
        sys.exit(f"nothing answers at {stage.address}: start `make run` first")
    except (Refused, PlayedBefore) as failure:
        sys.exit(str(failure))
    print("\nThe evidence: make audit; make trace n=<number>; the screens: " + stage.address)
    return 0


def every_door(stage: Stage) -> None:
    """Complaints through every door"""
    guest = Guest(stage.connect, QINGHE.slug)
    photo = guest.attach("走廊.png", PNG)
    web = guest.complain(
        "走廊的灯坏了两个星期，晚上很黑", name="赵晓梅", phone="13900001111", where="2号楼三层", attachments=[photo]
    )
    arrived(stage, "web form, with a photo", web)
    for channel, text in (("phone", "洗衣房收费和公示的不一样"), ("counter", "前台态度粗鲁，问两句就不耐烦")):
        desk = stage.person(QINGHE.slug, "desk")
        form = {"channel": channel, "text": text, "name": "钱伟", "phone": "13900002222", "where": "1号楼"}
        receipt = desk.post("intake", "/complaints", **form)
        arrived(stage, f"{channel}, taken by {desk.profile['name']}", receipt)
    mail_twice(stage)
    booking_platforms(stage)
    stage.settle()
    for receipt in (web,):
        progress = guest.progress(receipt)
        stage.say(f"the guest sees {receipt['number']}: promised by {shown(progress['promised_by'])}")


def mail_twice(stage: Stage) -> None:
    door = open_door(stage, QINGHE.slug, kind="mail", address="tousu@qinghe.example")
    mail = EmailMessage()
    mail["From"], mail["To"] = "Wang Fang <wangfang@mail.example>", "tousu@qinghe.example"
    mail["Subject"], mail["Message-ID"] = "热水经常没有", "<20260928.1@mail.example>"
    mail.set_content("1号楼302晚上八点以后没有热水，已经一周。\n\n发自我的iPhone")
    for attempt in ("raw mail", "the same mail again"):
        taken = door.mail(mail.as_bytes())
        stage.say(f"{attempt}: {'known already' if taken['duplicate'] else 'a new complaint'}")


def booking_platforms(stage: Stage) -> None:
    door = open_door(stage, LAKESIDE.slug, kind="ota", platform="agoda")
    review = {
        "platform": "agoda",
        "kind": "review",
        "id": "8814422",
        "property_id": "77",
        "guest_name": "Mia",
        "score": 3.2,
        "score_max": 10,
        "title": "Never again",
        "text": "The air conditioning in 1208 was broken for two nights.",
        "lang": "en",
        "created_at": "2026-09-27T20:15:00+08:00",
        "from": "guest",
        "room": "1208",
    }
    for attempt in ("signed review from a booking platform", "the same review again"):
        taken = door.push("ota/agoda", json.dumps(review).encode(), stage.now())
        stage.say(f"{attempt}: {'known already' if taken['duplicate'] else 'a new complaint'}")
    page = {"data": {"reviews": [booking_review("bk-1"), booking_review("bk-2")]}}
    door = open_door(stage, LAKESIDE.slug, kind="ota", platform="booking")
    taken = door.push("booking", json.dumps(page).encode(), stage.now())
    stage.say(f"a page of reviews in Booking's shape: {len(taken['accepted'])} taken")


def booking_review(identity: str) -> dict[str, Any]:
    return {
        "review_id": identity,
        "created_timestamp": "2026-09-27 08:00:00",
        "last_change_timestamp": "2026-09-27 08:00:00",
        "reviewer": {"name": "Jonas", "country_code": "de"},
        "content": {
            "language_code": "en",
            "headline": "Loud",
            "positive": "Nice view",
            "negative": "Loud music all night",
        },
        "scoring": {"review_score": 5},
    }


def leak_in_time(stage: Stage) -> None:
    """An urgent leak, handled in time (P1: on site in 2 h, first measures in 4 h)"""
    guest = Guest(stage.connect, QINGHE.slug)
    receipt = guest.complain(
        "302室水管爆管，地板全淹了，没法住", name="李建国", phone="13900003333", where="1号楼302室"
    )
    stage.settle()
    case = stage.person(QINGHE.slug, "coordinator").get("dispatch", f"/cases/{receipt['complaint_id']}")
    stage.say(f"{receipt['number']} is {case['urgency']}, {case['category']}: {case['department']}, {holder(case)}")
    for reason in case["reasons"]:
        stage.say(f"  because {reason['why'].get('en', reason['why'])}")
    show_clocks(stage, receipt)
    work_through(stage, receipt, minutes=12)


def noise_too_late(stage: Stage) -> None:
    """Noise that nobody answers: warning, breach, the ladder (P1: answer in 24 h)"""
    desk = stage.person(QINGHE.slug, "desk")
    form = {
        "channel": "phone",
        "text": "楼上每晚噪音扰民，孩子睡不着",
        "name": "孙丽华",
        "phone": "13900004444",
        "where": "2号楼508室",
    }
    receipt = desk.post("intake", "/complaints", **form)
    stage.settle()
    show_clocks(stage, receipt)
    begun = stage.now()
    for hours in (18.5, 24.5, 26.5, 49):
        stage.wait_until(begun + timedelta(hours=hours))
        case = stage.person(QINGHE.slug, "coordinator").get("dispatch", f"/cases/{receipt['complaint_id']}")
        state = "past its limit" if case["breached"] else "near its limit" if case["near_limit"] else "quiet"
        called = ", ".join(dict.fromkeys(f"{each['to_role']} (level {each['level']})" for each in case["escalations"]))
        stage.say(f"after {hours:g} h: {state}{'; called in: ' + called if called else ''}")
    work_through(stage, receipt, minutes=20)


def suggestion_over_the_holiday(stage: Stage) -> None:
    """A suggestion in 3 working days, over the National Day break with its working Saturday"""
    desk = stage.person(QINGHE.slug, "desk")
    stage.wait_until(datetime(2026, 9, 30, 15, tzinfo=BEIJING))
    form = {"channel": "suggestion_box", "text": "建议在大门口增设自行车棚"}
    receipt = desk.post("intake", "/complaints", **form)
    stage.settle()
    show_clocks(stage, receipt, explain=True)
    stage.wait_until(datetime(2026, 10, 9, 15, tzinfo=BEIJING))
    work_through(stage, receipt, minutes=30)


def figures(stage: Stage) -> None:
    """The figures of the property firm"""
    stage.settle()
    manager = stage.person(QINGHE.slug, "manager")
    kpis = manager.get("reporting", "/kpis", **{"from": "2026-09-01", "to": "2026-10-31"})
    for name in ("timely", "satisfaction"):
        ratio = kpis[name]
        rate = "-" if ratio["rate"] is None else f"{ratio['rate']:.0%}"
        print(f"  {name:22} {rate:>6}   ({ratio['numerator']} of {ratio['denominator']})")
    for name in ("handling_minutes", "first_response_minutes"):
        spread = kpis[name]
        print(f"  {name:22} median {spread['median']:.0f}, p90 {spread['p90']:.0f}   (of {spread['count']})")
    print(
        f"  complaints {kpis['complaints']}, closed {kpis['closed']}, open {kpis['open']}, breaches {kpis['breaches']}"
    )
    for name in ("by_channel", "by_category", "by_department"):
        print(f"  {name:22} " + ", ".join(f"{row['key']} {row['count']}" for row in kpis[name]))


def work_through(stage: Stage, receipt: dict[str, Any], minutes: int) -> None:
    """Whoever holds the case does each next step, some minutes after the last, until it is closed."""
    case_id = receipt["complaint_id"]
    coordinator = stage.person(QINGHE.slug, "coordinator")
    while (case := coordinator.get("dispatch", f"/cases/{case_id}"))["state"] != "closed":
        stage.wait_until(stage.now() + timedelta(minutes=minutes))
        person = stage.person(QINGHE.slug, login_of(case))
        offered = person.get("dispatch", f"/cases/{case_id}")["next_steps"]
        words = take(person, case_id, offered)
        stage.say(f"{person.profile['name']}: {words}")
    stage.settle()


def take(person: Person, case_id: str, offered: list[dict[str, Any]]) -> str:
    """The first step of the procedure that is offered; says what was done."""
    steps = {(step["action"], step.get("milestone")): step for step in offered}
    if ("accept", None) in steps:
        person.post("dispatch", f"/cases/{case_id}/accept", note="收到，马上处理")
        return "accepted"
    for milestone, note in NOTES.items():
        if ("milestone", milestone) in steps:
            person.post("dispatch", f"/cases/{case_id}/milestones", milestone=milestone, note=note)
            return f"{milestone}: {note}"
    if "solved" in steps.get(("close", None), {}).get("outcomes", ()):
        person.post("dispatch", f"/cases/{case_id}/close", outcome="solved", satisfied=True, note="投诉人满意")
        return "closed, the complainant is satisfied"
    result = {"text": "问题已解决，责任部门已整改。", "prevention": "纳入每周巡检。", "written": True, "spoken": True}
    person.post("dispatch", f"/cases/{case_id}/result", **result)
    return "told the result in writing and by phone"


def login_of(case: dict[str, Any]) -> str:
    """The sign-in name of whoever holds the case; the department's head when nobody does."""
    name = (case["assignee"] or {}).get("name")
    heads = {"engineering": "engineering-head", "security": "security-head", "customer_service": "service-head"}
    return next((staff.login for staff in QINGHE.staff if staff.name == name), heads[case["department"]])


def holder(case: dict[str, Any]) -> str:
    return f"held by {case['assignee']['name']}" if case["assignee"] else "held by nobody yet"


def show_clocks(stage: Stage, receipt: dict[str, Any], explain: bool = False) -> None:
    clocks = stage.person(QINGHE.slug, "coordinator").get("sla", f"/complaints/{receipt['complaint_id']}/clocks")
    for clock in clocks["items"]:
        binding = ", the one that binds" if clock["binding"] else ""
        stage.say(f"  limit {clock['limit_id']}: {clock['milestone_to']} by {shown(clock['due_at'])}{binding}")
        for line in clock["explanation"] if explain and clock["binding"] else ():
            stage.say(f"    {line['en']}")


def open_door(stage: Stage, tenant: str, **account: str) -> Platform:
    opened = stage.person(tenant, "admin").post("intake", "/channel-accounts", **account)
    return Platform(stage.connect, opened["door"], opened["secret"])


def arrived(stage: Stage, by: str, receipt: dict[str, Any]) -> None:
    stage.say(f"{by}: {receipt['number']}")


def shown(moment: str | None) -> str:
    if moment is None:
        return "no time yet"
    return f"{datetime.fromisoformat(moment).astimezone(BEIJING):%a %d %b %H:%M}"


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
