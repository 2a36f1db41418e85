"""What the complainant adds is seen until who has the case has read it (IN-10)."""

from uuid import uuid4

import pytest

from libs.common.events.dispatch import MessageReceived
from libs.common.events.intake import ComplaintWithdrawn, MessageAdded


@pytest.fixture
def written(firm):
    """A case of li's to which the complainant has added something."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    write(firm, complaint_id)
    return complaint_id


def test_it_is_unread_on_the_work_list_and_the_case_and_is_said(firm, written):
    [row] = firm.get("li", "/v1/cases").json["items"]
    assert row["unread"] and firm.case(written)["unread"]
    assert firm.said(MessageReceived)[-1].channel == "web"


def test_it_is_read_once_who_has_the_case_takes_a_step(firm, written):
    assert firm.did("he", written, "transfer", **TO_SECURITY)["unread"]
    assert not firm.did("gao", written, "accept")["unread"]


def test_it_is_read_when_somebody_who_may_work_on_the_case_says_so(firm, written):
    """PR-4: and that stands in the evidence."""
    assert firm.act("gao", written, "messages/read").status_code == 404
    assert firm.act("sun", written, "messages/read").status_code == 403
    assert not firm.did("he", written, "messages/read")["unread"]
    last = firm.get("zhao", f"/v1/cases/{written}/evidence").json["items"][-1]
    assert (last["action"], last["actor_name"]) == ("messages_read", "he")


def test_who_has_the_case_and_took_it_down_has_read_it(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    write(firm, complaint_id, channel="phone", received_by=firm.person("li"))
    assert not firm.case(complaint_id)["unread"] and firm.said(MessageReceived) == []
    write(firm, complaint_id, channel="phone", received_by=firm.person("zhou"))
    assert firm.case(complaint_id)["unread"] and len(firm.said(MessageReceived)) == 1


def test_on_a_closed_case_it_is_unread_too_until_somebody_reads_it(firm):
    """IN-10: it is not lost in silence, whoever took it down."""
    complaint_id = firm.register()
    firm.hear(ComplaintWithdrawn, complaint_id, reason=None)
    write(firm, complaint_id, received_by=firm.person("li"))
    assert firm.case(complaint_id)["unread"] and len(firm.said(MessageReceived)) == 1
    assert not firm.did("lin", complaint_id, "messages/read")["unread"]


TO_SECURITY = {"to_department": "security", "reason": "陌生人", "handover": "住户在家"}


def write(firm, complaint_id, **changes):
    about = {"author": "complainant", "channel": "web", "text": "还在漏", "attachments": ()} | changes
    firm.hear(MessageAdded, complaint_id, message_id=uuid4(), **about)
