"""Sending once, by the next channel, and never twice whatever breaks (NO-4)."""

import threading
from uuid import uuid4

import pytest

from libs.common.auth import PublicKeys
from libs.common.broker.inprocess import InProcessBroker
from libs.common.events.notify import NoticeDelivered, NoticeFailed
from libs.common.testing.partners.sms import delivery_report
from libs.common.testing.waiting import eventually
from libs.common.worker import Worker
from services.notify.domain.delivery import LEASE
from services.notify.handlers import sending

ON_BOTH_DATABASES = pytest.mark.parametrize("urls", ["sqlite", "postgresql"], indirect=True)


@ON_BOTH_DATABASES
def test_what_was_handed_over_is_said_once(registered):
    registered.send()
    (said,) = registered.said()
    assert isinstance(said, NoticeDelivered)
    assert (said.kind, said.to, said.channel) == ("acknowledgement", "complainant", "sms")
    assert registered.notice()["state"] == "handed"


@ON_BOTH_DATABASES
def test_an_sms_refused_for_good_becomes_a_mail(registered):
    """NO-4: the next channel."""
    registered.sms.refuse(code="isv.MOBILE_NUMBER_ILLEGAL")
    registered.send()
    assert registered.sms.sent == []
    assert registered.mail.received[0].recipients == ("lin.xiaolan@guest.example",)
    assert [(each["channel"], each["state"]) for each in registered.notices()] == [
        ("sms", "failed"),
        ("email", "handed"),
    ]
    assert [type(each) for each in registered.said()] == [NoticeDelivered]


def test_an_sms_the_provider_cannot_take_now_is_tried_again(registered):
    registered.sms.answer_unavailable()
    registered.send()
    assert registered.notice()["state"] == "planned"
    registered.send_after(minutes=1)
    assert len(registered.sms.sent) == 1
    assert registered.mail.received == []


@ON_BOTH_DATABASES
def test_when_no_channel_is_left_a_person_is_needed(registered):
    registered.sms.refuse(code="isv.MOBILE_NUMBER_ILLEGAL")
    registered.mail.refuse(answer="550 5.1.1 No such user")
    registered.send()
    (said,) = registered.said()
    assert isinstance(said, NoticeFailed)
    assert (said.channel, said.reason) == ("email", "mail server: 550 5.1.1")
    assert [each["needs_person"] for each in registered.notices()] == [False, True]


@ON_BOTH_DATABASES
def test_an_sms_whose_answer_was_lost_is_not_sent_again(registered):
    registered.sms.drop_answers()
    registered.send()
    registered.send_after(days=2)
    assert len(registered.sms.sent) == 1
    notice = registered.notice()
    assert (notice["state"], notice["needs_person"]) == ("unknown", True)
    assert registered.said() == []


@ON_BOTH_DATABASES
def test_a_mail_whose_answer_was_lost_is_sent_again_under_the_same_message_id(registered):
    registered.reached_at(phone=None)
    registered.mail.drop_answers()
    registered.send()
    assert registered.notice()["state"] == "unknown"
    registered.send_after(minutes=1)
    first, second = registered.mail.received
    assert first.message_id == second.message_id == f"<{registered.notice()['delivery_id']}@redress.example>"
    assert registered.notice()["state"] == "handed"


@ON_BOTH_DATABASES
def test_while_intake_is_away_notices_wait_and_none_is_lost(registered):
    """R28."""
    registered.intake.away = True
    for _ in range(40):
        registered.send_after(seconds=15)
    assert registered.notice()["state"] == "planned"
    assert registered.notice()["attempts"] == 0
    registered.intake.away = False
    registered.send_after(seconds=15)
    assert len(registered.sms.sent) == 1


def test_an_answer_that_cannot_be_read_is_like_none(registered):
    registered.intake.answers = {path: {"language": 7} for path in registered.intake.answers}
    registered.send()
    assert registered.notice()["error"] == "intake: an answer that cannot be read"
    registered.reached_at()
    registered.send_after(seconds=15)
    assert len(registered.sms.sent) == 1


def test_whoever_asks_for_an_address_names_tenant_and_purpose(registered):
    registered.send()
    token = registered.intake.asked[0].headers["authorization"].removeprefix("Bearer ")
    asking = PublicKeys(registered.config.keys_dir).verify(token, registered.clock.now())
    assert (asking.tenant_id, asking.person_id, asking.scopes) == (registered.tenant_id, None, {"contact"})


