"""What was found out, and the ends that follow from it (DI-7, IN-9, IN-11); steps after the end (DI-13, DI-14)."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.events.dispatch import CaseClosed, ResultGiven
from libs.common.procedure.duration import Share
from services.dispatch.domain.sampling import drawn
from tests.dispatch.rules import every_section, only

FOUND = {"report": "阀门老化，电话 13912345678", "cause": "product_service", "cause_text": "未按期更换"}
VERIFIED = {"milestone": "verified", "required": ["report", "cause", "finding"]}


@pytest.fixture
def firm(empty_firm):
    planned = {"milestone": "planned", "required": ["plan"], "optional": True}
    return empty_firm.found(every_section(steps=only(VERIFIED, planned), approvals=[]))


def test_a_step_asks_for_what_was_found_out(firm):
    """DI-7"""
    complaint_id = firm.register()
    answer = firm.act("li", complaint_id, "milestones", milestone="verified")
    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json["errors"]}
    assert pointers == {"#/report", "#/cause", "#/finding", "#/cause_text"}


def test_report_cause_plan_and_finding_stand_on_the_page(firm):
    """DI-7, IN-9; PR-1: masked."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "milestones", milestone="verified", finding="confirmed", **FOUND)
    case = firm.did("li", complaint_id, "milestones", milestone="planned", plan="fix", plan_text="更换阀门")
    verified, planned = case["findings"]
    assert (verified["cause"], verified["finding"], verified["by"]["name"]) == ("product_service", "confirmed", "li")
    assert (planned["milestone"], planned["plan"], planned["plan_text"]) == ("planned", "fix", "更换阀门")
    assert "13912345678" not in str(case) + firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").text


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"cause": "weather"}, "#/cause"),
        ({"plan": "fix"}, "#/plan_text"),
        ({"plan_text": "更换"}, "#/plan"),
        ({"finding": "maybe"}, "#/finding"),
    ],
)
def test_a_finding_is_one_of_the_known_ones_and_said_in_words(firm, change, pointer):
    given_too = FOUND | {"finding": "confirmed"} | change
    answer = firm.act("li", firm.register(), "milestones", milestone="verified", **given_too)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize(
    ("finding", "outcome"), [("cannot_be_verified", "unverifiable"), ("already_solved", "already_solved")]
)
def test_what_could_not_be_verified_or_was_solved_is_explained_and_closed(firm, finding, outcome):
    """IN-9"""
    complaint_id = firm.register()
    early = firm.act("li", complaint_id, "close", outcome=outcome, text="经核实")
    assert (early.status_code, early.json["errors"][0]["pointer"]) == (422, "#/outcome")
    firm.did("li", complaint_id, "milestones", milestone="verified", finding=finding, **FOUND)
    silent = firm.act("li", complaint_id, "close", outcome=outcome)
    assert (silent.status_code, silent.json["errors"][0]["pointer"]) == (422, "#/text")
    case = firm.did("li", complaint_id, "close", outcome=outcome, text="经核实", spoken=True)
    assert (case["outcome"], case["results"][0]["text"]) == (outcome, "经核实")


def test_an_unfounded_complaint_ends_with_an_explanation(firm):
    """DI-11: the complainant is told before the case ends."""
    complaint_id = firm.register()
    answer = firm.act("li", complaint_id, "close", outcome="unfounded")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/text")
    firm.did("li", complaint_id, "close", outcome="unfounded", text="现场无漏水", written=True)
    result, closed = firm.said(ResultGiven, CaseClosed)
    assert (result.text, result.written, closed.outcome) == ("现场无漏水", True, "unfounded")
    assert "result_written" in {each["milestone"] for each in firm.case(complaint_id)["milestones"]}


