import contextlib
import hashlib
import json
from datetime import UTC, datetime
from itertools import count

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.testing.partners.sms import SmsPartner, delivery_report
from services.notify.domain.message import Handed, Message, Refused, Uncertain
from services.notify.gateways.aliyun import (
    AliyunAccount,
    AliyunSms,
    DeliveryReport,
    ReportNotUnderstood,
    canonical_request,
    parameters,
    read_answer,
    read_report,
    signature,
    signed_request,
)

NOW = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)


def test_the_signature_is_the_one_the_provider_publishes():
    canonical = canonical_request("POST", "/", PUBLISHED_QUERY, PUBLISHED_HEADERS)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    assert digest == "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    signed = signature("YourAccessKeySecret", canonical)
    assert signed == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_a_notice_reaches_the_provider_with_its_values(provider, sms):
    outcome = sms.send(notice(), NOW)
    sent = provider.sent[0]
    assert outcome == Handed(sent.biz_id)
    assert (sent.phone, sent.out_id, sent.sent_at) == ("13900001111", "notice-1.sms", NOW)
    assert sent.text == "【云栖物业】您的投诉R-17已登记，将于3月6日前答复。"


@given(value=st.text(max_size=40), key=st.from_regex(r"[A-Za-z0-9._-]{1,128}", fullmatch=True))
def test_any_value_is_signed_the_way_it_is_sent(value, key):
    url, headers = signed_request(ACCOUNT, {"TemplateParam": clean(value), "OutId": key}, NOW, "n-1")
    assert dict(httpx.URL(url).params) == {"TemplateParam": clean(value), "OutId": key}
    assert headers["host"] == "sms.example"


def test_a_mainland_number_goes_without_country_code_and_a_foreign_one_without_plus():
    assert parameters(notice())["PhoneNumbers"] == "13900001111"
    assert parameters(notice(to="+85251112222"))["PhoneNumbers"] == "85251112222"


@pytest.mark.parametrize("to", ["13900001111", "+86139\n0001111", "front desk", "+861390000111122222", ""])
def test_what_is_no_international_number_is_refused_without_a_call(provider, sms, to):
    assert sms.send(notice(to=to), NOW).permanent
    assert provider.sent == []


def test_there_is_no_free_text_sms(provider, sms):
    assert sms.send(notice(template_code=None), NOW) == Refused(True, "there is no approved template for this notice")


def test_an_unknown_template_is_refused_for_good(sms):
    assert sms.send(notice(template_code="SMS_404"), NOW) == Refused(True, "aliyun: isv.SMS_TEMPLATE_ILLEGAL")


def test_a_limit_is_refused_for_now(provider, sms):
    provider.refuse(code="isv.BUSINESS_LIMIT_CONTROL")
    assert sms.send(notice(), NOW) == Refused(False, "aliyun: isv.BUSINESS_LIMIT_CONTROL")


def test_a_wrong_secret_is_refused_for_now_because_settings_can_be_put_right(provider):
    account = AliyunAccount(access_key_id="demo-key", access_key_secret="old", endpoint=provider.url)
    outcome = AliyunSms(account, nonce=lambda: "n").send(notice(), NOW)
    assert outcome == Refused(False, "aliyun: SignatureDoesNotMatch")


def test_503_is_refused_for_now_and_nothing_was_sent(provider, sms):
    provider.answer_unavailable()
    assert sms.send(notice(), NOW) == Refused(False, "aliyun: HTTP 503")
    assert provider.sent == []


def test_a_connection_lost_after_sending_leaves_it_uncertain(provider, sms):
    """NO-4, R4: the provider did take it."""
    provider.drop_answers()
    assert isinstance(sms.send(notice(), NOW), Uncertain)
    assert provider.copies("notice-1.sms") == 1


def test_a_provider_that_never_answers_is_left_after_the_total_time(provider):
    provider.hang()
    impatient = AliyunSms(account_at(provider.url), nonce=lambda: "n", total_seconds=1)
    assert impatient.send(notice(), NOW) == Uncertain("aliyun: TimeoutError after the request was sent")
    assert provider.copies("notice-1.sms") == 1


def test_where_nobody_listens_nothing_was_sent(provider):
    provider.stop()
    outcome = AliyunSms(account_at(provider.url), nonce=lambda: "n").send(notice(), NOW)
    assert outcome == Refused(False, "aliyun: ConnectError")


def test_the_connection_is_kept_from_one_notice_to_the_next(provider, sms):
    for key in ("notice-1.sms", "notice-2.sms", "notice-3.sms"):
        assert isinstance(sms.send(notice(message_key=key), NOW), Handed)
    assert provider.connections == 1


