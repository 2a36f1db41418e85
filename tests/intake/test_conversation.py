"""What the complainant adds and takes back, on both databases (IN-10)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import CaseAssigned, CaseClosed, MilestoneReached
from libs.common.events.intake import ComplaintWithdrawn, MessageAdded

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

TEXT_FILE = "水表读数".encode()


def test_a_message_is_shown_and_said(firm, clock):
    receipt = firm.registered()
    clock.advance(hours=1)
    added = firm.write(receipt, "还在漏，请打13812345678找周海燕")
    [message] = firm.progress(receipt)["messages"]
    assert (added.status_code, message["message_id"]) == (201, added.json["message_id"])
    assert (message["text"], message["author"]) == ("还在漏，请打138****5678找***", "complainant")
    said = firm.said()[1]
    assert isinstance(said, MessageAdded)
    assert (str(said.message_id), said.text, said.channel) == (message["message_id"], message["text"], "web")
    assert (said.author, said.occurred_at) == ("complainant", clock.now())


def test_what_the_complainant_adds_by_phone_is_taken_down_by_a_person_of_the_case(firm):
    """IN-10: it joins what they wrote themselves, and its files are theirs."""
    receipt, agent = firm.registered(), uuid4()
    firm.hear(CaseAssigned(**firm.about(receipt["complaint_id"]), **has_it(agent)))
    kept = firm.upload(TEXT_FILE, "读数.txt").json["attachment_id"]
    said = {"channel": "phone", "text": "我是周海燕，还在漏", "attachments": [kept]}
    for _ in range(2):
        added = firm.staff(person_id=agent).post(f"/v1/complaints/{receipt['complaint_id']}/messages", "k-1", **said)
        assert added.status_code == 201, added.json
    [message] = firm.staff("manager").get(f"/v1/complaints/{receipt['complaint_id']}").json["messages"]
    assert (message["author"], message["channel"], message["text"]) == ("complainant", "phone", "我是***，还在漏")
    assert message["received_by"] == str(agent)
    assert firm.said()[-1].received_by == agent and len(firm.said()[-1].attachments) == 1
    assert "received_by" not in firm.progress(receipt)["messages"][0]


def test_a_stranger_to_the_case_takes_nothing_down_and_an_empty_message_is_none(firm):
    receipt = firm.registered()
    path = f"/v1/complaints/{receipt['complaint_id']}/messages"
    assert firm.staff().post(path, channel="phone", text="还在漏").status_code == 404
    refused = firm.staff("coordinator").post(path, channel="phone", text=" ")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/text")
    assert firm.rows("messages") == []


def test_a_foreign_number_is_hidden_as_it_is_dialled_at_home(found):
    """PR-1: Hong Kong numbers have eight digits and look like many other things."""
    firm = found(country="HK")
    receipt = firm.registered(phone="9123 4567", text="請致電 9123 4567")
    firm.write(receipt, "電話 91234567 或 +852 9123-4567")
    assert firm.progress(receipt)["text"] == "請致電 ***"
    assert firm.progress(receipt)["messages"][0]["text"].count("*") >= 6
    assert "4567" not in firm.progress(receipt)["messages"][0]["text"]


def test_messages_stand_in_the_order_they_were_written(firm):
    receipt = firm.registered()
    for text in ("一", "二", "三"):
        firm.write(receipt, text)
    assert [message["text"] for message in firm.progress(receipt)["messages"]] == ["一", "二", "三"]


def test_the_same_key_adds_one_message(firm):
    receipt = firm.registered()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: firm.write(receipt, "还在漏", "k-1"), range(8)))
    assert {answer.data for answer in answers} == {answers[0].data}
    assert len(firm.rows("messages")) == 1
    assert firm.write(receipt, "别的话", "k-1").status_code == 422


def test_evidence_can_be_added(firm):
    receipt, kept = firm.registered(), firm.upload(TEXT_FILE, "水表.txt").json
    assert firm.write(receipt, "见附件", attachments=[kept["attachment_id"]]).status_code == 201
    assert firm.said()[1].attachments == (kept["sha256"],)


@pytest.mark.parametrize(
    ("message", "pointer", "detail"),
    [
        ({"text": " "}, "#/text", "请填写投诉内容"),
        ({"text": "漏" * 5001}, "#/text", "最多5000个字，现有5001个字"),
        ({"text": "见附件", "attachments": [str(uuid4())]}, "#/attachments", "没有这个文件，请重新上传"),
    ],
)
def test_a_message_that_cannot_be_taken_says_why(firm, message, pointer, detail):
    response = firm.write(firm.registered(), **message)
    assert (response.status_code, response.json["errors"]) == (422, [{"detail": detail, "pointer": pointer}])
    assert firm.rows("messages") == []


def test_the_words_are_stored_masked_and_sealed(firm):
    firm.write(firm.registered(), "我是周海燕")
    [row] = firm.rows("messages")
    assert (row["text"], "周海燕".encode() in row["words"]) == ("我是***", False)


def test_a_withdrawal_is_said_without_names(firm):
    receipt = firm.registered()
    assert firm.withdraw(receipt, reason="周海燕：已经修好").json["stage"] == "withdrawn"
    said = firm.said()[1]
    assert isinstance(said, ComplaintWithdrawn)
    assert said.reason == "***：已经修好"
    assert firm.progress(receipt)["stage"] == "withdrawn"


def test_ten_withdrawals_at_once_are_one(firm):
    receipt = firm.registered()
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: firm.withdraw(receipt), range(10)))
    assert {(answer.status_code, answer.json["stage"]) for answer in answers} == {(200, "withdrawn")}
    assert len(firm.said()) == 2


def test_a_step_that_was_under_way_does_not_undo_the_withdrawal(firm, clock):
    receipt = firm.registered()
    firm.withdraw(receipt)
    about = firm.about(receipt["complaint_id"])
    firm.hear(MilestoneReached(**about, milestone="on_site", reached_at=clock.now(), by=None, department="security"))
    assert firm.progress(receipt)["stage"] == "withdrawn"


def test_a_withdrawal_after_the_close_is_refused(firm, clock):
    receipt = firm.registered()
    about = firm.about(receipt["complaint_id"])
    firm.hear(CaseClosed(**about, outcome="solved", satisfied=None, closed_at=clock.now()))
    response = firm.withdraw(receipt, "k-1", reason="不必了")
    assert (response.status_code, response.content_type) == (409, "application/problem+json")
    assert len(firm.said()) == 1


def test_one_may_write_after_the_close(firm, clock):
    """Who is not satisfied says so where they asked before."""
    receipt = firm.registered()
    about = firm.about(receipt["complaint_id"])
    firm.hear(CaseClosed(**about, outcome="solved", satisfied=None, closed_at=clock.now()))
    assert firm.write(receipt, "没有修好").status_code == 201
    assert firm.rows("complaints")[0]["complaint_id"] == UUID(receipt["complaint_id"])


def has_it(person_id):
    people = {"assignee_id": person_id, "head_id": None, "coordinator_id": None}
    return people | {"department": "engineering", "reason": "assigned"}
