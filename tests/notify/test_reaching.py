"""Who is told, where, when and in which words: as they wish (NO-2, NO-3)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from libs.common.events.dispatch import CaseClosed
from libs.common.events.notify import NoticeFailed

ON_BOTH_DATABASES = pytest.mark.parametrize("urls", ["sqlite", "postgresql"], indirect=True)
NIGHT = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai


@ON_BOTH_DATABASES
def test_nobody_is_disturbed_at_night(desk):
    """NO-3."""
    desk.clock.set(NIGHT)
    desk.hear(desk.opened(), desk.started(due_at=NIGHT + timedelta(hours=12)))
    desk.send()
    assert desk.sms.sent == []
    assert desk.notice()["due_at"] == "2026-03-06T00:00:00Z"
    desk.clock.set(datetime(2026, 3, 6, 0, 0, tzinfo=UTC))
    desk.send()
    assert len(desk.sms.sent) == 1


def test_what_is_urgent_goes_out_at_night(desk):
    desk.clock.set(NIGHT)
    desk.hear(desk.opened(urgency="urgent"), desk.started())
    desk.send()
    assert len(desk.sms.sent) == 1


def test_staff_are_alerted_at_night(desk):
    desk.clock.set(NIGHT)
    desk.hear(desk.opened(), desk.started(), desk.assigned())
    desk.send()
    assert len(desk.mail.received) == 2


def test_the_complainants_choice_of_channel_is_kept(registered):
    """NO-3."""
    registered.reached_at(answer_by=["email"])
    registered.send()
    assert (registered.sms.sent, len(registered.mail.received)) == ([], 1)


def test_the_complainants_language_is_kept(registered):
    registered.reached_at(answer_by=["email"], language="en")
    registered.send()
    assert registered.mail.received[0].subject == "云栖物业: your complaint 2611-4827-3065 is registered"
    assert "no later than 5 March 2026, 14:30" in registered.mail.received[0].text


@pytest.mark.parametrize("wish", [{"answer_by": ["none"]}, {"anonymous": True, "answer_by": []}])
def test_who_wants_no_word_gets_none_and_nobody_has_to_act(registered, wish):
    """NO-3, IN-5."""
    registered.reached_at(**wish)
    registered.send()
    assert (registered.sms.sent, registered.mail.received, registered.said()) == ([], [], [])
    assert (registered.notice()["state"], registered.notice()["needs_person"]) == ("not_sent", False)


def test_who_left_no_address_needs_a_person(registered):
    registered.reached_at(phone=None, email=None)
    registered.send()
    assert [type(each) for each in registered.said()] == [NoticeFailed]
    assert (registered.notice()["state"], registered.notice()["needs_person"]) == ("failed", True)


def test_a_result_for_the_notice_board_is_put_there_by_a_person(desk):
    """IN-5."""
    desk.reached_at(anonymous=True, answer_by=["notice_board"])
    desk.hear(desk.opened(), desk.started(), desk.result())
    desk.send()
    assert desk.notice(kind="registered")["state"] == "not_sent"
    assert desk.notice(kind="result")["error"] == "to be put on the notice board by a person"
    assert [each.kind for each in desk.said()] == ["result"]


def test_an_erased_complaint_is_not_told_about(registered):
    registered.erase_complaint()
    registered.send()
    assert registered.sms.sent == []
    assert registered.notice()["error"] == "the complaint is not there any more"


def test_an_alert_for_somebody_who_has_left_needs_a_person(desk):
    desk.tenants.answers.clear()
    desk.hear(desk.opened(), desk.started(), desk.assigned(head_id=None))
    desk.send()
    assert desk.notice("assignee", "assigned")["needs_person"]
    assert NoticeFailed in [type(each) for each in desk.said()]


def test_a_closed_case_does_not_stop_its_result(desk):
    closed = desk.event(CaseClosed, outcome="solved", satisfied=None, closed_at=desk.clock.now())
    desk.hear(desk.opened(), desk.started(), desk.result(), closed)
    desk.send()
    assert desk.mail.received[0].text.count("水管已更换。") == 1


def test_one_address_is_not_flooded_however_many_complaints_name_it(desk):
    """T20."""
    for number in range(7):
        desk.complaint_id = uuid4()
        desk.reached_at()
        desk.hear(desk.opened(number=f"2611-4827-306{number}"), desk.started())
    desk.send()
    assert len(desk.sms.sent) == 5
    desk.send_after(hours=1)
    assert len(desk.sms.sent) == 7


def test_the_link_in_a_mail_opens_the_complaint(registered):
    """IN-3. The secret stands behind the #, so that no server logs it."""
    registered.reached_at(answer_by=["email"])
    registered.send()
    link = "https://redress.example/t/yunqi/progress?number=2611-4827-3065#K7QM-2X9P"
    assert link in registered.mail.received[0].text


def test_an_sms_that_would_carry_a_link_goes_by_mail(desk):
    document = desk.procedure()
    document["notices"][0]["templates"]["sms"]["zh-Hans"] += "{tracking_link}"
    desk.hear(desk.published(2, document))
    desk.hear(desk.opened(procedure_version=2), desk.started())
    desk.send()
    assert desk.notices()[0]["error"].startswith("variable tracking_link")
    assert (desk.sms.sent, len(desk.mail.received)) == ([], 1)
