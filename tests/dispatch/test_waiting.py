"""A case waits for the complainant or an outside party, and goes on (SL-6, DI-9)."""

from uuid import uuid4

import pytest

from libs.common.events.dispatch import CaseClosed, CasePaused, CaseResumed, MilestoneReached
from libs.common.events.intake import ComplaintWithdrawn, MessageAdded
from libs.common.events.notify import NoticeDelivered

LIFT = {"for": "third_party", "party": "电梯维保公司", "reason": "等配件"}
AT_HOME = {"for": "complainant", "reason": "等住户约时间"}


def test_a_case_waits_and_goes_on(firm):
    """SL-6"""
    complaint_id = firm.register()
    [wait] = firm.did("li", complaint_id, "wait", **AT_HOME)["waits"]
    assert (wait["waits_for"], wait["reason"], wait["ended_at"]) == ("complainant", "等住户约时间", None)
    firm.pass_time(hours=3)
    [wait] = firm.did("wang", complaint_id, "resume")["waits"]
    assert wait["ended_by"]["name"] == "wang"
    paused, resumed = firm.said(CasePaused, CaseResumed)
    assert (paused.pause_id, paused.by, paused.party) == (resumed.pause_id, firm.person("li"), None)
    assert (resumed.resumed_at, resumed.by) == (firm.clock.now(), firm.person("wang"))


def test_the_first_outside_party_is_a_milestone(firm):
    """DI-9: from then on the complainant must be told why."""
    complaint_id = firm.register()
    for _ in range(2):
        firm.did("li", complaint_id, "wait", **LIFT)
        firm.did("li", complaint_id, "resume")
    reached = [each.milestone for each in firm.said(MilestoneReached)]
    assert reached.count("third_party_named") == 1
    assert firm.said(CasePaused)[0].party == "电梯维保公司"


@pytest.mark.parametrize(
    ("waiting", "kind", "to", "reached"),
    [
        (LIFT, "waiting", "complainant", 1),
        (LIFT, "alert", "complainant", 0),
        (LIFT, "waiting", "staff", 0),
        (AT_HOME, "waiting", "complainant", 0),
    ],
)
def test_that_the_complainant_was_told_of_the_outside_party_is_a_milestone(firm, waiting, kind, to, reached):
    """DI-9, P2: within three days."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "wait", **waiting)
    for _ in range(2):
        firm.hear(NoticeDelivered, complaint_id, notice_id=uuid4(), kind=kind, to=to, channel="sms")
    assert [each.milestone for each in firm.said(MilestoneReached)].count("third_party_notice") == reached


def test_an_outside_party_has_a_name(firm):
    answer = firm.act("li", firm.register(), "wait", **{"for": "third_party", "reason": "等配件"})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/party")


def test_a_case_waits_for_one_at_a_time(firm):
    complaint_id = firm.register()
    assert firm.act("li", complaint_id, "resume").status_code == 409
    firm.did("li", complaint_id, "wait", **LIFT)
    assert firm.act("li", complaint_id, "wait", **AT_HOME).status_code == 409


@pytest.mark.parametrize(
    ("waiting", "author", "goes_on"),
    [(AT_HOME, "complainant", True), (AT_HOME, "staff", False), (LIFT, "complainant", False)],
)
def test_a_word_of_the_complainant_ends_the_wait_for_it(firm, waiting, author, goes_on):
    """SL-6, IN-10"""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "wait", **waiting)
    told = {"message_id": uuid4(), "author": author, "channel": "web", "text": "明早在家", "attachments": ()}
    firm.hear(MessageAdded, complaint_id, **told)
    assert [resumed.by for resumed in firm.said(CaseResumed)] == [None] * goes_on
    assert (firm.case(complaint_id)["waits"][0]["ended_at"] is not None) is goes_on


@pytest.mark.parametrize("how", ["closed", "withdrawn"])
def test_the_end_of_the_case_ends_the_wait(firm, how):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "wait", **LIFT)
    if how == "closed":
        firm.did("li", complaint_id, "close", outcome="unreachable", note="电话不通")
    else:
        firm.hear(ComplaintWithdrawn, complaint_id, reason=None)
    assert [type(each) for each in firm.said(CaseResumed, CaseClosed)] == [CaseResumed, CaseClosed]


def test_waits_stand_in_the_evidence_and_their_words_masked(firm):
    """PR-1, PR-4"""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "wait", **(LIFT | {"party": "维保 13912345678"}))
    firm.did("li", complaint_id, "resume", note="配件已到")
    chain = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    assert [step["action"] for step in chain["items"][-2:]] == ["paused", "resumed"] and chain["intact"]
    assert "13912345678" not in str(chain) + str(firm.said())
