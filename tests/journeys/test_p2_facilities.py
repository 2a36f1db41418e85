"""P2, a community's electro-mechanical facilities: recorded, looked at on site, taken over, checked by the director.

Source procedure 2, part 1.
"""

import pytest

from deploy.callers import Refused
from deploy.demo_tenants import Firm, Staff
from tests.journeys.conftest import at_work
from tests.platforms.embedded import Embedded

ESTATE = Firm(
    slug="yunshan",
    name="云杉小区管理处",
    kind="property",
    preset="p2-facilities",
    places=(("云杉小区", "3栋", "1102室"), ("云杉小区", "水泵房")),
    staff=(
        Staff("office", "唐悦 Tang Yue", ("front_line",), ("management_office",)),
        Staff("mechanic", "丁凯 Ding Kai", ("front_line",), ("electromechanical",)),
        Staff("mechanics-head", "贺民 He Min", ("supervisor",), ("electromechanical",)),
        Staff("engineer", "冯远 Feng Yuan", ("front_line",), ("engineering",)),
        Staff("engineering-head", "韩松 Han Song", ("supervisor",), ("engineering",)),
        Staff("coordinator", "许晴 Xu Qing", ("coordinator",)),
        Staff("director", "秦岳 Qin Yue", ("manager",)),
    ),
)
FORM = {"channel": "counter", "name": "李建国", "phone": "13900003333", "where": "3栋1102室"}


@pytest.fixture(scope="module")
def journey():
    with at_work(Embedded(), ESTATE.slug, ESTATE) as journey:
        yield journey


def test_a_stopped_lift_is_put_right_by_the_mechanic_and_checked_by_the_director(journey):
    """IN-2, IN-3, DI-2, DI-7, DI-13: recorded at the counter, seen on site, repaired, asked after, checked, closed."""
    receipt = recorded(journey, "3栋电梯停了，按了没反应")
    case = journey.case(receipt)
    assert (case["category"], case["department"]) == ("lift", "electromechanical")
    assert case["people"]["assignee"]["name"].startswith("丁凯")
    assert journey.clocks(receipt) == {}, "no limit runs until an outside party is named"

    journey.act("mechanic", receipt, "accept")
    repaired(journey, "mechanic", receipt)
    journey.act("mechanic", receipt, "result", text="更换门机皮带，电梯已恢复", spoken=True)
    journey.act("mechanic", receipt, "milestones", milestone="surveyed", note="回访：正常，满意")
    with pytest.raises(Refused, match="effect_checked|no step of this case"):
        journey.act("mechanic", receipt, "milestones", milestone="effect_checked", note="正常")
    checked_and_closed(journey, receipt)
    assert journey.case(receipt)["state"] == "closed"
    assert journey.firm.guest().progress(receipt)["stage"] == "closed"


def test_a_burst_pipe_is_the_supervisors_to_decide(journey):
    """IN-7, DI-1, DI-8: urgent work goes to engineering, whose head is told and alone decides on the repair."""
    receipt = recorded(journey, "水泵房爆管，地下室淹了")
    case = journey.case(receipt)
    assert (case["urgency"], case["department"]) == ("urgent", "engineering")
    assert case["alerts"] == ["department_head", "manager"]

    journey.act("engineer", receipt, "accept")
    journey.act("engineer", receipt, "milestones", milestone="contacted", note="已电话联系")
    journey.act("engineer", receipt, "milestones", milestone="on_site", note="主管道接头脱开")
    with pytest.raises(Refused, match="planned"):
        journey.act("engineer", receipt, "milestones", milestone="planned", note="换接头")
    journey.act("engineering-head", receipt, "milestones", milestone="planned", note="停水两小时，抢修接头")
    journey.act("engineer", receipt, "milestones", milestone="carried_out", note="已修复，恢复供水")
    journey.act("engineer", receipt, "result", text="主管道接头已抢修，恢复供水", spoken=True)
    journey.act("engineer", receipt, "milestones", milestone="surveyed", note="回访：供水正常")


