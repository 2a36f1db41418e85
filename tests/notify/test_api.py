"""What staff see and do about notices, and what the SMS provider may report."""

from uuid import UUID, uuid4

import pytest

from libs.common.config import Secret, SettingsWrong
from libs.common.testing.partners.sms import delivery_report
from services.notify.gateways.smtp import SmtpServer
from services.notify.gateways.smtp_url import NotAnSmtpUrl, smtp_server

ON_BOTH_DATABASES = pytest.mark.parametrize("urls", ["sqlite", "postgresql"], indirect=True)


@ON_BOTH_DATABASES
def test_staff_see_who_was_told_and_how(desk):
    desk.hear(desk.opened(), desk.started())
    desk.send()
    (item,) = desk.notices()
    assert (item["kind"], item["to"], item["channel"]) == ("registered", "complainant", "sms")
    assert (item["state"], item["attempts"], item["handed_at"]) == ("handed", 1, "2026-03-05T02:30:00Z")
    assert (item["error"], item["needs_person"]) == (None, False)


@ON_BOTH_DATABASES
def test_a_foreign_complaint_is_one_that_is_not_there(desk):
    """PR-2."""
    desk.hear(desk.opened(), desk.started())
    foreign = desk.get(f"/v1/complaints/{desk.complaint_id}/notices", tenant_id=uuid4())
    unknown = desk.get(f"/v1/complaints/{uuid4()}/notices")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json["detail"] == unknown.json["detail"]


@pytest.mark.parametrize("path", ["/v1/complaints/{id}/notices", "/v1/deliveries/{id}/send-again"])
def test_only_staff_may_ask(desk, path):
    client, path = desk.service.app.test_client(), path.format(id=uuid4())
    ask = client.get if path.endswith("notices") else client.post
    assert ask(path).status_code == 401
    assert ask(path, headers=desk.bearer("operator")).status_code == 403


def test_an_auditor_looks_and_sends_nothing(desk):
    """PR-2: nothing is repeated by somebody who only reads."""
    uncertain(desk)
    assert desk.get(f"/v1/complaints/{desk.complaint_id}/notices", "auditor").status_code == 200
    again = desk.post(f"/v1/deliveries/{desk.notice()['delivery_id']}/send-again", "auditor")
    assert (again.status_code, desk.notice()["state"]) == (403, "unknown")


@ON_BOTH_DATABASES
def test_what_is_uncertain_is_sent_again_when_a_person_says_so(desk):
    uncertain(desk)
    again = desk.post(f"/v1/deliveries/{desk.notice()['delivery_id']}/send-again")
    assert (again.status_code, again.json["state"], again.json["needs_person"]) == (200, "planned", False)
    desk.send()
    assert [sent.out_id for sent in desk.sms.sent] == [desk.notice()["delivery_id"]] * 2
    assert desk.notice()["state"] == "handed"


@ON_BOTH_DATABASES
def test_sending_again_under_the_same_key_is_one_more_message(desk):
    uncertain(desk)
    path = f"/v1/deliveries/{desk.notice()['delivery_id']}/send-again"
    first = desk.post(path, headers=desk.bearer("front_line") | {"Idempotency-Key": "k-1"})
    desk.send()
    second = desk.post(path, headers=desk.bearer("front_line") | {"Idempotency-Key": "k-1"})
    desk.send()
    assert (first.json, len(desk.sms.sent)) == (second.json, 2)


@ON_BOTH_DATABASES
def test_what_failed_for_want_of_an_address_goes_out_once_there_is_one(desk):
    desk.reached_at(phone=None, email=None)
    desk.hear(desk.opened(), desk.started())
    desk.send()
    desk.reached_at(phone=None)
    desk.post(f"/v1/deliveries/{desk.notice()['delivery_id']}/send-again")
    desk.send()
    assert len(desk.mail.received) == 1
    assert (desk.notice()["state"], desk.notice()["needs_person"]) == ("handed", False)