@pytest.mark.parametrize(("by", "status"), [("li", 200), ("lin", 403)])
def test_an_explanation_is_told_in_the_ways_that_a_result_must_be(empty_firm, by, status):
    """DI-11: by somebody who has the case, and may tell it."""
    steps = only("accepted", {"milestone": "result_written", "by": ["front_line"]}, "result_spoken")
    firm = empty_firm.found(every_section(steps=steps, approvals=[]))
    complaint_id, told = firm.register(), {"outcome": "unfounded", "text": "现场无漏水"}
    assert "accepted" in firm.act("li", complaint_id, "close", **told, written=True, spoken=True).json["detail"]
    firm.did("li", complaint_id, "accept")
    for body, pointers in (
        ({}, ["#/written", "#/spoken"]),
        ({"written": True}, ["#/spoken"]),
        ({"written": True, "spoken": False}, ["#/spoken"]),
    ):
        answer = firm.act("li", complaint_id, "close", **told, **body)
        assert [each["pointer"] for each in answer.json["errors"]] == pointers
    assert firm.act(by, complaint_id, "close", **told, written=True, spoken=True).status_code == status


def test_after_a_result_nothing_more_is_explained(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "milestones", milestone="verified", finding="confirmed", **FOUND)
    firm.did("li", complaint_id, "result", text="并无漏水", spoken=True)
    firm.did("li", complaint_id, "close", outcome="unfounded")
    assert len(firm.said(ResultGiven)) == 1


def test_the_effect_is_checked_after_the_end(empty_firm):
    """DI-14: and nobody waits for it to close."""
    check = {"milestone": "effect_checked", "by": ["supervisor"], "required": ["note"]}
    firm = empty_firm.found(every_section(steps=only("carried_out", "closed", check), approvals=[]))
    complaint_id = firm.register()
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    firm.did("li", complaint_id, "result", text="已修", spoken=True)
    firm.did("li", complaint_id, "close", outcome="solved")
    assert firm.act("li", complaint_id, "milestones", milestone="effect_checked", note="好").status_code == 403
    case = firm.did("he", complaint_id, "milestones", milestone="effect_checked", note="无渗漏")
    assert case["milestones"][-1]["milestone"] == "effect_checked" and case["state"] == "closed"


def test_satisfaction_that_must_be_asked_is_asked_or_known_before_the_end(empty_firm):
    """DI-13"""
    firm = empty_firm.found(every_section(steps=only("surveyed"), approvals=[]))
    asked, known = firm.register(), firm.register()
    for complaint_id in (asked, known):
        firm.act("li", complaint_id, "result", text="已修", spoken=True)
        assert "surveyed" in firm.act("lin", complaint_id, "close", outcome="solved").json["detail"]
    firm.did("lin", asked, "milestones", milestone="surveyed")
    firm.did("lin", asked, "close", outcome="solved")
    firm.did("lin", known, "close", outcome="solved", satisfied=True)


def test_a_step_for_a_share_of_the_cases_is_only_asked_of_those_drawn(empty_firm):
    """DI-14"""
    check = {"milestone": "effect_checked", "share": "50%"}
    firm = empty_firm.found(every_section(steps=only(check), approvals=[]))
    for complaint_id in firm.register_together(*["水管漏水"] * 8):
        wanted = "effect_checked" in firm.case(complaint_id)["missing_to_close"]
        assert wanted is drawn(Share(50), complaint_id)


@given(st.uuids(), st.integers(1, 98))
def test_who_is_drawn_for_a_share_is_drawn_for_every_greater_one(complaint_id, percent):
    """DI-14: a property of the complaint's id alone, so anybody can check it."""
    assert drawn(None, complaint_id)
    assert drawn(Share(percent), complaint_id) <= drawn(Share(percent + 1), complaint_id)


@pytest.mark.parametrize("percent", [5, 20, 75])
def test_about_the_share_is_drawn(percent):
    """DI-14"""
    among = sum(drawn(Share(percent), uuid4()) for _ in range(4000))
    assert abs(among / 40 - percent) < 5
