"""The steps people take on a case."""

from datetime import timedelta
from uuid import uuid4

import pytest

from libs.common.events.dispatch import (
    CaseAssigned,
    CaseClosed,
    CaseReclassified,
    CaseRefused,
    CaseTransferred,
    MilestoneReached,
    ResultGiven,
)
from libs.common.procedure import presets
from tests.dispatch.rules import NAME, every_section, only, stepping


def test_accepting_reaches_the_milestone(firm):
    complaint_id = firm.register()
    case = firm.did("li", complaint_id, "accept", note="马上去")
    assert case["state"] == "accepted"
    assert case["milestones"][-1]["milestone"] == "accepted"
    assert case["milestones"][-1]["by"]["name"] == "li"
    assert firm.said(MilestoneReached)[-1].milestone == "accepted"


def test_a_colleague_who_accepts_a_case_has_it(firm):
    complaint_id = firm.register()
    assert firm.did("wang", complaint_id, "accept")["assignee"]["name"] == "wang"
    assert firm.said(CaseAssigned)[-1].assignee_id == firm.person("wang")


def test_a_case_is_accepted_once(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    assert firm.act("li", complaint_id, "accept").status_code == 409


def test_a_file_that_a_step_names_was_kept_with_its_complaint(firm):
    """DI-7, PR-4: neither one that nobody kept nor one of another complaint."""
    complaint_id, other = firm.register(), firm.register("电梯停了")
    firm.did("li", complaint_id, "accept")
    files = [firm.kept(complaint_id), str(uuid4()), firm.kept(other)]
    answer = firm.act("li", complaint_id, "milestones", milestone="on_site", attachments=files)
    assert (answer.status_code, [each["pointer"] for each in answer.json["errors"]]) == (
        422,
        ["#/attachments/1", "#/attachments/2"],
    )
    assert "send the step again in a moment" in answer.json["errors"][0]["detail"]
    assert firm.case(complaint_id)["milestones"][-1]["milestone"] == "accepted"


def test_the_evidence_of_a_step_holds_the_digests_of_its_files(firm):
    """PR-4: as it does for the complainant's."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    kept = firm.kept(complaint_id, "ab" * 32)
    case = firm.did("li", complaint_id, "milestones", milestone="on_site", attachments=[kept])
    assert case["milestones"][-1]["attachments"] == [kept]
    steps = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json["items"]
    assert steps[-1]["details"]["attachments"] == ["ab" * 32]


def test_what_comes_before_accepting_accepts_nothing(empty_firm):
    """IN-9, DI-7: called back first, then taken on or given back."""
    firm = empty_firm.found(presets.load("p5-property-centre"))
    called_back = firm.register()
    case = firm.did("li", called_back, "milestones", milestone="checked", finding="confirmed")
    assert case["state"] == "assigned"
    assert firm.did("li", called_back, "accept")["state"] == "accepted"


def test_work_on_a_case_that_nobody_has_to_accept_is_work(empty_firm):
    steps = only({"milestone": "accepted", "optional": True}, "on_site")
    firm = empty_firm.found(stepping(presets.load("p1-accommodation"), steps))
    assert firm.did("li", firm.register(), "milestones", milestone="on_site")["state"] == "in_progress"


@pytest.mark.parametrize("preset", presets.names())
def test_a_case_under_every_preset_can_be_worked_to_its_end(empty_firm, preset):
    """DI-7, DI-13: nobody is ever left with nothing to do."""
    firm = empty_firm.found(presets.load(preset))
    complaint_id = firm.register()
    for _ in range(30):
        if firm.case(complaint_id)["state"] == "closed":
            return
        assert any(one_more_step(firm, complaint_id, name) for name in ("zhao", "lin", "he", "li")), firm.case(
            complaint_id
        )["missing_to_close"]
    raise AssertionError("it never ends")


def test_a_refused_case_is_held_by_the_head_of_the_department(firm):
    complaint_id = firm.register()
    case = firm.did("li", complaint_id, "refuse", reason="不属于我的专业")
    assert (case["assignee"]["name"], case["state"]) == ("he", "assigned")
    refused, assigned = firm.said(CaseRefused, CaseAssigned)[-2:]
    assert (refused.by, refused.reason) == (firm.person("li"), "不属于我的专业")
    assert assigned.assignee_id == firm.person("he")


def test_an_accepted_case_is_not_refused_any_more(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    assert firm.act("li", complaint_id, "refuse", reason="太忙").status_code == 409


def test_the_head_cannot_refuse_to_itself(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "refuse", reason="不属于我的专业")
    answer = firm.act("he", complaint_id, "refuse", reason="也不是我的")
    assert answer.status_code == 409 and "transfer" in answer.json["detail"]


def test_a_transfer_needs_a_hand_over(firm):
    """DI-6."""
    answer = firm.act("li", firm.register(), "transfer", to_department="security", reason="门禁问题")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "#/handover"


def test_a_transfer_keeps_the_hand_over_and_finds_the_next_person(firm):
    """DI-6."""
    complaint_id = firm.register()
    handed = {"reason": "是门禁问题", "handover": "已到场，门锁电源断，住户在家"}
    firm.did("li", complaint_id, "transfer", to_department="security", **handed)
    case = firm.case(complaint_id)
    assert (case["department"], case["assignee"]["name"], case["state"]) == ("security", "gao", "assigned")
    [kept] = case["transfers"]
    assert kept["handover"] == handed["handover"]
    assert (kept["from_person"]["name"], kept["to_person"]["name"], kept["by"]["name"]) == ("li", "gao", "li")
    passed = firm.said(CaseTransferred)[-1]
    assert (passed.from_department, passed.to_department) == ("engineering", "security")


def test_a_transfer_leaves_what_was_reached(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    firm.did("li", complaint_id, "transfer", to_department="security", reason="门禁", handover="见现场照片")
    firm.did("gao", complaint_id, "accept")
    assert [each.milestone for each in firm.said(MilestoneReached)].count("accepted") == 1


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("milestones", {"milestone": "on_site"}),
        ("result", {"text": "已修", "spoken": True}),
        ("close", {"outcome": "solved"}),
    ],
)
def test_whoever_is_given_a_case_accepts_it_before_they_work_on_it(firm, step, body):
    """DI-6: or refuses it with a reason."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    firm.did("li", complaint_id, "transfer", to_department="security", reason="门禁", handover="见现场照片")
    answer = firm.act("gao", complaint_id, step, **body)
    assert answer.status_code == 422 and "accepted" in answer.json["detail"]
    assert "accepted" in firm.case(complaint_id)["missing_to_close"]
    firm.did("gao", complaint_id, "accept")
    [lead] = [part for part in firm.case(complaint_id)["parts"] if part["lead"] and part["state"] != "dropped"]
    assert (lead["department"], lead["state"]) == ("security", "accepted")
    firm.did("gao", complaint_id, "milestones", milestone="on_site")


def test_a_case_whose_result_was_given_stays_resolved_when_the_receiver_accepts_it(firm):
    complaint_id = firm.register()
    firm.solve(complaint_id)
    firm.did("li", complaint_id, "result", text="已修", spoken=True)
    firm.did("li", complaint_id, "transfer", to_department="security", reason="门禁", handover="已修，待回访")
    assert firm.did("gao", complaint_id, "accept")["state"] == "resolved"


def test_where_nobody_has_to_accept_the_first_step_takes_the_case_on(empty_firm):
    """DI-5, DI-7"""
    firm = empty_firm.found(stepping(presets.load("p1-accommodation"), only("on_site", "carried_out")))
    case = firm.did("li", firm.register(), "milestones", milestone="on_site")
    assert (case["state"], case["parts"][0]["state"]) == ("in_progress", "accepted")


def test_a_correction_that_asks_for_accepting_leaves_it_open_to_accept(empty_firm):
    steps = only({"milestone": "accepted", "when": {"vip": True}}, "carried_out")
    firm = empty_firm.found(stepping(presets.load("p1-accommodation"), steps))
    complaint_id = firm.register()
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    firm.did("lin", complaint_id, "reclassify", vip=True, reason="贵宾")
    firm.did("li", complaint_id, "accept")


@pytest.mark.parametrize("ending", [{"outcome": "withdrawn", "note": "撤回"}, {"outcome": "unfounded", "text": "误报"}])
def test_a_case_that_ended_early_is_archived_too(firm, ending):
    """DI-13: what was left out of it is not made up for."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "close", **ending)
    firm.did("zhao", complaint_id, "milestones", milestone="archived", note="归档")


def test_what_may_still_be_done_on_a_closed_case_keeps_its_order(empty_firm):
    """DI-14"""
    document = stepping(presets.load("p1-accommodation"), only("accepted", "carried_out", "effect_checked", "archived"))
    firm = empty_firm.found(document)
    complaint_id = firm.register()
    firm.did("li", complaint_id, "close", outcome="withdrawn", note="撤回")
    early = firm.act("zhao", complaint_id, "milestones", milestone="archived")
    assert early.json["detail"] == "comes after: effect_checked"
    firm.did("zhao", complaint_id, "milestones", milestone="effect_checked")
    firm.did("zhao", complaint_id, "milestones", milestone="archived")


@pytest.mark.parametrize(
    ("by", "approvals", "detail"),
    [
        ([], [], "comes after: carried_out"),
        (["manager"], [], "The step result_written is for: manager."),
        ([], [{"id": "res", "name": NAME, "before": "result_written", "by": ["manager"]}], "comes after: carried_out"),
    ],
)
def test_a_way_of_telling_that_the_procedure_does_not_list_skips_nothing(empty_firm, by, approvals, detail):
    """DI-7, DI-11"""
    written = {"milestone": "result_written", "by": by} if by else {"milestone": "result_written"}
    steps = only("accepted", "carried_out", written)
    firm = empty_firm.found(every_section(steps=steps, approvals=approvals))
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    assert firm.act("li", complaint_id, "result", text="已修", spoken=True).json["detail"] == detail
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    spoken = firm.act("li", complaint_id, "result", text="已修", spoken=True)
    assert spoken.status_code == (403 if by else 422 if approvals else 200), spoken.json


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"to_department": "engineering"}, "#/to_department"),
        ({"to_department": "kitchen"}, "#/to_department"),
        ({"to_person_id": "00000000-0000-0000-0000-000000000004"}, "#/to_person_id"),
        ({"to_person_id": "00000000-0000-0000-0000-0000000000ff"}, "#/to_person_id"),
    ],
)
def test_a_transfer_leads_to_another_department_and_one_of_its_people(firm, change, pointer):
    body = {"to_department": "security", "reason": "门禁", "handover": "见现场照片"} | change
    answer = firm.act("li", firm.register(), "transfer", **body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_transfer_may_name_the_person(firm):
    complaint_id = firm.register("态度差")
    case = firm.did(
        "lin",
        complaint_id,
        "transfer",
        to_department="engineering",
        to_person_id=str(firm.person("wang")),
        reason="其实是维修",
        handover="客人在房间等",
    )
    assert case["assignee"]["name"] == "wang"


def test_a_step_before_its_time_names_what_is_missing(firm):
    """DI-7."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    answer = firm.act("li", complaint_id, "milestones", milestone="verified", note="属实")
    assert answer.status_code == 422
    assert answer.json["errors"] == [{"detail": "comes after: on_site", "pointer": "#/milestone"}]


def test_an_optional_step_holds_nothing_up(firm):
    complaint_id = firm.register()
    firm.solve(complaint_id, until="verified")
    assert "contacted" not in {each["milestone"] for each in firm.case(complaint_id)["milestones"]}


def test_steps_of_an_urgent_case_are_not_asked_of_a_calm_one(firm):
    answer = firm.act("li", firm.register(), "milestones", milestone="first_measures", note="已断电")
    assert answer.status_code == 422 and "is no step" in answer.json["detail"]


def test_a_step_asks_for_its_fields(firm):
    complaint_id = firm.register()
    firm.solve(complaint_id, until="on_site")
    answer = firm.act("li", complaint_id, "milestones", milestone="verified")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/note")


def test_a_milestone_is_reached_once(firm):
    complaint_id = firm.register()
    firm.solve(complaint_id, until="on_site")
    assert firm.act("li", complaint_id, "milestones", milestone="on_site").status_code == 409


@pytest.mark.parametrize(("milestone", "step"), [("accepted", "accept"), ("result_spoken", "result")])
def test_what_has_its_own_step_is_not_reported_as_a_milestone(firm, milestone, step):
    answer = firm.act("li", firm.register(), "milestones", milestone=milestone)
    assert answer.status_code == 422 and f"`{step}`" in answer.json["detail"]


def test_a_milestone_may_be_reported_later_than_it_was_reached(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    reached_at = firm.clock.now() + timedelta(minutes=20)
    firm.pass_time(hours=1)
    firm.did("li", complaint_id, "milestones", milestone="on_site", reached_at=reached_at.isoformat())
    assert firm.said(MilestoneReached)[-1].reached_at == reached_at


@pytest.mark.parametrize(("minutes", "detail"), [(1, "future"), (-1, "before the complaint came in")])
def test_a_milestone_is_reached_between_receipt_and_now(firm, minutes, detail):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    at = firm.clock.now() + timedelta(minutes=minutes)
    answer = firm.act("li", complaint_id, "milestones", milestone="on_site", reached_at=at.isoformat())
    assert answer.status_code == 422 and detail in answer.json["detail"]


def test_a_milestone_is_not_reached_before_the_required_steps_that_it_follows(firm):
    """SL-1: what is promised from step to step is counted as it was."""
    complaint_id, came = firm.register(), firm.clock.now()
    firm.pass_time(hours=1)
    firm.did("li", complaint_id, "accept")
    firm.pass_time(hours=1)
    early = firm.act("li", complaint_id, "milestones", milestone="on_site", reached_at=(came).isoformat())
    assert early.status_code == 422 and "is before accepted" in early.json["detail"]


def test_a_milestone_of_a_further_round_is_not_reached_before_its_beginning(empty_firm):
    """DI-12"""
    firm = empty_firm.found(every_section(steps=only("carried_out"), approvals=[]))
    complaint_id, came = firm.register(), firm.clock.now()
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    firm.did("li", complaint_id, "result", text="已修", spoken=True)
    firm.pass_time(hours=1)
    firm.did("lin", complaint_id, "reopen", reason="unsatisfied", note="又漏")
    body = {"milestone": "carried_out", "reached_at": came.isoformat()}
    assert "is before reopened" in firm.act("li", complaint_id, "milestones", **body).json["detail"]


def test_a_result_told_both_ways_reaches_both_milestones(firm):
    """DI-11."""
    complaint_id = firm.register()
    firm.solve(complaint_id)
    told = {"text": "水管已更换", "prevention": "每季检查", "written": True, "spoken": True}
    case = firm.did("li", complaint_id, "result", **told)
    assert case["state"] == "resolved"
    assert {name: case["results"][0][name] for name in told} == told
    given, *reached = firm.said(ResultGiven, MilestoneReached)[-3:]
    assert (given.text, given.prevention, given.by) == ("水管已更换", "每季检查", firm.person("li"))
    assert [each.milestone for each in reached] == ["result_written", "result_spoken"]


def test_a_result_may_be_given_again(firm):
    """DI-12."""
    complaint_id = firm.register()
    firm.solve(complaint_id)
    firm.did("li", complaint_id, "result", text="已修", written=True)
    firm.did("li", complaint_id, "result", text="已换新", written=True, spoken=True)
    assert [each.milestone for each in firm.said(MilestoneReached)].count("result_written") == 1
    assert [each["text"] for each in firm.case(complaint_id)["results"]] == ["已修", "已换新"]


def test_a_result_comes_after_the_work(firm):
    complaint_id = firm.register()
    firm.solve(complaint_id, until="planned")
    answer = firm.act("li", complaint_id, "result", text="已修", spoken=True)
    assert answer.status_code == 422 and "carried_out" in answer.json["detail"]


def test_a_case_is_not_solved_before_the_result_was_given(firm):
    """DI-13."""
    complaint_id = firm.register()
    firm.solve(complaint_id)
    answer = firm.act("li", complaint_id, "close", outcome="solved")
    assert answer.status_code == 422
    assert "needs first: result" in answer.json["errors"][0]["detail"]


def test_a_solved_case_closes(firm):
    complaint_id = firm.register()
    firm.solve(complaint_id)
    firm.did("li", complaint_id, "result", text="已修", spoken=True)
    case = firm.did("li", complaint_id, "close", outcome="solved", satisfied=True)
    assert (case["state"], case["outcome"], case["satisfied"]) == ("closed", "solved", True)
    reached, closed = firm.said()[-2:]
    assert isinstance(reached, MilestoneReached) and reached.milestone == "closed"
    assert closed == CaseClosed(
        tenant_id=firm.tenant_id,
        subject=complaint_id,
        occurred_at=firm.clock.now(),
        outcome="solved",
        satisfied=True,
        closed_at=firm.clock.now(),
    )


def test_a_withdrawn_complaint_closes_early_with_a_note(firm):
    complaint_id = firm.register()
    answer = firm.act("li", complaint_id, "close", outcome="withdrawn")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/note")
    assert firm.did("li", complaint_id, "close", outcome="withdrawn", note="住户撤回")["state"] == "closed"


def test_where_both_ways_are_required_both_must_be_told(empty_firm):
    """DI-11."""
    steps = only("accepted", "result_written", "result_spoken")
    firm = empty_firm.found(stepping(presets.load("p1-accommodation"), steps))
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    assert "result_written" in firm.act("li", complaint_id, "result", text="好", spoken=True).json["detail"]
    firm.did("li", complaint_id, "result", text="好", written=True)
    assert "result_spoken" in firm.act("li", complaint_id, "close", outcome="solved").json["detail"]
    firm.did("li", complaint_id, "result", text="好", spoken=True)
    assert firm.did("li", complaint_id, "close", outcome="solved")["state"] == "closed"


def test_a_closed_case_takes_its_survey_or_begins_again_and_nothing_else(firm):
    """SL-8, DI-12."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "close", outcome="withdrawn", note="住户电话撤回")
    assert firm.act("li", complaint_id, "accept").status_code == 409
    offered = [each.get("milestone", each["action"]) for each in firm.case(complaint_id, "lin")["next_steps"]]
    assert offered == ["surveyed", "archived", "reopen", "note"]
    solved = firm.register()
    firm.solve(solved)
    firm.did("wang", solved, "result", text="已修", spoken=True)
    firm.did("wang", solved, "close", outcome="solved")
    offered = [each.get("milestone", each["action"]) for each in firm.case(solved, "lin")["next_steps"]]
    assert offered == ["surveyed", "archived", "reopen", "note"]
    assert firm.did("lin", solved, "milestones", milestone="surveyed")["state"] == "closed"


def test_a_step_only_for_some_roles_is_refused_to_others(firm):
    complaint_id = firm.register()
    firm.solve(complaint_id)
    answer = firm.act("li", complaint_id, "milestones", milestone="archived")
    assert answer.status_code == 403 and "supervisor" in answer.json["detail"]


def test_a_corrected_category_moves_the_case(firm):
    """IN-6, SL-7."""
    complaint_id = firm.register("水管漏水")
    case = firm.did("li", complaint_id, "reclassify", category="service_attitude", reason="投诉的是态度")
    assert (case["department"], case["assignee"]["name"]) == ("customer_service", "zhou")
    said = firm.said(CaseReclassified)[-1]
    assert (said.old_category, said.category) == ("facility_repair", "service_attitude")
    assert (said.department, said.by) == ("customer_service", firm.person("li"))
    assert firm.said(CaseAssigned)[-1].department == "customer_service"


def test_a_corrected_urgency_keeps_department_and_person(firm):
    complaint_id = firm.register()
    given = len(firm.said(CaseAssigned))
    case = firm.did("li", complaint_id, "reclassify", urgency="urgent", reason="水已进电箱")
    assert (case["urgency"], case["assignee"]["name"]) == ("urgent", "li")
    assert len(firm.said(CaseAssigned)) == given


def test_a_corrected_urgency_does_not_undo_a_transfer(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "transfer", to_department="security", reason="门禁", handover="见照片")
    case = firm.did("gao", complaint_id, "reclassify", urgency="urgent", reason="有人受困")
    assert case["department"] == "security"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"category": "weather"}, "#/category"),
        ({"urgency": "asap"}, "#/urgency"),
        ({"category": "facility_repair"}, "#/category"),
        ({}, "#/category"),
    ],
)
def test_a_correction_changes_something_to_what_the_procedure_knows(firm, change, pointer):
    answer = firm.act("li", firm.register(), "reclassify", reason="改正", **change)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("flag", ["major", "vip", "complex", "group"])
def test_a_supervisor_marks_a_case_and_takes_the_mark_back(firm, flag):
    """IN-7, SL-7"""
    complaint_id = firm.register()
    for marked in (True, False):
        case = firm.did("he", complaint_id, "reclassify", reason="核实后", **{flag: marked})
        assert case[flag] is marked and getattr(firm.said(CaseReclassified)[-1], flag) is marked
    assert firm.act("he", complaint_id, "reclassify", reason="再次", **{flag: False}).status_code == 422


def test_the_front_line_corrects_but_does_not_mark(firm):
    answer = firm.act("li", firm.register(), "reclassify", urgency="urgent", major=True, reason="严重")
    assert answer.status_code == 403


def test_the_head_assigns_within_the_department(firm):
    complaint_id = firm.register()
    case = firm.did("he", complaint_id, "assign", person_id=str(firm.person("wang")), reason="熟悉该楼")
    assert case["assignee"]["name"] == "wang"
    assert firm.said(CaseAssigned)[-1].reason == "熟悉该楼"


def test_management_may_take_a_case_over(firm):
    """DI-8."""
    case = firm.did("zhao", firm.register(), "assign", person_id=str(firm.person("zhao")), reason="重大")
    assert case["assignee"]["name"] == "zhao"


@pytest.mark.parametrize("name", ["li", "zhou"])
def test_a_case_is_not_assigned_to_who_has_it_or_works_elsewhere(firm, name):
    answer = firm.act("he", firm.register(), "assign", person_id=str(firm.person(name)), reason="调整")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/person_id")


def test_a_phone_number_that_staff_write_down_is_masked_everywhere(firm):
    """PR-1: contact data lives in intake alone."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept", note="住户电话 13912345678")
    firm.did("li", complaint_id, "transfer", to_department="security", reason="打13912345678", handover="13912345678")
    assert "13912345678" not in firm.get("zhao", f"/v1/cases/{complaint_id}").text
    assert "13912345678" not in firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").text
    assert "13912345678" not in str(firm.said())


WORDS = dict.fromkeys(("note", "report", "cause_text", "plan_text", "text", "prevention"), "按规定办理")
FILLED_IN = {**WORDS, "cause": "process", "plan": "fix", "finding": "confirmed"}


def one_more_step(firm, complaint_id, name):
    """Whether this person could take the case further: with what it needs, and with the milestone it waits for."""
    case = firm.case(complaint_id, name)
    for step in case["next_steps"]:
        given = {field: FILLED_IN[field] for field in step["required"] if field in FILLED_IN}
        if step["action"] in ("accept", "ask_approval", "approve"):
            path = {"ask_approval": "approval/ask", "approve": "approval/approve"}.get(step["action"], "accept")
            firm.did(name, complaint_id, path, **given, **{k: step[k] for k in ("approval_id",) if k in step})
        elif step.get("milestone") in case["missing_to_close"]:
            firm.did(name, complaint_id, "milestones", milestone=step["milestone"], **given)
        elif step["action"] == "result" and {"result", "result_written", "result_spoken"} & {*case["missing_to_close"]}:
            firm.did(name, complaint_id, "result", **given, written=True, spoken=True)
        elif step["action"] == "close" and "solved" in step["outcomes"]:
            firm.did(name, complaint_id, "close", outcome="solved", **given)
        else:
            continue
        return True
    return False
