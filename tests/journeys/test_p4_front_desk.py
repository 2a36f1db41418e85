"""P4, the front desk of a hotel: the department complained about explains, a VIP's word reaches the top at once, and
nothing is filed before the general manager has seen it.

Source procedure 2, part 3.
"""

from datetime import timedelta

import pytest

from deploy.callers import Refused
from deploy.demo_tenants import Firm, Staff
from tests.journeys.conftest import at_work
from tests.platforms.embedded import Embedded

HOTEL = Firm(
    slug="wutong",
    name="梧桐饭店",
    kind="hotel",
    preset="p4-front-desk",
    places=(("梧桐饭店", "主楼", "806房"), ("梧桐饭店", "中餐厅")),
    staff=(
        Staff("desk", "叶青 Ye Qing", ("front_line",), ("front_office",)),
        Staff("assistant-manager", "方圆 Fang Yuan", ("supervisor",), ("front_office",)),
        Staff("housekeeper", "田甜 Tian Tian", ("front_line",), ("housekeeping",)),
        Staff("housekeeping-head", "顾芳 Gu Fang", ("supervisor",), ("housekeeping",)),
        Staff("restaurant-head", "洪波 Hong Bo", ("supervisor",), ("food_beverage",)),
        Staff("guard", "雷鸣 Lei Ming", ("front_line",), ("security",)),
        Staff("security-head", "石坚 Shi Jian", ("supervisor",), ("security",)),
        Staff("duty-manager", "白露 Bai Lu", ("supervisor",), ("front_office", "housekeeping")),
        Staff("coordinator", "江帆 Jiang Fan", ("coordinator",)),
        Staff("general-manager", "沈墨 Shen Mo", ("manager",)),
    ),
)


@pytest.fixture(scope="module")
def journey():
    with at_work(Embedded(), HOTEL.slug, HOTEL) as journey:
        on_duty(journey, "duty-manager")
        yield journey


def test_a_complaint_about_the_rooms_is_explained_by_the_head_of_housekeeping(journey):
    """IN-2, DI-4, DI-7, DI-11: noted with the department's name, explained by that department's head."""
    receipt = noted(journey, "806房毛巾没有换，说了两次", category="rooms")
    case = journey.case(receipt)
    assert (case["department"], case["people"]["head"]["name"]) == ("housekeeping", "顾芳 Gu Fang")
    assert told(journey, receipt, "assigned") == {"assignee", "head"}

    journey.act("housekeeper", receipt, "accept")
    with pytest.raises(Refused, match="supervisor"):
        journey.act("housekeeper", receipt, "milestones", milestone="contacted", note="已解释")
    journey.act("housekeeping-head", receipt, "milestones", milestone="contacted", note="致歉，说明漏记原因")
    journey.act("housekeeper", receipt, "milestones", milestone="carried_out", note="毛巾已换，送水果")
    with pytest.raises(Refused, match="result"):
        journey.act("housekeeping-head", receipt, "close", outcome="solved", satisfied=True)
    journey.act("housekeeping-head", receipt, "result", text="毛巾已更换，再次致歉", spoken=True)
    journey.act("housekeeping-head", receipt, "close", outcome="solved", satisfied=True)
    assert journey.case(receipt)["state"] == "closed"


def test_a_simple_matter_of_ones_own_is_settled_at_the_desk(journey):
    """DI-7, DI-13: the front office needs nobody's leave to explain, and asks; no clock runs."""
    receipt = noted(journey, "退房等了二十分钟", category="front_office_service")
    journey.act("desk", receipt, "accept")
    with pytest.raises(Refused, match="surveyed"):
        settled(journey, receipt, by="desk", explained_by="desk", said=False)
    journey.act("desk", receipt, "close", outcome="solved", satisfied=True)
    assert journey.clocks(receipt) == {}
    journey.act("desk", receipt, "approval/ask", approval_id="before-archive")
    journey.act("general-manager", receipt, "approval/approve", approval_id="before-archive")
    journey.act("assistant-manager", receipt, "milestones", milestone="archived", note="投诉记录2026-09，前厅类")
    assert "surveyed" not in reached(journey, receipt), "the guest has said it already"


def test_nothing_is_archived_before_the_general_manager_has_approved_it(journey):
    """DI-13, SL-8: asked, sent back with what is missing, asked again, approved, filed."""
    receipt = noted(journey, "早餐上菜太慢", category="restaurant")
    settled(journey, receipt, by="restaurant-head", explained_by="restaurant-head")
    filed = {"milestone": "archived", "note": "投诉记录2026-09，餐饮类"}
    with pytest.raises(Refused, match="before-archive"):
        journey.act("restaurant-head", receipt, "milestones", **filed)
    asked = {"approval_id": "before-archive"}
    journey.act("restaurant-head", receipt, "approval/ask", **asked)
    with pytest.raises(Refused, match="manager"):
        journey.act("restaurant-head", receipt, "approval/approve", **asked)
    journey.act("general-manager", receipt, "approval/return", **asked, reason="请补记与厨房的约定")
    journey.act("restaurant-head", receipt, "approval/ask", **asked, note="已补：早餐高峰加一名厨师")
    journey.act("general-manager", receipt, "approval/approve", **asked)
    journey.act("restaurant-head", receipt, "milestones", **filed)
    assert reached(journey, receipt)[-1] == "archived"


