"""A department's part waits by itself, and the rest of the case goes on (DI-5, DI-9, SL-6)."""

from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import CasePaused, CaseResumed, MilestoneReached, PartChanged
from libs.common.events.intake import MessageAdded
from tests.dispatch.test_parts import FLOOD, evidence, on_part, part_of, sharing, solved_but_for_its_parts

PUMPS = {"for": "third_party", "party": "水泵厂家", "reason": "等水泵"}
ACCESS = {"for": "complainant", "reason": "等住户在家"}


@pytest.fixture
def firm(empty_firm):
    return empty_firm.found(sharing())


@pytest.fixture
def waiting(firm):
    """Security, which has a part of a flood, waits for an outside party."""
    complaint_id = firm.register(FLOOD)
    on_part(firm, "gao", complaint_id, "security", "accept")
    on_part(firm, "gao", complaint_id, "security", "wait", **PUMPS)
    return complaint_id


def test_a_part_waits_by_itself_and_goes_on(firm, waiting):
    part = part_of(firm, waiting, "security")
    [wait] = firm.case(waiting)["waits"]
    assert (wait["part_id"], wait["department"], wait["pause_id"]) == (part["part_id"], "security", part["pause_id"])
    firm.pass_time(hours=2)
    on_part(firm, "gao", waiting, "security", "resume", note="到货")
    paused, resumed = firm.said(CasePaused, CaseResumed)
    assert {str(said.part_id) for said in (paused, resumed)} == {part["part_id"]}
    assert (part_of(firm, waiting, "security")["pause_id"], resumed.by) == (None, firm.person("gao"))
    assert [row["action"] for row in evidence(firm, waiting)][-3:] == ["part_accepted", "part_paused", "part_resumed"]


def test_the_outside_party_of_a_part_is_named_to_the_complainant_as_any_other(firm, waiting):
    """P2: within three days, counted from the first that is named."""
    named = [said for said in firm.said(MilestoneReached) if said.milestone == "third_party_named"]
    assert len(named) == 1


def test_the_case_itself_waits_for_nobody_then(firm, waiting):
    offered = {step["action"] for step in firm.case(waiting, "lin")["next_steps"]}
    assert "wait" in offered and "resume" not in offered
    firm.did("lin", waiting, "wait", **ACCESS)
    firm.did("lin", waiting, "resume")
    assert part_of(firm, waiting, "security")["pause_id"]


def test_a_part_waits_for_one_at_a_time_once_it_was_accepted(firm):
    complaint_id = firm.register(FLOOD)
    part = f"parts/{part_of(firm, complaint_id, 'security')['part_id']}"
    assert firm.act("gao", complaint_id, f"{part}/wait", **PUMPS).status_code == 409
    firm.did("gao", complaint_id, f"{part}/accept")
    assert firm.act("gao", complaint_id, f"{part}/resume").status_code == 409
    answer = firm.act("gao", complaint_id, f"{part}/wait", **{"for": "third_party", "reason": "等配件"})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/party")
    firm.did("gao", complaint_id, f"{part}/wait", **PUMPS)
    assert firm.act("gao", complaint_id, f"{part}/wait", **ACCESS).status_code == 409


def test_every_step_on_a_part_that_is_offered_names_what_it_needs(firm, waiting):
    assert {"action": "resume_part", "required": []} in part_of(firm, waiting, "security", "gao")["next_steps"]
    on_part(firm, "gao", waiting, "security", "resume")
    offered = part_of(firm, waiting, "security", "gao")["next_steps"]
    assert {"action": "wait_part", "for": "complainant", "required": ["reason"]} in offered
    assert {"action": "wait_part", "for": "third_party", "required": ["reason", "party"]} in offered
    assert "wait_part" not in {step["action"] for step in part_of(firm, waiting, "security", "li")["next_steps"]}


def test_what_the_complainant_says_ends_a_parts_wait_for_them_alone(firm, waiting):
    the_complainant_says_more(firm, waiting)
    assert firm.said(CaseResumed) == []
    on_part(firm, "gao", waiting, "security", "resume")
    on_part(firm, "gao", waiting, "security", "wait", **ACCESS)
    the_complainant_says_more(firm, waiting)
    assert firm.said(CaseResumed)[-1].by is None
    assert part_of(firm, waiting, "security")["pause_id"] is None


@pytest.mark.parametrize(
    ("who", "step", "body"), [("gao", "carried-out", {"note": "已换"}), ("lin", "drop", {"reason": "不必"})]
)
def test_a_part_that_is_over_waits_for_nobody(firm, waiting, who, step, body):
    on_part(firm, who, waiting, "security", step, **body)
    assert firm.case(waiting)["waits"][0]["ended_at"]
    assert [type(said) for said in firm.said(CaseResumed, PartChanged)][-2:] == [CaseResumed, PartChanged]


def test_a_case_that_ends_ends_the_waits_of_its_parts(firm, waiting):
    firm.did("li", waiting, "close", outcome="unfounded", text="误报")
    assert firm.case(waiting)["waits"][0]["ended_at"] and part_of(firm, waiting, "security")["pause_id"] is None


def test_a_part_that_leads_from_now_on_waits_with_the_case_alone(firm, waiting):
    firm.did("li", waiting, "transfer", to_department="security", reason="门禁", handover="见照片")
    assert part_of(firm, waiting, "security")["lead"] and firm.case(waiting)["waits"][0]["ended_at"]


def test_while_a_part_waits_the_case_cannot_close_as_solved(firm):
    complaint_id = solved_but_for_its_parts(firm)
    on_part(firm, "gao", complaint_id, "security", "accept")
    on_part(firm, "gao", complaint_id, "security", "wait", **PUMPS)
    assert "part:security" in firm.case(complaint_id)["missing_to_close"]


def test_a_wait_belongs_to_its_case(firm, waiting):
    """PR-2"""
    other = firm.register(FLOOD)
    assert UUID(part_of(firm, waiting, "security")["part_id"]) != UUID(part_of(firm, other, "security")["part_id"])
    assert firm.case(other)["waits"] == []


def the_complainant_says_more(firm, complaint_id):
    told = {"message_id": uuid4(), "author": "complainant", "channel": "web", "text": "明天在家", "attachments": ()}
    firm.hear(MessageAdded, complaint_id, **told)
