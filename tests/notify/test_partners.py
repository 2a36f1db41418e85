import hashlib
import http.client
import json
import smtplib
import threading
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import httpx
import pytest

from libs.common.testing.partners.__main__ import main
from libs.common.testing.partners.acs3 import Call, expected_signature
from libs.common.testing.partners.mail import MailPartner
from libs.common.testing.partners.sms import SmsPartner, delivery_report
from libs.common.testing.partners.view import View, page
from libs.common.testing.waiting import eventually

NOW = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
GOOD = {
    "PhoneNumbers": "13900001111",
    "SignName": "云栖物业",
    "TemplateCode": "SMS_1",
    "TemplateParam": '{"number":"R-17"}',
    "OutId": "notice-1",
}


def test_the_provider_computes_the_published_signature():
    call = Call("POST", "/", PUBLISHED_QUERY, PUBLISHED_HEADERS, b"")
    assert (
        expected_signature(call, "YourAccessKeySecret", sorted(PUBLISHED_HEADERS))
        == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_a_good_call_is_accepted(provider):
    answer = call(provider)
    assert (answer["Code"], answer["Message"]) == ("OK", "OK")
    assert set(answer) == {"Code", "Message", "BizId", "RequestId"}
    assert provider.sent[0].text == "【云栖物业】您的投诉R-17已登记。"


def test_parameters_may_come_in_a_form(provider):
    body = urlencode(GOOD).encode()
    answer = call(provider, {}, body=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer["Code"] == "OK"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"key": "nobody"}, "InvalidAccessKeyId.NotFound"),
        ({"headers": {"x-acs-date": "2026-03-05T06:14:59Z"}}, "InvalidTimeStamp.Expired"),
        ({"headers": {"x-acs-date": "now"}}, "InvalidTimeStamp.Format"),
        ({"headers": {"x-acs-signature-nonce": ""}}, "Missingx-acs-signature-nonce"),
        ({"headers": {"x-acs-content-sha256": "0" * 64}}, "SignatureDoesNotMatch"),
        ({"headers": {"x-acs-action": "QuerySendDetails"}}, "InvalidAction.NotFound"),
        ({"signed": ("host", "x-acs-date")}, "SignatureDoesNotMatch"),
        ({"authorization": "Bearer x"}, "IncompleteSignature"),
    ],
)
def test_a_call_that_is_not_signed_well_is_refused(provider, changes, code):
    assert call(provider, **changes)["Code"] == code
    assert provider.sent == []


def test_a_nonce_is_good_once(provider):
    assert call(provider, headers={"x-acs-signature-nonce": "n"})["Code"] == "OK"
    assert call(provider, headers={"x-acs-signature-nonce": "n"})["Code"] == "SignatureNonceUsed"


def test_without_a_clock_the_time_is_not_compared():
    with SmsPartner() as provider:
        assert call(provider, headers={"x-acs-date": "2031-01-01T00:00:00Z"})["Code"] == "OK"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"PhoneNumbers": ""}, "MissingPhoneNumbers"),
        ({"PhoneNumbers": "front desk"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"PhoneNumbers": ",".join(["13900001111"] * 1_001)}, "isv.MOBILE_COUNT_OVER_LIMIT"),
        ({"SignName": "别家"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"TemplateCode": "SMS_2"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"TemplateParam": "{}"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ({"TemplateParam": '{"number":17}'}, "isv.INVALID_JSON_PARAM"),
        ({"TemplateParam": '{"number":"http://x.example"}'}, "isv.PARAM_NOT_SUPPORT_URL"),
        ({"OutId": "x" * 257}, "isv.PARAM_LENGTH_LIMIT"),
    ],
)
def test_wrong_parameters_get_the_providers_codes(provider, changes, code):
    assert call(provider, GOOD | changes)["Code"] == code
    assert provider.sent == []


def test_copies_of_one_key_are_seen_and_not_hidden(provider):
    call(provider)
    call(provider)
    call(provider, GOOD | {"OutId": "notice-2"})
    items = httpx.get(f"{provider.url}/__sent", timeout=5).json()["items"]
    assert [(item["out_id"], item["copies"]) for item in items] == [
        ("notice-1", 2),
        ("notice-1", 2),
        ("notice-2", 1),
    ]
    assert len({item["biz_id"] for item in items}) == 3