def test_a_vips_complaint_calls_the_general_manager_who_answers_within_ten_minutes(journey):
    """IN-7, DI-1, DI-8: told and called at once; once acknowledged nobody else is called."""
    receipt = noted(journey, "套房异味很重", category="rooms", vip=True)
    case = journey.case(receipt)
    assert (case["vip"], case["alerts"]) == (True, ["manager"])
    assert called(journey, receipt) == ["沈墨 Shen Mo"]
    assert told(journey, receipt, "summoned") == told(journey, receipt, "alerted") == {"called_in"}

    journey.later(minutes=6)
    journey.act("general-manager", receipt, "acknowledge", note="我去见客人")
    journey.later(minutes=30)
    assert called(journey, receipt) == ["沈墨 Shen Mo"]
    assert not journey.case(receipt)["incident"]


def test_when_the_general_manager_does_not_answer_the_duty_manager_is_called(journey):
    """DI-8: one after the other; after the last it begins anew, as an incident, until somebody answers."""
    receipt = noted(journey, "行李丢了", category="front_office_service", major=True)
    journey.later(minutes=11)
    assert called(journey, receipt) == ["沈墨 Shen Mo", "白露 Bai Lu"]
    assert not journey.case(receipt)["incident"]
    journey.later(minutes=11)
    assert called(journey, receipt)[2:] == ["沈墨 Shen Mo"] and journey.case(receipt)["incident"]
    journey.act("duty-manager", receipt, "acknowledge")
    journey.later(minutes=30)
    assert len(called(journey, receipt)) == 3


def test_an_absent_general_manager_is_not_waited_for(journey):
    """DI-3, DI-8: the duty manager is called at once, sees the case and does what is to be done."""
    away = absent(journey, "general-manager")
    receipt = noted(journey, "贵宾房空调坏了，床单很脏", category="rooms", vip=True)
    assert called(journey, receipt) == ["白露 Bai Lu"]
    journey.act("duty-manager", receipt, "acknowledge")
    settled(journey, receipt, by="duty-manager", explained_by="duty-manager")
    back(journey, "general-manager", away)


def test_the_general_managers_substitute_answers_for_them(journey):
    """DI-3, DI-8: who stands in is called in their place, and only as long as they do."""
    away = absent(journey, "general-manager", substitute="coordinator")
    receipt = noted(journey, "大堂里有人打架，我的东西被偷", category="safety", major=True)
    assert called(journey, receipt) == ["江帆 Jiang Fan"]
    journey.act("coordinator", receipt, "acknowledge")
    back(journey, "general-manager", away)
    later = noted(journey, "电话费算错三次", category="front_office_service", major=True)
    assert called(journey, later) == ["沈墨 Shen Mo"]
    journey.act("general-manager", later, "acknowledge")


def test_what_turns_out_to_be_major_reaches_the_general_manager_then(journey):
    """DI-1, DI-8, SL-7: grave at first, which its head is told; called major by a supervisor, which calls the top."""
    receipt = noted(journey, "女儿在泳池边受伤了", category="safety")
    case = journey.case(receipt)
    assert (case["urgency"], case["alerts"], case["summons"]) == ("grave", ["department_head"], [])
    journey.act("security-head", receipt, "reclassify", major=True, reason="客人送医，媒体可能介入")
    assert called(journey, receipt) == ["沈墨 Shen Mo"]
    journey.act("general-manager", receipt, "acknowledge")


def noted(journey, text, **form):
    """Written down at the lobby desk."""
    form = {"channel": "counter", "name": "陈思远", "phone": "13900005555", "where": "806房", **form}
    receipt = journey.person("desk").post("intake", "/complaints", text=text, **form)
    journey.rest()
    return receipt


def settled(journey, receipt, *, by, explained_by, said=True):
    if ("accept", None) in steps(journey, receipt, by):
        journey.act(by, receipt, "accept")
    journey.act(explained_by, receipt, "milestones", milestone="contacted", note="致歉并说明")
    journey.act(by, receipt, "milestones", milestone="carried_out", note="已处理")
    journey.act(by, receipt, "result", text="已处理，再次致歉", spoken=True)
    journey.act(by, receipt, "close", outcome="solved", **({"satisfied": True} if said else {}))


def on_duty(journey, login):
    person = journey.person(login).profile["id"]
    shift = {"starts_at": journey.now().isoformat(), "ends_at": (journey.now() + timedelta(days=3)).isoformat()}
    entry = {"person_id": person, "role": "duty_manager", **shift}
    journey.person("general-manager").put("dispatch", "/roster?department=front_office", entries=[entry])


def absent(journey, login, substitute=None):
    person = journey.person(login)
    given = {"starts_at": journey.now().isoformat(), "ends_at": (journey.now() + timedelta(days=1)).isoformat()}
    if substitute:
        given["substitute_id"] = journey.person(substitute).profile["id"]
    made = person.post("dispatch", "/roster/absences", person_id=person.profile["id"], **given)
    journey.later(minutes=1)
    return made["absence_id"]


def back(journey, login, absence_id):
    journey.person(login).delete("dispatch", f"/roster/absences/{absence_id}")
    journey.later(minutes=1)


def steps(journey, receipt, login):
    return [(step["action"], step.get("milestone")) for step in journey.case(receipt, login)["next_steps"]]


def called(journey, receipt):
    """In turn."""
    summons = sorted(journey.case(receipt)["summons"], key=lambda call: call["turn"])
    return [call["person"]["name"] for call in summons]


def reached(journey, receipt):
    return [each["milestone"] for each in journey.case(receipt)["milestones"]]


def told(journey, receipt, kind):
    """Whom notices of this kind reached."""
    return {
        notice["to"] for notice in journey.notices(receipt) if notice["kind"] == kind and notice["state"] == "handed"
    }
