"""What the SMS provider reports: early, late, twice, or about nothing of ours (NO-4)."""

import pytest

from libs.common.events.notify import NoticeDelivered
from libs.common.testing.partners.sms import delivery_report
from services.notify.handlers import sending
from services.notify.store.reports import Reports

ON_BOTH_DATABASES = pytest.mark.parametrize("urls", ["sqlite", "postgresql"], indirect=True)


def test_a_report_confirms_that_it_arrived(registered):
    registered.send()
    assert registered.report(delivery_report(registered.sms.sent[0])).status_code == 200
    notice = registered.notice()
    assert (notice["state"], notice["delivered_at"]) == ("delivered", "2026-03-05T02:30:03Z")
    assert len(registered.said()) == 1


@ON_BOTH_DATABASES
def test_a_report_that_it_did_not_arrive_leads_to_the_next_channel(registered):
    registered.send()
    line = delivery_report(registered.sms.sent[0], arrived=False)
    registered.report(line)
    registered.report(line)
    registered.send()
    assert len(registered.mail.received) == 1
    assert [(each["channel"], each["state"]) for each in registered.notices()] == [
        ("sms", "failed"),
        ("email", "handed"),
    ]
    assert len(registered.said()) == 1


def test_a_report_may_come_before_our_own_record(registered, monkeypatch):
    """With our key: while it is being sent."""
    before_recording(monkeypatch, lambda: registered.report(delivery_report(registered.sms.sent[0])))
    registered.send()
    assert registered.notice()["state"] == "delivered"
    assert [type(each) for each in registered.said()] == [NoticeDelivered]


@ON_BOTH_DATABASES
def test_a_report_without_our_key_is_kept_until_its_reference_is_known(registered, monkeypatch):
    before_recording(monkeypatch, lambda: registered.report(delivery_report(registered.sms.sent[0]) | {"out_id": ""}))
    registered.send()
    assert registered.notice()["state"] == "delivered"
    assert registered.rows("select * from early_reports") == []


def test_a_report_that_crosses_our_own_record_is_not_lost(registered, monkeypatch):
    record, keep, unrecorded = sending._record, Reports.keep, []

    def record_then_keep(reports, report):
        record(*unrecorded.pop())
        keep(reports, report)

    monkeypatch.setattr(sending, "_record", lambda *given: unrecorded.append(given))
    monkeypatch.setattr(Reports, "keep", record_then_keep)
    registered.send()
    registered.report(delivery_report(registered.sms.sent[0]) | {"out_id": ""})
    assert registered.notice()["state"] == "delivered"


@ON_BOTH_DATABASES
def test_a_report_nobody_claims_is_forgotten_after_three_days(registered):
    registered.send()
    registered.report(delivery_report(registered.sms.sent[0]) | {"out_id": "", "biz_id": "somebody-else"})
    registered.clock.advance(days=2)
    registered.service.jobs[-1].run()
    assert len(registered.rows("select * from early_reports")) == 1
    registered.clock.advance(days=2)
    registered.service.jobs[-1].run()
    assert registered.rows("select * from early_reports") == []


@ON_BOTH_DATABASES
def test_a_mail_is_not_sent_when_the_sms_arrived_after_all(registered):
    """Told by another channel meanwhile."""
    registered.send()
    registered.report(delivery_report(registered.sms.sent[0], arrived=False))
    registered.report(delivery_report(registered.sms.sent[0]))
    registered.send()
    assert registered.mail.received == []
    assert [(each["channel"], each["state"]) for each in registered.notices()] == [("sms", "delivered")]


def test_what_is_uncertain_is_confirmed_by_a_report(registered):
    registered.sms.drop_answers()
    registered.send()
    registered.report(delivery_report(registered.sms.sent[0]))
    assert (registered.notice()["state"], registered.notice()["needs_person"]) == ("delivered", False)
    assert [type(each) for each in registered.said()] == [NoticeDelivered]


def before_recording(monkeypatch, happens):
    record = sending._record

    def late(*given):
        happens()
        record(*given)

    monkeypatch.setattr(sending, "_record", late)
