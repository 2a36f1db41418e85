"""A reported step is told better, and notes are kept (DI-7)."""

import pytest

from tests.dispatch.rules import NAME, every_section, only

PLAN = {"id": "plan", "name": NAME, "before": "carried_out", "by": ["supervisor"]}
STEPS = only("accepted", "verified", {"milestone": "planned", "by": ["front_line"]}, "carried_out")


@pytest.fixture
def firm(empty_firm):
    return empty_firm.found(every_section(steps=STEPS, approvals=[PLAN]))


def test_a_returned_plan_is_revised_and_asked_for_again(firm):
    """DI-7: the step stays reached when it was."""
    complaint_id = planned(firm)
    firm.did("li", complaint_id, "approval/ask", approval_id="plan")
    firm.did("he", complaint_id, "approval/return", approval_id="plan", reason="缺报价")
    reached = firm.case(complaint_id)["milestones"]
    firm.pass_time(hours=1)
    case = firm.did("li", complaint_id, "revise", milestone="planned", note="附报价", plan="fix", plan_text="换阀门")
    assert case["milestones"] == reached
    assert [each["plan_text"] for each in case["findings"]] == ["换垫片", "换阀门"]
    firm.did("li", complaint_id, "approval/ask", approval_id="plan")
    firm.did("he", complaint_id, "approval/approve", approval_id="plan")
    firm.did("li", complaint_id, "milestones", milestone="carried_out")


def test_a_revision_stands_in_the_case_and_in_its_evidence(firm):
    """PR-4"""
    complaint_id = planned(firm)
    file_id = firm.kept(complaint_id, sha256="cd" * 32)
    revised = {"milestone": "planned", "note": "附报价", "attachments": [file_id], "plan": "fix", "plan_text": "换阀门"}
    [note] = firm.did("li", complaint_id, "revise", **revised)["notes"]
    assert (note["milestone"], note["note"], note["by"]["name"]) == ("planned", "附报价", "li")
    assert note["attachments"] == [file_id]
    chain = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    last = chain["items"][-1]
    assert (last["action"], last["details"]["plan_text"], chain["intact"]) == ("milestone_revised", "换阀门", True)


def test_what_was_approved_and_then_revised_is_approved_anew(firm):
    """DI-7: nobody carries out another plan than the one that was approved."""
    complaint_id = planned(firm)
    firm.did("li", complaint_id, "approval/ask", approval_id="plan")
    firm.did("he", complaint_id, "approval/approve", approval_id="plan")
    case = firm.did("li", complaint_id, "revise", milestone="planned", note="改为更换整管")
    [lapsed] = case["approvals"]
    assert (lapsed["state"], lapsed["decided_by"]["name"]) == ("lapsed", "he")
    assert firm.act("li", complaint_id, "milestones", milestone="carried_out").status_code == 422
    firm.did("li", complaint_id, "approval/ask", approval_id="plan")


def test_only_what_was_reported_is_revised_by_who_may_report_it_before_the_result(firm):
    complaint_id, wanted = firm.register(), {"milestone": "planned", "note": "补充"}
    firm.did("li", complaint_id, "accept")
    assert firm.act("li", complaint_id, "revise", **wanted).status_code == 409
    assert firm.act("li", complaint_id, "revise", milestone="accepted", note="补充").status_code == 422
    firm.did("li", complaint_id, "milestones", milestone="verified")
    firm.did("li", complaint_id, "milestones", milestone="planned")
    assert firm.act("he", complaint_id, "revise", **wanted).status_code == 403
    firm.did("lin", complaint_id, "approval/ask", approval_id="plan")
    firm.did("he", complaint_id, "approval/approve", approval_id="plan")
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    firm.did("li", complaint_id, "result", text="已修", spoken=True)
    assert firm.act("li", complaint_id, "revise", **wanted).status_code == 409


def test_whoever_is_given_the_case_revises_once_it_is_accepted(firm):
    """DI-6"""
    complaint_id = planned(firm)
    firm.did("lin", complaint_id, "assign", person_id=str(firm.person("wang")), reason="换人")
    assert firm.act("wang", complaint_id, "revise", milestone="planned", note="补充").status_code == 422
    firm.did("wang", complaint_id, "accept")
    firm.did("wang", complaint_id, "revise", milestone="planned", note="补充")


def test_a_note_with_files_is_kept_also_after_the_end(firm):
    """PR-4"""
    complaint_id = firm.register()
    file_id = firm.kept(complaint_id, sha256="cd" * 32)
    firm.did("li", complaint_id, "close", outcome="withdrawn", note="撤回")
    [note] = firm.did("li", complaint_id, "note", note="住户来电致谢 13800138000", attachments=[file_id])["notes"]
    assert (note["milestone"], note["attachments"], "13800138000" in note["note"]) == (None, [file_id], False)
    last = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json["items"][-1]
    assert (last["action"], last["actor_name"], last["details"]["attachments"]) == ("noted", "li", ["cd" * 32])
    assert firm.act("gao", complaint_id, "note", note="x").status_code == 404


def planned(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    firm.did("li", complaint_id, "milestones", milestone="verified")
    firm.did("li", complaint_id, "milestones", milestone="planned", plan="fix", plan_text="换垫片")
    return complaint_id