def test_faults_come_in_order_and_end(provider):
    provider.refuse(2, "isv.AMOUNT_NOT_ENOUGH")
    assert [call(provider)["Code"] for _ in range(3)] == ["isv.AMOUNT_NOT_ENOUGH"] * 2 + ["OK"]


def test_a_report_tells_beijing_time_and_hides_the_number(provider):
    call(provider)
    report = delivery_report(provider.sent[0], arrived=False)
    assert report["phone_number"] == "1390000****"
    assert (report["send_time"], report["success"]) == ("2026-03-05 14:30:00", False)


def test_the_mail_server_refuses_then_takes():
    with MailPartner() as server:
        server.refuse(1, "452 4.3.1 no room")
        with pytest.raises(smtplib.SMTPDataError, match="452"):
            send_mail(server)
        send_mail(server)
        assert server.copies("<1@a.example>") == 1


def test_the_page_shows_what_was_sent_and_none_of_it_as_markup(provider):
    call(provider)
    with MailPartner() as mail:
        send_mail(mail, subject="<script>alert(1)</script>")
        shown = page(provider, mail)
    assert "您的投诉R-17已登记。" in shown
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_the_view_answers_people_and_programs(provider):
    with MailPartner() as mail:
        call(provider)
        view = View(("127.0.0.1", 0), provider, mail).start()
        address = f"http://127.0.0.1:{view.port}"
        assert "<h2>SMS (1)</h2>" in httpx.get(f"{address}/", timeout=5).text
        assert httpx.get(f"{address}/sent.json", timeout=5).json()["sms"][0]["key"] == "notice-1"
        assert httpx.get(f"{address}/other", timeout=5).status_code == 404
        view.stop()


def test_the_command_runs_all_three_until_ended(capsys):
    ended = threading.Event()
    running = threading.Thread(target=main, args=([], ended))
    running.start()
    said = []
    eventually(lambda: said.append(capsys.readouterr().out) or "sent http" in "".join(said))
    address = "".join(said).split("sent ")[1].strip()
    assert httpx.get(address, timeout=5).status_code == 200
    ended.set()
    running.join(10)
    assert not running.is_alive()


@pytest.fixture
def provider():
    templates = {"SMS_1": "您的投诉${number}已登记。"}
    with SmsPartner(now=lambda: NOW, templates=templates, sign_names={"云栖物业"}) as partner:
        yield partner


nonces = iter(range(10**9))


def call(
    provider,
    query=GOOD,
    *,
    body=b"",
    headers=None,
    key="demo-key",
    secret="demo-secret",
    signed=(),
    authorization=None,
):
    """A signed call over a plain connection; what is given replaces what would be right."""
    given = {
        "host": f"127.0.0.1:{provider.port}",
        "x-acs-action": "SendSms",
        "x-acs-version": "2017-05-25",
        "x-acs-date": "2026-03-05T06:30:00Z",
        "x-acs-signature-nonce": f"call-{next(nonces)}",
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
    } | (headers or {})
    names = sorted(signed or given)
    encoded = urlencode(query, quote_via=quote)
    right = expected_signature(Call("POST", "/", encoded, given, body), secret, names)
    given["authorization"] = (
        authorization or f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={';'.join(names)},Signature={right}"
    )
    connection = http.client.HTTPConnection("127.0.0.1", provider.port, timeout=5)
    connection.request("POST", f"/?{encoded}", body, given)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def send_mail(server, subject="R-17"):
    with smtplib.SMTP(server.host, server.port, "a.example", timeout=5) as connection:
        text = f"From: a@a.example\r\nMessage-ID: <1@a.example>\r\nSubject: {subject}\r\n\r\nHello\r\n"
        connection.sendmail("a@a.example", ["b@b.example"], text)


PUBLISHED_QUERY = "RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"
PUBLISHED_HEADERS = {
    "host": "ecs.cn-shanghai.aliyuncs.com",
    "x-acs-action": "RunInstances",
    "x-acs-version": "2014-05-26",
    "x-acs-date": "2023-10-26T10:22:32Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
}
