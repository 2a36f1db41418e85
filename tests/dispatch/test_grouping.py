"""What intake found to belong together: repeats are linked, a group event has its own plan (IN-8)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import (
    CaseAlerted,
    CaseGrouped,
    CaseLinked,
    CaseReclassified,
    CaseSummoned,
    CaseUnlinked,
    MilestoneReached,
)
from libs.common.events.intake import ComplaintGrouped, ComplaintLinked
from libs.common.procedure import presets


@pytest.fixture
def firm(empty_firm):
    """P6: a group event is major, management is alerted, and the crisis lane must acknowledge it."""
    return empty_firm.found(presets.load("p6-service-provider"))


def test_a_case_of_a_group_is_marked_and_says_why(firm):
    """IN-8: how many, about what, where, since when; in its evidence too."""
    complaint_id = firm.register("电梯有安全隐患")
    firm.pass_time(hours=3)
    group_id = find_group(firm, complaint_id)
    case = firm.case(complaint_id)
    assert (case["group"], case["major"]) == (True, True)
    assert case["reasons"][0]["why"] == {
        "zh-Hans": "群体投诉：2026-03-02 10:00起，翠园3号楼已有5人提出6件“安全隐患”投诉",
        "en": "group event: since 2026-03-02 10:00, 5 people made 6 complaints about “Safety hazard” at 翠园3号楼",
    }
    step = evidence(firm, complaint_id)[-1]
    assert (step["action"], step["actor"], step["details"]["group_id"]) == ("grouped", "intake", str(group_id))
    assert (step["details"]["complaints"], step["details"]["complainants"]) == (6, 5)


def test_a_group_has_its_emergency_plan_once(firm):
    """IN-8: whom the rule for groups wants is alerted and called, though nobody was when the case was opened."""
    complaint_id = firm.register("没修好")
    assert firm.said(CaseAlerted, CaseSummoned) == []
    find_group(firm, complaint_id)
    alerted, summoned = firm.said(CaseAlerted, CaseSummoned)
    assert set(alerted.people) >= {firm.person("lin"), firm.person("zhao")}
    assert (alerted.rules, summoned.lane, summoned.person_id) == (("group-event",), "crisis", firm.person("lin"))
    find_group(firm, complaint_id)
    assert len(firm.said(CaseAlerted, CaseSummoned)) == 2


def test_one_statement_speaks_for_every_open_case_of_the_event_and_for_those_that_join_later(firm):
    """IN-8, SL-1: P6's 72 hours are owed once, not by each case."""
    first, second, ended, later = (firm.register("没修好") for _ in range(4))
    group_id = uuid4()
    for complaint_id in (first, second, ended):
        find_group(firm, complaint_id, group_id=group_id)
    firm.did("zhao", ended, "close", outcome="withdrawn", note="不再追究")
    firm.did("zhao", first, "accept")
    firm.did("zhao", first, "milestones", milestone="verified", report="设备老化")
    firm.did("zhao", first, "milestones", milestone="statement", note="已召开说明会")
    find_group(firm, later, group_id=group_id)
    made = {said.subject for said in firm.said(MilestoneReached) if said.milestone == "statement"}
    assert made == {first, second, later}
    assert evidence(firm, second)[-1]["details"]["made_on"] == str(first)
    assert evidence(firm, later)[-1]["details"]["statement"] in (str(first), str(second))


def test_the_others_hear_what_the_rules_make_of_a_group(firm):
    """IN-8, SL-7"""
    complaint_id = firm.register("没修好")
    group_id = find_group(firm, complaint_id)
    [said] = firm.said(CaseGrouped)
    assert (said.subject, said.group_id, said.major) == (complaint_id, group_id, True)
    assert (said.urgency, said.department) == ("general", "service")


