"""A case begins again: unsatisfied, new facts, wrongly closed (DI-12)."""

from uuid import uuid4

import pytest

from libs.common.events.dispatch import CaseAssigned, CaseLinked, CaseOpened, CaseReopened, MilestoneReached
from libs.common.events.notify import SurveyAnswered
from tests.dispatch.rules import every_section, only

RULES = every_section()["reopening"] | {"again": ["carried_out", "result_spoken", "surveyed"]}
NEW = {"reason": "new_facts", "note": "又漏了"}


@pytest.fixture
def firm(empty_firm):
    return found(empty_firm)


def found(firm, **changes):
    return firm.found(
        every_section(**{"steps": only("accepted", "carried_out"), "approvals": [], "reopening": RULES} | changes)
    )


def test_an_unsatisfied_complainant_begins_the_next_round(firm):
    """DI-12"""
    complaint_id = closed(firm)
    firm.pass_time(days=3)
    answered(firm, complaint_id, satisfied=False)
    case = firm.case(complaint_id)
    assert (case["round"], case["state"], case["outcome"], case["satisfied"]) == (2, "assigned", None, None)
    [reopened] = firm.said(CaseReopened)
    assert (reopened.round, reopened.reason, reopened.by) == (2, "unsatisfied", None)
    assert reopened.again == ("carried_out", "result_spoken", "surveyed", "closed")


def test_each_round_goes_to_the_next_level_and_the_last_keeps_it(firm):
    """DI-12: the department's head, then management."""
    complaint_id = closed(firm)
    for holder in ("he", "zhao", "zhao"):
        firm.did("lin", complaint_id, "reopen", **NEW)
        assert firm.case(complaint_id)["assignee"]["name"] == holder
        assert firm.said(CaseAssigned)[-1].assignee_id == firm.person(holder)
        again(firm, complaint_id)


def test_without_levels_who_had_it_keeps_it(empty_firm):
    firm = found(empty_firm, reopening=RULES | {"levels": []})
    complaint_id = closed(firm)
    holder = firm.case(complaint_id)["assignee"]
    assert firm.did("lin", complaint_id, "reopen", **NEW)["assignee"] == holder


def test_the_steps_of_the_next_round_are_reached_anew_and_the_story_keeps_all(firm):
    """DI-12: a new plan, a new result; what need not be done again is not asked again."""
    complaint_id = closed(firm)
    case = firm.did("lin", complaint_id, "reopen", **NEW)
    assert case["missing_to_close"] == ["accepted", "carried_out", "result"]
    firm.did("he", complaint_id, "accept")
    assert "needs first: carried_out, result" in firm.act("he", complaint_id, "close", outcome="solved").json["detail"]
    again(firm, complaint_id)
    story = [(each["milestone"], each["round"], each["counts"]) for each in firm.case(complaint_id)["milestones"]]
    assert {("carried_out", 1, False), ("carried_out", 2, True), ("accepted", 1, True), ("reopened", 2, True)} < {
        *story
    }
    assert [each.milestone for each in firm.said(MilestoneReached)].count("carried_out") == 2


def test_the_next_level_has_the_case_once_it_accepts(firm):
    """DI-6, DI-12: a case that is given to somebody is not theirs yet."""
    complaint_id = closed(firm)
    assert firm.did("lin", complaint_id, "reopen", **NEW)["state"] == "assigned"
    early = firm.act("he", complaint_id, "milestones", milestone="carried_out")
    assert (early.status_code, early.json["detail"]) == (422, "comes after: accepted")
    assert firm.did("he", complaint_id, "accept")["state"] == "in_progress"
    assert parts(firm, complaint_id) == {"engineering": "accepted"}
    firm.did("he", complaint_id, "milestones", milestone="carried_out")


def test_who_had_accepted_it_and_keeps_it_goes_on(empty_firm):
    """DI-12"""
    firm = found(empty_firm, reopening=RULES | {"levels": []})
    assert firm.did("lin", closed(firm), "reopen", **NEW)["state"] == "in_progress"


@pytest.mark.parametrize("levels", [[], ["department_head"]])
def test_a_case_that_ended_before_anybody_accepted_it_is_accepted_and_solved_in_the_next_round(empty_firm, levels):
    """DI-12, DI-13"""
    firm = found(empty_firm, reopening=RULES | {"levels": levels})
    complaint_id = firm.register()
    firm.did("li", complaint_id, "close", outcome="unreachable", note="电话停机")
    case = firm.did("he", complaint_id, "reopen", reason="wrongly_closed", note="已联系上")
    assert case["state"] == "assigned"
    firm.did(case["assignee"]["name"], complaint_id, "accept")
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    firm.did("li", complaint_id, "result", text="已修", spoken=True)
    firm.did("li", complaint_id, "close", outcome="solved")