def test_what_was_handed_over_is_not_sent_again(desk):
    desk.hear(desk.opened(), desk.started())
    desk.send()
    assert desk.post(f"/v1/deliveries/{desk.notice()['delivery_id']}/send-again").status_code == 409


def test_who_was_told_by_mail_is_not_told_again_by_sms(desk):
    desk.sms.refuse(code="isv.MOBILE_NUMBER_ILLEGAL")
    desk.hear(desk.opened(), desk.started())
    desk.send()
    refused = desk.post(f"/v1/deliveries/{desk.notices()[0]['delivery_id']}/send-again")
    assert (refused.status_code, refused.json["detail"]) == (409, "The notice reached them by another channel.")


def test_an_unknown_delivery_is_not_sent(desk):
    assert desk.post(f"/v1/deliveries/{uuid4()}/send-again").status_code == 404


def test_reports_are_taken_from_the_provider_alone(desk):
    """T21."""
    desk.hear(desk.opened(), desk.started())
    desk.send()
    line = delivery_report(desk.sms.sent[0])
    assert desk.report(line, token="guessed").status_code == 404
    assert desk.notice()["state"] == "handed"
    taken = desk.report(line)
    assert (taken.status_code, taken.json) == (200, {"code": 0, "msg": "成功"})


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'[{"success": "yes"}]', b"\xff", b""])
def test_what_is_no_report_is_refused_with_its_place(desk, body):
    path = "/v1/callbacks/aliyun/report-token-of-this-test"
    answer = desk.service.app.test_client().post(path, data=body)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"].startswith("#")


def test_a_report_about_nothing_of_ours_changes_nothing(desk):
    desk.hear(desk.opened(), desk.started())
    desk.send()
    line = delivery_report(desk.sms.sent[0], arrived=False)
    assert desk.report(line | {"out_id": str(uuid4()), "biz_id": "another"}).status_code == 200
    assert desk.notice()["state"] == "handed"


def test_the_service_is_ready_and_describes_itself(desk):
    client = desk.service.app.test_client()
    assert client.get("/readyz").status_code == 200
    assert "/v1/deliveries/{delivery_id}/send-again" in client.get("/v1/openapi.json").json["paths"]


def test_a_mail_server_is_one_setting():
    server = smtp_server("smtp://desk%40yunqi:p%3Ass@mail.example:2525?tls=tls&sender=no-reply@yunqi.example")
    assert (server.host, server.port, server.tls, server.sender) == (
        "mail.example",
        2525,
        "tls",
        "no-reply@yunqi.example",
    )
    assert (server.username, server.password) == ("desk@yunqi", "p:ss")


def test_mail_is_secured_unless_it_is_said_otherwise():
    usual = SmtpServer(host="mail.example", port=587, sender="a@b.example", tls="starttls")
    assert smtp_server("smtp://mail.example?sender=a@b.example") == usual


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example?sender=a@b.example",
        "smtp://?sender=a@b.example",
        "smtp://mail.example",
        "smtp://mail.example?sender=nobody",
        "smtp://mail.example?sender=a@b.example&tls=perhaps",
        "smtp://mail.example?sender=a@b.example&ssl=1",
        "smtp://mail.example:port?sender=a@b.example",
    ],
)
def test_a_setting_that_names_no_mail_server_is_refused(url):
    with pytest.raises(NotAnSmtpUrl):
        smtp_server(url)


def test_a_wrong_setting_is_named_without_its_value(newcomer):
    with pytest.raises(SettingsWrong) as refused:
        newcomer.built(smtp_url=Secret("smtp://user:pass-word@mail.example"))
    assert "SMTP_URL" in str(refused.value) and "pass-word" not in str(refused.value)


def uncertain(desk):
    desk.sms.drop_answers()
    desk.hear(desk.opened(), desk.started())
    desk.send()
    assert UUID(desk.notice()["delivery_id"])