def test_the_page_shows_all_cases_of_the_group_and_the_list_marks_them(firm):
    """IN-8"""
    first, second, other = firm.register("没修好"), firm.register("太慢"), firm.register("迟到")
    group_id = uuid4()
    for complaint_id in (first, second):
        find_group(firm, complaint_id, group_id)
    assert [UUID(each["complaint_id"]) for each in firm.case(first)["group_members"]] == sorted((first, second))
    assert firm.case(other)["group_members"] == []
    listed = firm.get("zhao", "/v1/cases", view="all").json["items"]
    assert {UUID(each["complaint_id"]) for each in listed if each["group"]} == {first, second}


def test_two_groups_that_turn_out_to_be_one_are_shown_as_one(firm):
    """IN-8"""
    first, second, group_id = firm.register("没修好"), firm.register("太慢"), uuid4()
    find_group(firm, first, group_id)
    find_group(firm, second)
    find_group(firm, second, group_id)
    assert len(firm.case(first)["group_members"]) == 2
    assert len(firm.said(CaseGrouped)) == 2


def test_a_person_takes_a_case_out_of_its_group_and_that_stays(firm):
    """IN-8: the correction wins over what is found later."""
    complaint_id = firm.register("没修好")
    find_group(firm, complaint_id)
    firm.did("lin", complaint_id, "reclassify", group=False, reason="与电梯无关")
    find_group(firm, complaint_id)
    case = firm.case(complaint_id)
    assert (case["group"], case["group_members"]) == (False, [])
    assert (firm.said(CaseReclassified)[-1].group, len(firm.said(CaseGrouped))) == (False, 1)
    assert evidence(firm, complaint_id)[-1]["action"] == "reclassified"


def test_a_case_leaves_its_group_with_its_category(firm):
    """IN-6, IN-8: found, not said, so it may be found again under the other one; major is for a person to decide."""
    complaint_id = firm.register("没修好")
    find_group(firm, complaint_id)
    firm.did("lin", complaint_id, "reclassify", category="attitude", reason="实为态度问题")
    case, said = firm.case(complaint_id), firm.said(CaseReclassified)[-1]
    assert (case["group"], case["group_members"], case["major"]) == (False, [], True)
    assert (said.group, said.group_said) == (False, False)
    assert "for a person to say" in str(case["reasons"][-1])
    find_group(firm, complaint_id)
    assert firm.case(complaint_id)["group"] is True


@pytest.mark.parametrize("how", ["before", "with it"])
def test_what_a_person_said_of_the_group_outlives_the_category(firm, how):
    """IN-8."""
    complaint_id = firm.register("没修好")
    if how == "before":
        firm.did("lin", complaint_id, "reclassify", group=True, reason="多户受影响")
        firm.did("lin", complaint_id, "reclassify", category="attitude", reason="实为态度问题")
    else:
        find_group(firm, complaint_id)
        firm.did("lin", complaint_id, "reclassify", category="attitude", group=True, reason="同一批住户")
    assert firm.case(complaint_id)["group"] is True and firm.said(CaseReclassified)[0].group_said is True


def test_what_people_decided_before_stays_in_a_group(empty_firm):
    """SL-7: the rule for groups changes only what it speaks of."""
    document = presets.load("p6-service-provider")
    document["routing"]["rules"].append({"id": "slow", "when": {"words": ["没修好"]}, "urgency": "high_risk"})
    firm = empty_firm.found(document)
    complaint_id = firm.register("没修好")
    firm.did("zhao", complaint_id, "transfer", to_department="quality", reason="技术问题", handover="已看过现场")
    firm.did("zhao", complaint_id, "reclassify", urgency="general", reason="已经不漏了")
    find_group(firm, complaint_id)
    case = firm.case(complaint_id)
    assert (case["department"], case["urgency"], case["major"]) == ("quality", "general", True)