def test_an_unsatisfied_answer_to_a_case_nobody_accepted_leaves_it_to_be_accepted(firm):
    """DI-12"""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "close", outcome="unreachable", note="电话停机")
    answered(firm, complaint_id, satisfied=False)
    assert firm.did("he", complaint_id, "accept")["state"] == "in_progress"


def test_where_accepting_counts_anew_the_next_level_accepts(empty_firm):
    firm = found(empty_firm, reopening=RULES | {"again": ["accepted", "carried_out"]})
    complaint_id = closed(firm)
    assert firm.did("lin", complaint_id, "reopen", **NEW)["state"] == "assigned"
    assert firm.did("he", complaint_id, "accept")["state"] == "in_progress"


def test_a_satisfied_complainant_is_known_and_nothing_begins(firm):
    complaint_id = closed(firm)
    answered(firm, complaint_id, satisfied=True)
    case = firm.case(complaint_id)
    assert (case["satisfied"], case["state"], firm.said(CaseReopened)) == (True, "closed", [])
    assert "surveyed" in {each["milestone"] for each in case["milestones"]}


def test_an_answer_may_come_before_the_end(firm):
    """DI-12: redo until satisfied (P7)."""
    complaint_id = told(firm)
    answered(firm, complaint_id, satisfied=False)
    assert (firm.case(complaint_id)["round"], firm.case(complaint_id)["assignee"]["name"]) == (2, "he")


def test_a_second_answer_to_a_round_with_nothing_to_show_begins_no_third(firm):
    complaint_id = closed(firm)
    for _ in range(2):
        answered(firm, complaint_id, satisfied=False)
    assert len(firm.said(CaseReopened)) == 1 and firm.case(complaint_id)["satisfied"] is False


@pytest.mark.parametrize("outcome", ["solved", "partly_solved"])
def test_who_is_not_satisfied_is_not_closed_but_begins_the_next_round(firm, outcome):
    """DI-12: told by telephone as by survey, until the levels end."""
    complaint_id = told(firm)
    for _ in RULES["levels"]:
        answer = firm.act("zhao", complaint_id, "close", outcome=outcome, satisfied=False)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/satisfied")
        assert "`reopen`" in answer.json["detail"]
        firm.did("lin", complaint_id, "reopen", reason="unsatisfied", note="电话里说不满意")
        again(firm, complaint_id, close=False)
    assert firm.did("zhao", complaint_id, "close", outcome=outcome, satisfied=False)["satisfied"] is False


def test_a_late_answer_is_known_and_opens_nothing(firm):
    complaint_id = closed(firm)
    firm.pass_time(days=31)
    answered(firm, complaint_id, satisfied=False)
    case = firm.case(complaint_id)
    assert (case["state"], case["satisfied"]) == ("closed", False)


def test_after_the_time_a_new_complaint_follows_this_one(firm):
    """DI-12"""
    complaint_id = closed(firm)
    firm.pass_time(days=31)
    answer = firm.act("lin", complaint_id, "reopen", **NEW)
    assert answer.status_code == 409 and "register a new complaint that follows this one" in answer.json["detail"]
    assert "reopen" not in {step["action"] for step in firm.case(complaint_id, "lin")["next_steps"]}


def test_the_last_day_counts_whole(firm):
    """SL-2"""
    complaint_id = closed(firm)
    firm.pass_time(days=30, hours=13)
    firm.did("lin", complaint_id, "reopen", **NEW)


@pytest.mark.parametrize(("name", "status"), [("li", 403), ("he", 200), ("lin", 200), ("sun", 403)])
def test_the_procedure_says_who_of_the_staff_reopens(firm, name, status):
    assert firm.act(name, closed(firm), "reopen", **NEW).status_code == status


def test_an_open_case_begins_again_only_for_who_is_not_satisfied(firm):
    complaint_id = firm.register()
    assert firm.act("lin", complaint_id, "reopen", reason="unsatisfied", note="客人不满意").status_code == 409
    complaint_id = told(firm)
    assert firm.act("lin", complaint_id, "reopen", **NEW).json["errors"][0]["pointer"] == "#/reason"
    assert firm.did("lin", complaint_id, "reopen", reason="unsatisfied", note="客人不满意")["round"] == 2