def test_the_mechanics_do_their_part_of_what_they_cannot_do_alone(journey):
    """DI-5, DI-8, DI-9: engineering leads; the mechanics wait for a pump, and the case is done when they are."""
    receipt = recorded(journey, "水泵房又淹了，水泵爆管")
    journey.act("engineer", receipt, "accept")
    [part] = [each for each in journey.case(receipt)["parts"] if not each["lead"]]
    assert (part["department"], part["assignee"]["name"]) == ("electromechanical", "丁凯 Ding Kai")
    with pytest.raises(Refused, match="the part of electromechanical"):
        journey.act("engineering-head", receipt, "close", outcome="solved", satisfied=True)
    journey.act("mechanic", receipt, f"parts/{part['part_id']}/accept")
    pump = {"for": "third_party", "party": "水泵厂家", "reason": "水泵要从厂家发货"}
    journey.act("mechanic", receipt, f"parts/{part['part_id']}/wait", **pump)
    assert "waiting" in {notice["kind"] for notice in journey.notices(receipt) if notice["to"] == "complainant"}
    journey.act("mechanic", receipt, f"parts/{part['part_id']}/resume", note="水泵到了")
    journey.act("mechanic", receipt, f"parts/{part['part_id']}/carried-out", note="关阀、排水、换泵")
    with pytest.raises(Refused) as missing:
        journey.act("engineering-head", receipt, "close", outcome="solved", satisfied=True)
    assert "electromechanical" not in str(missing.value)


def test_what_a_mechanic_cannot_solve_goes_on_with_all_that_was_learnt(journey):
    """DI-6, DI-8: handed to engineering with reason and summary; nobody asks the resident again."""
    receipt = recorded(journey, "路灯整条线跳闸，反复合不上")
    journey.act("mechanic", receipt, "accept")
    with pytest.raises(Refused, match="handover"):
        journey.act("mechanic", receipt, "transfer", to_department="engineering", reason="需要开挖电缆")
    passed_on = {"reason": "需要开挖电缆", "handover": "住户要求今晚恢复照明；已测绝缘，3号井后段接地"}
    journey.act("mechanic", receipt, "transfer", to_department="engineering", **passed_on)
    case = journey.case(receipt, "engineer")
    assert case["department"] == "engineering" and case["people"]["head"]["name"].startswith("韩松")
    assert {key: case["transfers"][0][key] for key in passed_on} == passed_on


def test_a_resident_is_told_for_which_outside_party_they_wait(journey):
    """DI-9, NO-1: the notice is the word that is owed within three days."""
    receipt = recorded(journey, "2栋电梯停了，主板烧了")
    journey.act("mechanic", receipt, "accept")
    waiting = {"for": "third_party", "party": "电梯厂家", "reason": "主板要从厂家发货"}
    journey.act("mechanic", receipt, "wait", **waiting)
    told = [(notice["kind"], notice["state"]) for notice in journey.notices(receipt) if notice["to"] == "complainant"]
    assert ("waiting", "handed") in told
    assert journey.clocks(receipt)["third-party-notice"]["state"] == "met"


def recorded(journey, text):
    receipt = journey.person("office").post("intake", "/complaints", text=text, **FORM)
    journey.rest()
    return receipt


def repaired(journey, login, receipt):
    for milestone, note in (("contacted", "已联系住户"), ("on_site", "门机皮带断裂"), ("carried_out", "已更换")):
        journey.later(minutes=20)
        journey.act(login, receipt, "milestones", milestone=milestone, note=note)


def checked_and_closed(journey, receipt):
    """The director checks when this case is among those to be checked."""
    if "effect_checked" in {step.get("milestone") for step in journey.case(receipt, "director")["next_steps"]}:
        journey.act("director", receipt, "milestones", milestone="effect_checked", note="试乘正常")
    journey.act("director", receipt, "close", outcome="solved", satisfied=True)
