"""P3, guests of a bar: heard at once, handed on with everything known, asked at the end whether they are satisfied.

Source procedure 2, part 2.
"""

import pytest

from deploy.callers import Refused
from deploy.demo_tenants import Firm, Staff
from tests.journeys.conftest import at_work
from tests.platforms.embedded import Embedded

BAR = Firm(
    slug="duchuan",
    name="渡船酒吧",
    kind="hotel",
    preset="p3-bar",
    places=(("渡船酒吧", "一楼", "A6桌"), ("渡船酒吧", "吧台")),
    staff=(
        Staff("waiter", "小米 Mia", ("front_line",), ("floor",)),
        Staff("floor-head", "老周 Zhou", ("supervisor",), ("floor",)),
        Staff("bartender", "阿杰 Jay", ("front_line",), ("bar_kitchen",)),
        Staff("kitchen-head", "陈师傅 Chen", ("supervisor",), ("bar_kitchen",)),
        Staff("cashier", "小林 Lin", ("front_line",), ("cashier",)),
        Staff("coordinator", "秀姐 Xiu", ("coordinator",)),
        Staff("manager", "马经理 Ma", ("manager",)),
    ),
)


@pytest.fixture(scope="module")
def journey():
    with at_work(Embedded(), BAR.slug, BAR) as journey:
        yield journey


def test_a_forgotten_order_is_put_right_by_whoever_hears_of_it(journey):
    """IN-2, IN-3, DI-2, DI-7, DI-13: no name is asked for, no clock runs, and the guest is asked at the end."""
    receipt = heard(journey, "waiter", "我们的酒叫了几次都没人理，漏单了吧")
    case = journey.case(receipt)
    assert (case["category"], case["department"]) == ("neglect", "floor")

    journey.act("waiter", receipt, "accept")
    solved(journey, "waiter", receipt, "先道歉，马上补单，送一份小食")
    with pytest.raises(Refused, match="surveyed"):
        journey.act("waiter", receipt, "close", outcome="solved")
    journey.act("waiter", receipt, "milestones", milestone="surveyed", note="客人表示满意，已致谢")
    journey.act("waiter", receipt, "close", outcome="solved", satisfied=True)
    assert journey.case(receipt)["state"] == "closed"
    assert journey.clocks(receipt) == {}


def test_what_is_not_ones_own_business_is_handed_on_and_nobody_asks_again(journey):
    """DI-4, DI-6: the cashier listens, tells the kitchen's head everything, who goes on from there."""
    receipt = heard(journey, "cashier", "买单时说一下，刚才的事情你们处理一下", category="bill_waiting")
    journey.act("cashier", receipt, "accept")
    story = "A6桌两位客人，鸡尾酒味道淡，等了四十分钟；希望重做一杯并减免"
    head = journey.person("kitchen-head").profile["id"]
    to_the_kitchen = {"to_department": "bar_kitchen", "to_person_id": head, "reason": "出品问题"}
    with pytest.raises(Refused, match="handover"):
        journey.act("cashier", receipt, "transfer", **to_the_kitchen)
    journey.act("cashier", receipt, "transfer", **to_the_kitchen, handover=story)

    case = journey.case(receipt, "kitchen-head")
    assert case["people"]["assignee"]["name"].startswith("陈师傅")
    assert case["transfers"][0]["handover"] == story
    journey.act("kitchen-head", receipt, "accept")
    solved(journey, "kitchen-head", receipt, "重做一杯，免收该杯")
    journey.act("kitchen-head", receipt, "milestones", milestone="surveyed", note="满意")


def test_spoiled_food_is_told_to_the_superior_and_the_manager_at_once(journey):
    """IN-7, DI-1, DI-8: a serious complaint; the manager may take it over."""
    receipt = heard(journey, "waiter", "小食变质，吃了拉肚子")
    case = journey.case(receipt)
    assert (case["category"], case["urgency"]) == ("quality", "serious")
    assert case["alerts"] == ["department_head", "manager"]
    journey.act("manager", receipt, "accept", note="我来处理")
    assert journey.case(receipt)["people"]["assignee"]["name"].startswith("马经理")


def test_a_guest_is_promised_no_time_where_there_is_none(journey):
    """IN-3, NO-2: the number is told, and no sentence names a time."""
    receipt = journey.firm.guest().complain("最低消费太贵", email="guest@example.com")
    journey.rest()
    told = [(notice["kind"], notice["state"]) for notice in journey.notices(receipt) if notice["to"] == "complainant"]
    assert told == [("registered", "handed")]
    (mail,) = [mail for mail in journey.platform.mail.received if "guest@example.com" in mail.recipients]
    assert receipt["number"] in mail.text and "不晚于" not in mail.text


def heard(journey, login, text, **form):
    receipt = journey.person(login).post("intake", "/complaints", text=text, channel="counter", where="A6桌", **form)
    journey.rest()
    return receipt


def solved(journey, login, receipt, plan):
    """Plan first, then the second meeting, in which what is known is repeated; then what was promised."""
    steps = (("planned", plan), ("contacted", "复述问题，客人确认"), ("carried_out", plan))
    for milestone, note in steps:
        journey.later(minutes=3)
        journey.act(login, receipt, "milestones", milestone=milestone, note=note)
    journey.act(login, receipt, "result", text=plan, spoken=True)
