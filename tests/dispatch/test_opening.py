"""A complaint becomes a case: classified, routed, given to somebody."""

from datetime import timedelta

import pytest

from libs.common.events.dispatch import CaseAssigned, CaseOpened, MilestoneReached
from libs.common.procedure import presets

HOUR = timedelta(hours=1)


def test_a_leak_goes_to_engineering_and_to_who_has_least_to_do(firm):
    """DI-2, DI-3."""
    first, second = firm.register("水管漏水"), firm.register("空调坏了")
    assert firm.case(first)["department"] == "engineering"
    assert firm.case(first)["assignee"] == {"id": str(firm.person("li")), "name": "li"}
    assert firm.case(second)["assignee"]["name"] == "wang"


def test_who_a_rule_names_has_the_case_unless_they_are_away(firm):
    """DI-1: whoever is away is passed over, and why stands on the case."""
    document = presets.load("p1-accommodation")
    document["routing"]["rules"].insert(0, {"id": "hers", "when": {"words": ["漏水"]}, "assignee": "wang"})
    firm.publish(2, document, firm.clock.now())
    named = firm.case(firm.register("水管漏水"))
    assert (named["assignee"]["name"], named["people"]["head"]["name"]) == ("wang", "he")
    assert firm.plan_absence("he", "wang").status_code == 201
    passed_over = firm.case(firm.register("水管漏水"))
    assert passed_over["assignee"]["name"] == "li"
    assert "wang, whom a rule names, is away or not known" in [each["why"]["en"] for each in passed_over["reasons"]]


def test_an_urgent_leak_is_urgent_and_has_its_three_responsible_people(firm):
    """IN-7, DI-4."""
    case = firm.case(firm.register("爆管了，房间淹了，水管还在漏水"))
    assert (case["category"], case["urgency"], case["state"]) == ("facility_repair", "urgent", "assigned")
    assert {role: who["name"] for role, who in case["people"].items()} == {
        "assignee": "li",
        "head": "he",
        "coordinator": "lin",
    }


def test_rudeness_goes_to_customer_service(firm):
    assert firm.case(firm.register("前台态度很差"))["department"] == "customer_service"


def test_what_is_said_at_opening_tells_times_people_and_the_first_milestone(firm):
    complaint_id = firm.register()
    opened, assigned, routed = firm.said(CaseOpened, CaseAssigned, MilestoneReached)
    assert isinstance(opened, CaseOpened)
    assert (opened.subject, opened.procedure_version, opened.department) == (complaint_id, 1, "engineering")
    assert isinstance(assigned, CaseAssigned)
    assert (assigned.assignee_id, assigned.reason) == (firm.person("li"), "least_open_work")
    assert isinstance(routed, MilestoneReached)
    assert (routed.milestone, routed.by) == ("routed", None)


def test_a_category_and_urgency_given_at_registration_are_not_questioned(firm):
    """IN-6."""
    case = firm.case(firm.register("水管漏水", category="noise", urgency="non_urgent"))
    assert (case["category"], case["urgency"]) == ("noise", "non_urgent")
    assert case["department"] == "customer_service"


def test_a_given_category_brings_its_usual_urgency(firm):
    case = firm.case(firm.register("有个问题", category="safety"))
    assert (case["department"], case["urgency"]) == ("security", "urgent")


def test_the_page_says_why_the_case_went_where_it_went(firm):
    reasons = firm.case(firm.register("水管漏水"))["reasons"]
    assert "facilities-to-engineering" in [reason["rule"] for reason in reasons]
    assert "漏水" in reasons[0]["why"]["zh-Hans"]
    assert reasons[-1]["why"]["en"] == "on duty, with the least open work"


def test_a_case_runs_under_the_procedure_in_force_when_the_complaint_was_received(firm):
    later = presets.load("p1-accommodation") | {"procedure": "p1-accommodation-2"}
    firm.publish(2, later, firm.clock.now())
    before = firm.register(received_at=firm.clock.now() - HOUR)
    assert firm.case(before)["procedure_version"] == 1
    assert firm.case(firm.register())["procedure_version"] == 2


def test_with_a_roster_only_those_on_duty_get_cases(firm):
    """DI-3."""
    firm.plan("he", "engineering", firm.duty("wang"), firm.duty("li", begins=5))
    names = {firm.case(firm.register())["assignee"]["name"] for _ in range(3)}
    assert names == {"wang"}


def test_when_nobody_is_on_duty_the_duty_manager_gets_it(firm):
    firm.plan("he", "engineering", firm.duty("li", begins=5), firm.duty("zhao", role="duty_manager"))
    complaint_id = firm.register()
    assert firm.case(complaint_id)["assignee"]["name"] == "zhao"
    assert firm.said(CaseAssigned)[-1].reason == "duty_manager"


def test_without_a_duty_manager_the_head_of_the_department_gets_it(firm):
    firm.plan("he", "engineering", firm.duty("li", begins=5))
    case = firm.case(firm.register())
    assert case["assignee"]["name"] == "he"
    assert "head" in case["reasons"][-1]["why"]["en"]


def test_when_nobody_at_all_is_there_the_case_waits_open(firm):
    firm.employ("gao", active=False)
    case = firm.case(firm.register("有人被偷", category="safety"))
    assert (case["state"], case["assignee"]) == ("open", None)
    assert firm.said(CaseAssigned)[-1].reason == "nobody"


def test_closing_a_case_frees_its_holder_for_the_next(firm):
    first, _ = firm.register(), firm.register()
    firm.pass_time(hours=1)
    firm.did("li", first, "close", outcome="unfounded", text="重复登记")
    assert firm.case(firm.register())["assignee"]["name"] == "li"


def test_of_equally_busy_people_the_one_not_given_a_case_for_longest_is_next(firm):
    for _ in range(2):
        complaint_id = firm.register()
        firm.pass_time(minutes=5)
        firm.did("he", complaint_id, "close", outcome="unfounded", text="误报")
    assert firm.case(firm.register())["assignee"]["name"] == "li"
    assert [each.assignee_id for each in firm.said(CaseAssigned)[:2]] == [
        firm.person("li"),
        firm.person("wang"),
    ]


@pytest.mark.parametrize(
    ("text", "alerts"), [("房间着火", ["department_head", "coordinator", "manager"]), ("漏水", [])]
)
def test_the_rules_say_who_is_alerted(firm, text, alerts):
    """DI-1."""
    assert firm.case(firm.register(text))["alerts"] == alerts
