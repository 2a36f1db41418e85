"""P6, a group event: five households of one building complain of one thing, and its emergency plan begins by itself.

Source procedure 4: a plan for sudden group complaints, and a public statement within 72 hours.
"""

from datetime import datetime, timedelta

import pytest

from deploy.demo_tenants import Firm, Staff
from tests.journeys.conftest import at_work
from tests.platforms.embedded import Embedded

ROOMS = ("501", "502", "601", "602", "701")
PROVIDER = Firm(
    slug="hengtai",
    name="恒泰物业服务",
    kind="property",
    preset="p6-service-provider",
    places=tuple(("恒泰花园", "3号楼", room) for room in ROOMS),
    staff=(
        Staff("worker", "小郑 Zheng", ("front_line",), ("service",)),
        Staff("head", "冯主管 Feng", ("supervisor",), ("service",)),
        Staff("coordinator", "邓协调 Deng", ("coordinator",)),
        Staff("manager", "方总 Fang", ("manager",)),
    ),
)


@pytest.fixture(scope="module")
def journey():
    with at_work(Embedded(), PROVIDER.slug, PROVIDER) as journey:
        yield journey


def test_a_group_event_is_recognised_and_its_plan_begins(journey):
    """IN-8, SL-1: nobody has to see it first; a case that does not belong is taken out, and stays out."""
    receipts = [complaint(journey, room, f"1380000000{n}") for n, room in enumerate(ROOMS[:4])]
    assert not journey.case(receipts[0])["group"]
    receipts.append(complaint(journey, ROOMS[4], "13800000009"))

    cases = [journey.case(receipt) for receipt in receipts]
    assert all(case["group"] and case["major"] for case in cases)
    numbers = sorted(receipt["number"] for receipt in receipts)
    assert sorted(member["number"] for member in cases[0]["group_members"]) == numbers
    assert "恒泰花园 › 3号楼" in cases[0]["reasons"][0]["why"]["zh-Hans"]
    assert cases[0]["summons"][0]["lane"] == "crisis"
    statement = journey.clocks(receipts[0])["statement"]
    received = datetime.fromisoformat(cases[0]["received_at"])
    assert datetime.fromisoformat(statement["due_at"]) == received + timedelta(hours=72)

    journey.act("coordinator", receipts[0], "reclassify", group=False, reason="另一部电梯，与此无关")
    again = complaint(journey, ROOMS[0], "13800000000")
    assert (journey.case(receipts[0])["group"], journey.case(again)["group"]) == (False, True)
    assert [link["number"] for link in journey.case(again)["links"]] == [receipts[0]["number"]]
    assert journey.figures()["repeated"]["numerator"] == 1


def complaint(journey, room, phone):
    with journey.platform.client("tenants") as tenants:
        form = tenants.get(f"/public/tenants/{journey.firm.slug}/form").json()
    place = next(place["id"] for place in form["places"] if place["label"].endswith(room))
    told = {"happened_at": "2026-09-27T10:00:00+08:00", "asked_for": "尽快检修"}
    about = {"name": "住户", "phone": phone, "place_id": place, "category": "safety_hazard"}
    receipt = journey.firm.guest().complain(f"电梯有安全隐患，{room}", **about, **told)
    journey.rest()
    return receipt
