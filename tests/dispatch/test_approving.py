"""What must be approved first (DI-7, DI-13; P4: the general manager before the archive)."""

import pytest

from libs.common.events.dispatch import MilestoneReached
from tests.dispatch.rules import NAME, every_section, only

PLAN = {"id": "plan", "name": NAME, "before": "carried_out", "by": ["supervisor"]}
END = {"id": "end", "name": NAME, "before": "closed", "by": ["manager"]}
FILE = {"id": "file", "name": NAME, "before": "archived", "by": ["manager"]}
MAJOR = {"id": "major", "name": NAME, "before": "carried_out", "by": ["manager"], "when": {"major": True}}


@pytest.fixture
def firm(empty_firm):
    steps = only("accepted", "carried_out", {"milestone": "archived", "optional": True})
    return empty_firm.found(every_section(steps=steps, approvals=[PLAN, END, FILE, MAJOR]))


def test_a_step_waits_for_its_approval(firm):
    """DI-7"""
    complaint_id = accepted(firm)
    answer = firm.act("li", complaint_id, "milestones", milestone="carried_out")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/milestone")
    assert "plan by supervisor" in answer.json["detail"]
    approved(firm, "he", complaint_id, "plan")
    firm.did("li", complaint_id, "milestones", milestone="carried_out")


def test_the_first_approval_is_a_milestone(firm):
    complaint_id = accepted(firm)
    approved(firm, "he", complaint_id, "plan")
    approved(firm, "zhao", complaint_id, "end")
    assert [each.milestone for each in firm.said(MilestoneReached)].count("approved") == 1


def test_what_is_missing_is_offered(firm):
    complaint_id = accepted(firm)
    assert offered(firm, "li", complaint_id) == {("ask_approval", "plan"), ("ask_approval", "end")}
    firm.did("li", complaint_id, "approval/ask", approval_id="plan")
    assert offered(firm, "he", complaint_id) == {("ask_approval", "end"), ("approve", "plan"), ("return", "plan")}


def test_a_returned_plan_says_why_and_may_be_asked_for_again(firm):
    complaint_id = accepted(firm)
    firm.did("li", complaint_id, "approval/ask", approval_id="plan", note="更换阀门")
    assert firm.act("li", complaint_id, "approval/ask", approval_id="plan").status_code == 409
    [returned] = firm.did("he", complaint_id, "approval/return", approval_id="plan", reason="缺报价")["approvals"]
    assert (returned["state"], returned["answer"], returned["decided_by"]["name"]) == ("returned", "缺报价", "he")
    assert firm.act("li", complaint_id, "milestones", milestone="carried_out").status_code == 422
    approved(firm, "he", complaint_id, "plan")
    assert [each["state"] for each in firm.case(complaint_id)["approvals"]] == ["returned", "approved"]


def test_only_the_named_roles_approve_and_only_what_was_asked_for(firm):
    complaint_id = accepted(firm)
    assert firm.act("he", complaint_id, "approval/approve", approval_id="plan").status_code == 409
    firm.did("li", complaint_id, "approval/ask", approval_id="plan")
    assert firm.act("zhao", complaint_id, "approval/approve", approval_id="plan").status_code == 403


@pytest.mark.parametrize("approval_id", ["unheard-of", "major"])
def test_what_the_case_does_not_need_is_not_asked_for(firm, approval_id):
    answer = firm.act("li", accepted(firm), "approval/ask", approval_id=approval_id)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/approval_id")


def test_a_major_case_needs_more(firm):
    """DI-8"""
    complaint_id = accepted(firm, major=True)
    approved(firm, "he", complaint_id, "plan")
    answer = firm.act("li", complaint_id, "milestones", milestone="carried_out")
    assert answer.status_code == 422 and "major by manager" in answer.json["detail"]


@pytest.mark.parametrize(("name", "status"), [("he", 403), ("lin", 403), ("zhao", 200)])
def test_the_mark_that_an_approval_rests_on_is_taken_off_by_who_could_give_it(firm, name, status):
    """DI-8: no review is avoided by saying for a while that the case is not major."""
    complaint_id = accepted(firm, major=True)
    [correct] = [step for step in firm.case(complaint_id, name)["next_steps"] if step["action"] == "reclassify"]
    assert ("major" in correct["one_of"]) is (status == 200)
    assert firm.act(name, complaint_id, "reclassify", major=False, reason="不严重").status_code == status


