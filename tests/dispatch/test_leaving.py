"""Cases that nobody has: who had them left, or nobody was found (DI-3, DI-4)."""

import pytest

from libs.common.events.dispatch import CaseAlerted

LEFT = {"active": False}
MOVED = {"departments": ("security",)}


@pytest.mark.parametrize("change", [LEFT, MOVED])
def test_the_cases_of_who_leaves_are_listed_and_the_head_is_alerted(firm, change):
    """DI-4, PR-4: it stays on the case, and in its evidence, whose it was."""
    complaint_id, kept = firm.register(), firm.register()
    firm.employ("li", **change)
    assert (listed(firm), firm.case(complaint_id)["incident"]) == ([str(complaint_id)], True)
    assert firm.case(kept)["incident"] is False
    [alerted] = firm.said(CaseAlerted)
    assert (alerted.subject, alerted.people) == (complaint_id, (firm.person("he"),))
    chain = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    assert (chain["items"][-1]["action"], chain["intact"]) == ("holder_left", True)


def test_a_part_of_who_leaves_is_listed_too(firm):
    """DI-5: the head of the part's department is alerted."""
    complaint_id = firm.register()
    firm.did("lin", complaint_id, "parts", department="customer_service", reason="安抚")
    firm.employ("zhou", **LEFT)
    [alerted] = firm.said(CaseAlerted)
    assert (listed(firm, "fang"), alerted.people) == ([str(complaint_id)], (firm.person("fang"),))


def test_without_a_head_coordination_is_alerted(firm):
    firm.employ("gao", departments=("security", "customer_service"))
    complaint_id = firm.register("小区里有人打架斗殴", category="safety")
    assert firm.case(complaint_id)["assignee"]["name"] == "gao"
    firm.employ("gao", departments=("customer_service",))
    alerted = [each.people for each in firm.said(CaseAlerted) if each.rules == ("holder_left",)]
    assert alerted == [(firm.person("lin"),)]


@pytest.mark.parametrize("change", [LEFT, MOVED])
def test_who_takes_the_case_over_ends_the_incident(firm, change):
    complaint_id = firm.register()
    firm.employ("li", **change)
    firm.did("he", complaint_id, "assign", person_id=str(firm.person("wang")), reason="接手")
    assert (listed(firm), firm.case(complaint_id)["incident"]) == ([], False)


def test_who_stays_in_the_department_leaves_nothing_behind(firm):
    firm.register()
    firm.employ("li", roles=("front_line", "supervisor"), skills=("facility_repair",))
    assert (listed(firm), firm.said(CaseAlerted)) == ([], [])


def test_a_closed_case_of_who_leaves_is_left_alone(firm):
    complaint_id = firm.register()
    firm.did("zhao", complaint_id, "close", outcome="unreachable", note="联系不上")
    firm.employ("li", **LEFT)
    assert (firm.said(CaseAlerted), firm.case(complaint_id)["incident"]) == ([], False)


def test_a_case_for_which_nobody_is_found_is_an_incident_until_somebody_has_it(firm):
    """DI-3."""
    empty(firm)
    complaint_id = firm.register()
    case = firm.case(complaint_id)
    assert (case["assignee"], case["incident"], listed(firm, "lin")) == (None, True, [str(complaint_id)])
    assert firm.did("zhao", complaint_id, "accept")["incident"] is False


def test_a_transfer_to_a_department_without_anybody_is_an_incident(firm):
    """DI-6."""
    complaint_id = firm.register("前台态度差")
    empty(firm)
    given = {"to_department": "engineering", "reason": "漏水", "handover": "客人已回房"}
    assert firm.did("zhou", complaint_id, "transfer", **given)["incident"] is True


def test_a_case_that_is_refused_without_a_head_is_an_incident(firm):
    complaint_id = firm.register()
    firm.employ("he", **LEFT)
    assert firm.did("li", complaint_id, "refuse", reason="不会")["incident"] is True
    assert firm.did("wang", complaint_id, "accept")["incident"] is False


def test_a_part_for_which_nobody_is_found_is_an_incident_until_somebody_has_it(firm):
    """DI-5."""
    complaint_id = firm.register("前台态度差")
    empty(firm)
    case = firm.did("lin", complaint_id, "parts", department="engineering", reason="修水管")
    assert case["incident"] is True
    accepted = firm.did("zhao", complaint_id, f"parts/{case['parts'][-1]['part_id']}/accept")
    assert accepted["incident"] is False


def test_a_case_stays_an_incident_while_a_part_of_it_has_nobody(firm):
    complaint_id = firm.register("前台态度差")
    empty(firm)
    firm.did("lin", complaint_id, "parts", department="engineering", reason="修水管")
    assert firm.did("fang", complaint_id, "accept")["incident"] is True


def empty(firm):
    """Engineering has nobody any more."""
    for name in ("li", "wang", "he"):
        firm.employ(name, **LEFT)


def listed(firm, name="he"):
    return [row["complaint_id"] for row in firm.get(name, "/v1/cases?view=absent").json["items"]]