def test_a_closed_case_is_only_marked(firm):
    """IN-8: nobody is called to what is over."""
    complaint_id = firm.register("没修好")
    firm.did("zhao", complaint_id, "accept")
    firm.did("zhao", complaint_id, "close", outcome="unfounded", text="经核实不属实", written=True, spoken=True)
    find_group(firm, complaint_id)
    assert firm.case(complaint_id)["group"] is True
    assert firm.said(CaseAlerted, CaseSummoned, CaseGrouped) == []


def test_a_repeat_is_linked_and_counted(firm):
    """IN-8: on both pages, in the list and in the evidence."""
    first, second = firm.register("没修好"), firm.register("还是没修好")
    find_repeat(firm, second, first)
    assert [link["relation"] for link in firm.case(second)["links"]] == ["repeats"]
    assert [link["relation"] for link in firm.case(first)["links"]] == ["repeated_by"]
    listed = {each["complaint_id"]: each["repeats"] for each in firm.get("zhao", "/v1/cases", view="all").json["items"]}
    assert listed == {str(first): 0, str(second): 1}
    [link] = firm.said(CaseLinked)
    assert (link.subject, link.other_id, link.relation) == (second, first, "repeats")
    assert evidence(firm, second)[-1]["details"] == {"other": str(first), "relation": "repeats", "same": "person"}


def test_a_supervisor_dissolves_a_link_with_a_reason(firm):
    """IN-8"""
    first, second, third = firm.register("没修好"), firm.register("太慢"), firm.register("迟到")
    for earlier in (first, second):
        find_repeat(firm, third, earlier)
    case = firm.did("lin", third, "unlink", other=firm.case(first)["number"], reason="不同的事")
    assert ([link["other_id"] for link in case["links"]], case["repeats"]) == ([str(second)], 1)
    [said] = firm.said(CaseUnlinked)
    assert (said.subject, said.other_id, said.follows, said.by) == (third, first, second, firm.person("lin"))
    assert evidence(firm, third)[-1]["details"]["reason"] == "不同的事"


def test_only_a_link_that_is_there_is_dissolved(firm):
    """IN-8: what is wrong is named."""
    first, second = firm.register("没修好"), firm.register("太慢")
    assert firm.act("lin", second, "unlink", other="x", reason="不同").status_code == 409
    find_repeat(firm, second, first)
    refused = firm.act("lin", second, "unlink", other=firm.case(second)["number"], reason="不同")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/other")
    assert firm.act("lin", second, "unlink", other=firm.case(first)["number"]).status_code == 422


def test_the_front_line_dissolves_no_link_and_the_supervisor_does(empty_firm):
    """IN-8"""
    firm = empty_firm.found()
    first, second = firm.register(), firm.register()
    find_repeat(firm, second, first)
    about = {"other": firm.case(first)["number"], "reason": "不同的事"}
    assert "unlink" not in {step["action"] for step in firm.case(second, "li")["next_steps"]}
    assert firm.act("li", second, "unlink", **about).status_code == 403
    assert firm.did("he", second, "unlink", **about)["links"] == []


def test_a_group_can_be_tried_before_the_procedure_is_published(firm):
    """PO-4"""
    tried = {"version": 1, "text": "没修好", "channel": "web", "group": True}
    answer = firm.service.app.test_client().post("/v1/procedures/try", json=tried, headers=firm.headers("xu"))
    assert (answer.status_code, answer.json["major"]) == (200, True), answer.json


def find_group(firm, complaint_id, group_id=None):
    group_id = group_id or uuid4()
    since = firm.clock.now() - timedelta(hours=3)
    counted = {"complaints": 6, "complainants": 5, "since": since}
    about = {"group_id": group_id, "category": "safety_hazard", "place_label": "翠园3号楼"}
    firm.hear(ComplaintGrouped, complaint_id, **about, **counted)
    return group_id


def find_repeat(firm, later, earlier):
    firm.hear(ComplaintLinked, later, other_id=earlier, relation="repeats", same="person")


def evidence(firm, complaint_id):
    answer = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    assert answer["intact"]
    return answer["items"]