def test_a_mark_that_no_approval_rests_on_is_taken_off_as_it_was_put(firm):
    complaint_id = accepted(firm, major=True, vip=True)
    firm.did("he", complaint_id, "reclassify", vip=False, reason="登记有误")
    other = accepted(firm)
    firm.did("he", other, "reclassify", major=True, reason="有人受伤")


def test_who_asks_does_not_approve_where_somebody_else_could(firm):
    """DI-7"""
    firm.employ("wang", roles=("supervisor",))
    complaint_id = accepted(firm)
    firm.did("he", complaint_id, "approval/ask", approval_id="plan")
    assert firm.act("he", complaint_id, "approval/approve", approval_id="plan").status_code == 403
    assert ("approve", "plan") not in offered(firm, "he", complaint_id)
    firm.did("he", complaint_id, "approval/return", approval_id="plan", reason="撤回")
    firm.did("he", complaint_id, "approval/ask", approval_id="plan")
    assert firm.plan_absence("wang", "wang").status_code == 201
    firm.did("he", complaint_id, "approval/approve", approval_id="plan")


def test_where_nobody_else_could_decide_who_asks_approves(firm):
    """DI-7: a supervisor of another department has no say in this case."""
    complaint_id = accepted(firm)
    firm.did("he", complaint_id, "approval/ask", approval_id="plan")
    firm.did("he", complaint_id, "approval/approve", approval_id="plan")


@pytest.mark.parametrize("ending", [("close", {"outcome": "withdrawn", "note": "撤回"}), ("merge", {})])
def test_no_case_ends_without_its_approval(firm, ending):
    """DI-13"""
    complaint_id, other = accepted(firm), firm.case(firm.register("灯坏了"))["number"]
    step, given = ending
    body = given or {"into": other, "reason": "同一处"}
    assert "end by manager" in firm.act("li", complaint_id, step, **body).json["detail"]
    approved(firm, "zhao", complaint_id, "end")
    assert firm.did("li", complaint_id, step, **body)["state"] == "closed"


def test_the_archive_waits_for_the_end_and_for_its_approval(firm):
    """DI-13, P4"""
    complaint_id = accepted(firm)
    approved(firm, "he", complaint_id, "plan")
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    firm.did("li", complaint_id, "result", text="已修", spoken=True)
    assert "comes after: closed" in firm.act("zhao", complaint_id, "milestones", milestone="archived").json["detail"]
    approved(firm, "zhao", complaint_id, "end")
    firm.did("li", complaint_id, "close", outcome="solved")
    assert "file by manager" in firm.act("zhao", complaint_id, "milestones", milestone="archived").json["detail"]
    approved(firm, "zhao", complaint_id, "file")
    firm.did("zhao", complaint_id, "milestones", milestone="archived")
    assert firm.case(complaint_id)["next_steps"][0]["action"] == "reopen"


def test_approvals_stand_in_the_evidence(firm):
    """PR-4"""
    complaint_id = accepted(firm)
    firm.did("li", complaint_id, "approval/ask", approval_id="plan")
    firm.did("he", complaint_id, "approval/return", approval_id="plan", reason="缺报价")
    approved(firm, "he", complaint_id, "plan")
    chain = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    steps = [step["action"] for step in chain["items"][-4:]]
    assert steps == ["approval_asked", "returned", "approval_asked", "approved"] and chain["intact"]


def accepted(firm, **facts):
    complaint_id = firm.register(**facts)
    firm.did("li", complaint_id, "accept")
    return complaint_id


def approved(firm, name, complaint_id, approval_id):
    firm.did("lin", complaint_id, "approval/ask", approval_id=approval_id)
    firm.did(name, complaint_id, "approval/approve", approval_id=approval_id)


def offered(firm, name, complaint_id):
    steps = firm.case(complaint_id, name)["next_steps"]
    return {(step["action"], step["approval_id"]) for step in steps if "approval_id" in step}