def test_a_kept_connection_that_the_provider_closed_is_opened_anew(provider, sms):
    sms.send(notice(), NOW)
    provider.hang_up()
    assert isinstance(sms.send(notice(message_key="notice-2.sms"), NOW), Handed)


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (200, b'{"Code":"OK","BizId":"9^0"}', Handed("9^0")),
        (200, b'{"Code":"OK"}', Handed("")),
        (200, b"<html>", Uncertain("aliyun: HTTP 200")),
        (200, b"[" * 100_000, Uncertain("aliyun: HTTP 200")),
        (200, b'{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}', Refused(True, "aliyun: isv.MOBILE_NUMBER_ILLEGAL")),
        (200, b'{"Code":"isv.AMOUNT_NOT_ENOUGH"}', Refused(False, "aliyun: isv.AMOUNT_NOT_ENOUGH")),
        (400, b'{"Code":"isv.NEW for 13900001111"}', Refused(False, "aliyun: HTTP 400")),
        (500, b'{"Code":"InternalError"}', Uncertain("aliyun: InternalError")),
        (502, b"", Uncertain("aliyun: HTTP 502")),
        (503, b'{"Code":"ServiceUnavailable"}', Refused(False, "aliyun: ServiceUnavailable")),
        (403, b"no", Refused(False, "aliyun: HTTP 403")),
    ],
)
def test_answers_mean_what_is_certain_about_them(status, body, meaning):
    assert read_answer(status, body) == meaning


def test_a_report_says_what_arrived_without_the_number(provider, sms):
    sms.send(notice(), NOW)
    body = json.dumps([delivery_report(provider.sent[0])]).encode()
    assert read_report(body) == [
        DeliveryReport(
            provider_reference=provider.sent[0].biz_id,
            message_key="notice-1.sms",
            arrived=True,
            reason="DELIVERED",
            reported_at=datetime(2026, 3, 5, 6, 30, 3, tzinfo=UTC),
        )
    ]


def test_a_report_may_tell_of_failure_and_lack_our_key():
    failed = REPORT | {"success": False, "err_code": "MK:0001", "out_id": ""}
    report = read_report(json.dumps([failed]).encode())[0]
    assert (report.arrived, report.message_key, report.reason) == (False, None, "MK:0001")


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({}, ""),
        (["x"], "/0"),
        ([{"success": "true"}], "/0/success"),
        ([{"success": True, "biz_id": 7}], "/0/biz_id"),
        ([{"success": True, "biz_id": "\ud800"}], "/0/biz_id"),
        ([{"success": True, "biz_id": "1", "report_time": "soon"}], "/0/report_time"),
        ([{"success": True, "biz_id": "1", "report_time": "0001-01-01 00:00:00"}], "/0/report_time"),
    ],
)
def test_a_wrong_report_names_the_place(content, pointer):
    with pytest.raises(ReportNotUnderstood) as refused:
        read_report(json.dumps(content).encode())
    assert refused.value.pointer == pointer


json_values = st.recursive(st.none() | st.text(), lambda inner: st.lists(inner))


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_call_back_breaks_the_reader(body):
    with contextlib.suppress(ReportNotUnderstood):
        read_report(body)


def test_nothing_prints_a_number_or_a_secret(caplog, provider, sms):
    caplog.set_level("INFO")
    sms.send(notice(), NOW)
    shown = caplog.text + repr(notice()) + repr(account_at(provider.url))
    assert "13900001111" not in shown
    assert "demo-secret" not in shown


@pytest.fixture
def provider():
    templates = {"SMS_1": "您的投诉${number}已登记，将于${deadline}前答复。"}
    with SmsPartner(now=lambda: NOW, templates=templates, sign_names={"云栖物业"}) as partner:
        yield partner


@pytest.fixture
def sms(provider):
    nonces = count()
    return AliyunSms(account_at(provider.url), nonce=lambda: f"nonce-{next(nonces)}")


def account_at(url):
    return AliyunAccount(access_key_id="demo-key", access_key_secret="demo-secret", endpoint=url)


def notice(**changes):
    return Message(
        **{
            "to": "+8613900001111",
            "text": "您的投诉R-17已登记，将于3月6日前答复。",
            "language": "zh-Hans",
            "message_key": "notice-1.sms",
            "sender_name": "云栖物业",
            "template_code": "SMS_1",
            "slots": {"number": "R-17", "deadline": "3月6日"},
        }
        | changes
    )


def clean(text):
    return text.encode("utf-8", "replace").decode()


ACCOUNT = AliyunAccount(access_key_id="k", access_key_secret="s", endpoint="https://sms.example")
PUBLISHED_QUERY = {
    "RegionId": "cn-shanghai",
    "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
}
PUBLISHED_HEADERS = {
    "host": "ecs.cn-shanghai.aliyuncs.com",
    "x-acs-action": "RunInstances",
    "x-acs-version": "2014-05-26",
    "x-acs-date": "2023-10-26T10:22:32Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
}
REPORT = {"biz_id": "12345", "out_id": "a", "success": True, "report_time": "2026-03-05 14:30:00"}