def test_what_was_only_reserved_when_the_process_died_is_sent_later(registered, monkeypatch):
    die_in(monkeypatch, "_begin")
    with pytest.raises(Died):
        registered.send()
    monkeypatch.undo()
    registered.send_after(seconds=59)
    assert registered.sms.sent == []
    registered.send_after(seconds=2)
    assert len(registered.sms.sent) == 1


@ON_BOTH_DATABASES
def test_an_sms_that_was_being_sent_when_the_process_died_is_left_to_a_person(registered, monkeypatch):
    die_in(monkeypatch, "_record")
    with pytest.raises(Died):
        registered.send()
    monkeypatch.undo()
    registered.send_after(seconds=LEASE.total_seconds() + 1)
    assert len(registered.sms.sent) == 1
    assert (registered.notice()["state"], registered.notice()["needs_person"]) == ("unknown", True)


def test_a_mail_that_was_being_sent_when_the_process_died_is_repeated(registered, monkeypatch):
    registered.reached_at(phone=None)
    die_in(monkeypatch, "_record")
    with pytest.raises(Died):
        registered.send()
    monkeypatch.undo()
    registered.send_after(seconds=LEASE.total_seconds() + 1)
    registered.send_after(minutes=1)
    assert len({mail.message_id for mail in registered.mail.received}) == 1
    assert registered.notice()["state"] == "handed"


@ON_BOTH_DATABASES
def test_several_hands_send_each_notice_once(desk):
    """R4, with all of them rung at once."""
    for _ in range(20):
        desk.complaint_id = uuid4()
        desk.reached_at(phone=f"+86139{uuid4().int % 10**8:08}")
        desk.hear(desk.opened(number=f"2611-{uuid4().int % 10**4:04}-3065"), desk.started())
    hands = [threading.Thread(target=run_dry, args=(job,)) for job in desk.service.jobs[:4]]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(desk.sms.sent) == len({sent.out_id for sent in desk.sms.sent}) == 20


def test_a_hand_that_took_too_long_leaves_the_notice_to_the_one_that_took_over(registered):
    def another_sends(request):
        registered.intake.answer = answer
        registered.clock.advance(seconds=61)
        registered.service.jobs[1].run()
        return answer(request)

    answer, registered.intake.answer = registered.intake.answer, another_sends
    registered.send()
    assert len(registered.intake.asked) == 2
    assert len(registered.sms.sent) == 1


def test_a_notice_that_fails_again_is_said_to_have_failed_once(registered):
    registered.reached_at(phone=None, email=None)
    registered.send()
    registered.post(f"/v1/deliveries/{registered.notice()['delivery_id']}/send-again")
    registered.send()
    assert [type(each) for each in registered.said()] == [NoticeFailed]
    assert registered.notice()["needs_person"]


def test_without_an_sms_account_notices_go_by_mail(desk):
    desk.end()
    desk.service = desk.built(aliyun_key_id=None)
    desk.hear(desk.opened(), desk.started())
    desk.send()
    assert len(desk.mail.received) == 1


@ON_BOTH_DATABASES
def test_no_address_is_kept_anywhere(desk, caplog):
    """PR-1: not in a table, an event or a log."""
    desk.hear(desk.opened(), desk.started(), desk.assigned(), desk.result())
    desk.sms.drop_answers()
    desk.send()
    desk.report(*(delivery_report(sent) for sent in desk.sms.sent))
    kept = desk.everything_stored() + caplog.text
    assert desk.sms.sent and desk.mail.received and "2611-4827-3065" in kept
    private = ("林晓岚", "13900001111", "lin.xiaolan", "guest.example", "staff.example", "K7QM", "139****")
    assert [value for value in private if value in kept] == []


@ON_BOTH_DATABASES
def test_a_notice_leaves_within_a_moment_of_its_event(desk):
    """The bell rings after the commit; nobody waits for the next look."""
    worker = Worker(desk.service, InProcessBroker())
    worker.start()
    try:
        desk.hear(desk.opened(), desk.started())
        eventually(lambda: desk.sms.sent, within=0.9)
    finally:
        worker.stop()


class Died(Exception):
    """The process ends here."""


def die_in(monkeypatch, step):
    def die(*_):
        raise Died

    monkeypatch.setattr(sending, step, die)


def run_dry(job):
    while job.run():
        pass