def test_without_rules_no_case_begins_again(empty_firm):
    document = every_section(steps=only("carried_out"), approvals=[])
    del document["reopening"]
    firm = empty_firm.found(document)
    complaint_id = firm.register()
    firm.did("li", complaint_id, "close", outcome="withdrawn", note="撤回")
    assert firm.act("lin", complaint_id, "reopen", **NEW).status_code == 409
    answered(firm, complaint_id, satisfied=False)
    assert (firm.case(complaint_id)["state"], firm.case(complaint_id)["satisfied"]) == ("closed", False)


def test_the_leading_part_is_assigned_again_and_the_others_stay_as_they_ended(empty_firm):
    """DI-5, DI-12: a round that asks to accept anew begins with the leading department's part assigned."""
    firm = found(empty_firm, reopening=RULES | {"again": ["accepted", "carried_out"]})
    complaint_id = shared(firm)
    firm.did("lin", complaint_id, "reopen", **NEW)
    assert parts(firm, complaint_id) == {"engineering": "assigned", "customer_service": "dropped"}
    firm.did("lin", complaint_id, "parts", department="customer_service", reason="再次到场")


@pytest.mark.parametrize(("again", "state"), [(["carried_out"], "accepted"), (["surveyed"], "carried_out")])
def test_the_leading_part_goes_on_where_the_round_asks_for_nothing_anew(empty_firm, again, state):
    """DI-5: no limit of a part waits for a milestone that cannot be reported twice."""
    firm = found(empty_firm, reopening=RULES | {"again": again, "levels": []})
    complaint_id = closed(firm)
    firm.did("lin", complaint_id, "reopen", **NEW)
    assert parts(firm, complaint_id) == {"engineering": state}


def test_in_place_of_who_is_away_their_substitute_has_the_next_round(empty_firm):
    """DI-3, DI-12"""
    firm = found(empty_firm, reopening=RULES | {"levels": []})
    complaint_id = closed(firm)
    assert firm.plan_absence("he", "li", substitute_id=str(firm.person("wang"))).status_code == 201
    assert firm.did("lin", complaint_id, "reopen", **NEW)["assignee"]["name"] == "wang"


def test_the_rounds_stand_in_the_evidence(firm):
    """PR-4"""
    complaint_id = closed(firm)
    answered(firm, complaint_id, satisfied=False)
    again(firm, complaint_id)
    firm.did("lin", complaint_id, "reopen", **NEW)
    chain = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    steps = [step["action"] for step in chain["items"]]
    assert ("survey_answered" in steps, steps[-1], chain["intact"]) == (True, "reopened", True)


def test_a_complaint_may_follow_a_closed_one(firm):
    """DI-12"""
    before = closed(firm)
    complaint_id = firm.register("又漏水了", follows=before)
    assert firm.said(CaseOpened)[-1].follows == before
    [link] = firm.said(CaseLinked)
    assert (link.subject, link.other_id, link.relation) == (complaint_id, before, "follows")
    old, new = firm.case(before), firm.case(complaint_id)
    assert [(each["relation"], each["number"]) for each in new["links"]] == [("follows", old["number"])]
    assert [(each["relation"], each["number"]) for each in old["links"]] == [("followed_by", new["number"])]


def told(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    firm.did("li", complaint_id, "result", text="已修", spoken=True)
    return complaint_id


def closed(firm):
    complaint_id = told(firm)
    firm.did("li", complaint_id, "close", outcome="solved")
    return complaint_id


def shared(firm):
    """Closed while another department's part was open."""
    complaint_id = told(firm)
    firm.did("lin", complaint_id, "parts", department="customer_service", reason="安抚客人")
    assert "the part of customer_service" in firm.act("li", complaint_id, "close", outcome="solved").json["detail"]
    firm.did("li", complaint_id, "close", outcome="withdrawn", note="撤回")
    return complaint_id


def parts(firm, complaint_id):
    return {part["department"]: part["state"] for part in firm.case(complaint_id)["parts"]}


def again(firm, complaint_id, *, close=True):
    """The work of another round."""
    firm.pass_time(hours=1)
    if firm.case(complaint_id)["state"] == "assigned":
        firm.did("zhao", complaint_id, "accept")
    firm.did("zhao", complaint_id, "milestones", milestone="carried_out")
    firm.did("zhao", complaint_id, "result", text="已换新", spoken=True)
    if close:
        firm.did("zhao", complaint_id, "close", outcome="solved")


def answered(firm, complaint_id, *, satisfied):
    score = {"score": 5 if satisfied else 1, "scale": 5, "satisfied": satisfied}
    firm.hear(SurveyAnswered, complaint_id, survey_id=uuid4(), **score, comment=None, channel="web", by=None)
