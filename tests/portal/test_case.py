"""The case page: the whole story, the next steps, full view with a reason (PO-2, DI-6, PR-1)."""

from io import BytesIO

import pytest
from flask import Flask

from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, DELIVERY, DETAILS, FILE, KEPT, StandIns, problem, session

ADDRESS = f"/cases/{CASE}"


def test_the_story_is_told_in_order_whoever_knows_it(staff: Browser) -> None:
    page = staff.open(ADDRESS)
    story = page.split('class="timeline story"')[1]
    told = [
        "收到",
        "告知（登记）",
        "由客服部转派至工程部",
        "排水管堵塞",
        "升级督办",
        "请在四点前完成",
        "550 mailbox full",
    ]
    places = [story.index(what) for what in told]
    assert places == sorted(places)


def test_what_the_complainant_said_stands_whole_on_the_page(staff: Browser) -> None:
    """IN-2: also the impact, what is asked for, and when it happened."""
    page = staff.open(ADDRESS)
    for heading, words in (("造成的影响", "孩子没法睡觉。"), ("诉求", "马上修好，并更换地毯。")):
        assert f'<h3>{heading}</h3><p class="told">{words}</p>' in page
    assert "<dt>发生时间</dt>" in page


def test_every_clock_can_explain_itself(staff: Browser) -> None:
    """SL-1: rule, calendar, pauses."""
    page = staff.open(ADDRESS)
    assert "4 小时内采取初步措施" in page and "4 小时，不计暂停的 1 小时 35 分" in page
    assert "以此为准" in page and "暂定" in page and "按时完成" in page


def test_why_it_was_routed_this_way_is_said(staff: Browser) -> None:
    """DI-1: what matched and why."""
    assert "文字中出现“漏水”" in staff.open(ADDRESS)


def test_the_complainant_is_masked_until_a_reason_is_given(staff: Browser, others: StandIns) -> None:
    """PR-1: each full view has a reason."""
    page = staff.open(ADDRESS)
    assert "138****8000" in page and "13800138000" not in page
    staff.send("/full-view", reason="")
    assert staff.page.status_code == 422 and not others.requests("intake", f"/v1/complaints/{CASE}/full-view")


def test_a_full_view_is_shown_once_and_not_kept(staff: Browser, others: StandIns) -> None:
    staff.open(ADDRESS)
    assert "13800138000" in staff.send("/full-view", reason="回电确认到场时间")
    [asked] = others.requests("intake", f"/v1/complaints/{CASE}/full-view")
    assert "Idempotency-Key" not in asked.headers
    assert "13800138000" not in staff.open(ADDRESS)


def test_only_the_steps_dispatch_allows_are_offered(staff: Browser, others: StandIns) -> None:
    others.answers["dispatch"][f"GET /v1/cases/{CASE}"] = DETAILS | {
        "next_steps": [{"action": "accept", "required": []}, {"action": "refuse", "required": ["reason"]}]
    }
    page = staff.open(ADDRESS)
    assert f"{ADDRESS}/accept" in page and f"{ADDRESS}/refuse" in page
    assert not any(f"{ADDRESS}/{step}#" in page for step in ("transfer", "close", "result", "milestone"))


def test_a_procedures_own_milestone_has_its_own_name(staff: Browser) -> None:
    assert "配件到货" in staff.open(ADDRESS)


@pytest.mark.parametrize(
    ("action", "path", "typed"),
    [
        ("milestone", "milestones", {"milestone": "cause_found", "note": "冷凝水倒流"}),
        ("transfer", "transfer", {"to_department": "security", "reason": "盗窃", "handover": "录像已保存"}),
        ("reclassify", "reclassify", {"category": "safety", "reason": "有触电危险"}),
        ("assign", "assign", {"person_id": "p2", "reason": "当班"}),
        ("close", "close", {"outcome": "solved", "satisfied": "yes"}),
    ],
)
def test_a_step_says_what_was_typed_and_comes_back_to_the_case(
    staff: Browser, others: StandIns, action: str, path: str, typed: dict[str, str]
) -> None:
    staff.open(ADDRESS)
    page = staff.send(f"{ADDRESS}/{action}", **typed)
    said = others.said("dispatch", f"/v1/cases/{CASE}/{path}")
    assert said == typed | ({"satisfied": True} if action == "close" else {})
    assert staff.address == f"{ADDRESS}?done={action}" and "已记录" in page
    assert others.requests("dispatch", f"/v1/cases/{CASE}/{path}")[0].headers["Idempotency-Key"]


def test_a_result_says_whether_it_was_given_in_writing_and_by_voice(staff: Browser, others: StandIns) -> None:
    """DI-11."""
    staff.open(ADDRESS)
    staff.send(f"{ADDRESS}/result", text="已修好", prevention="每月清洗", written="yes")
    said = others.said("dispatch", f"/v1/cases/{CASE}/result")
    assert said == {"text": "已修好", "prevention": "每月清洗", "written": True, "spoken": False}


def test_evidence_of_a_milestone_goes_to_intake_first(staff: Browser, others: StandIns) -> None:
    staff.open(ADDRESS)
    staff.send(f"{ADDRESS}/milestone", note="已到场", files=(BytesIO(b"jpg"), "a.jpg"))
    assert others.said("dispatch", f"/v1/cases/{CASE}/milestones")["attachments"] == [KEPT]


def test_a_local_time_is_sent_in_utc(staff: Browser, others: StandIns) -> None:
    staff.open(ADDRESS)
    staff.send(f"{ADDRESS}/milestone", note="已到场", reached_at="2026-11-20T08:00")
    assert others.said("dispatch", f"/v1/cases/{CASE}/milestones")["reached_at"] == "2026-11-20T00:00:00Z"


def test_a_time_that_is_none_is_named(staff: Browser, others: StandIns) -> None:
    staff.open(ADDRESS)
    assert "请填写日期和时间" in staff.send(f"{ADDRESS}/milestone", note="x", reached_at="yesterday")
    assert not others.requests("dispatch", f"/v1/cases/{CASE}/milestones")


def test_what_a_step_requires_is_asked_for_before_it_is_sent(staff: Browser, others: StandIns) -> None:
    """DI-6: the next person never has to ask the guest again."""
    staff.open(ADDRESS)
    page = staff.send(f"{ADDRESS}/transfer", to_department="security", reason="盗窃")
    assert 'id="transfer-handover-wrong"' in page
    assert not others.requests("dispatch", f"/v1/cases/{CASE}/transfer")


def test_a_refused_step_keeps_what_was_typed_beside_the_reason(staff: Browser, others: StandIns) -> None:
    others.answers["dispatch"][f"POST /v1/cases/{CASE}/close"] = problem(422, outcome="回访尚未完成")
    staff.open(ADDRESS)
    page = staff.send(f"{ADDRESS}/close", outcome="solved", note="已电话告知")
    assert "回访尚未完成" in page and "已电话告知" in page and staff.page.status_code == 422


def test_a_step_that_is_no_longer_possible_says_nothing_was_recorded(staff: Browser, others: StandIns) -> None:
    staff.open(ADDRESS)
    form = staff.form(f"{ADDRESS}/assign")
    others.answers["dispatch"][f"GET /v1/cases/{CASE}"] = DETAILS | {"next_steps": []}
    others.answers["dispatch"][f"POST /v1/cases/{CASE}/assign"] = problem(409, "the case is closed")
    page = staff.post(form.action, **form.values | {"person_id": "p2", "reason": "当班"})
    assert "没有记录" in page and "the case is closed" in page


def test_a_double_click_on_a_step_sends_one_key(staff: Browser, others: StandIns) -> None:
    staff.open(ADDRESS)
    form = staff.form(f"{ADDRESS}/assign")
    for _ in range(2):
        staff.post(form.action, **form.values | {"person_id": "p2", "reason": "当班"})
    keys = {asked.headers["Idempotency-Key"] for asked in others.requests("dispatch", f"/v1/cases/{CASE}/assign")}
    assert len(keys) == 1


def test_an_attachment_is_always_a_download(staff: Browser) -> None:
    """What somebody sent never runs as a page of ours."""
    staff.open(f"{ADDRESS}/attachments/{FILE}")
    headers = staff.page.headers
    assert headers["Content-Disposition"] == "attachment" and headers["X-Content-Type-Options"] == "nosniff"
    assert "stolen" not in headers.get("Set-Cookie", "")


def test_a_case_that_is_none_is_not_found(staff: Browser) -> None:
    staff.open("/cases/018f4e3a-0000-7d21-9a10-3c2b1a0f9e8d")
    assert staff.page.status_code == 404


def test_a_complaint_not_yet_routed_is_already_shown(staff: Browser, others: StandIns) -> None:
    others.answers["dispatch"][f"GET /v1/cases/{CASE}"] = problem(404)
    page = staff.open(ADDRESS)
    assert "正在转派" in page and "空调漏水" in page


def test_a_step_there_is_none_of_is_not_found(staff: Browser) -> None:
    staff.open(ADDRESS)
    values = staff.form(f"{ADDRESS}/assign").values
    staff.post(f"{ADDRESS}/delete", csrf_token=values["csrf_token"])
    assert staff.page.status_code == 404


AWAY = {
    "dispatch": "处理进度与下一步暂时无法显示",
    "intake": "投诉内容与投诉人暂时无法显示",
    "sla": "时限暂时无法显示",
    "notify": "告知记录暂时无法显示",
}


@pytest.mark.parametrize("service", AWAY)
def test_a_service_that_is_away_is_missed_only_in_its_own_part(staff: Browser, others: StandIns, service: str) -> None:
    """R28."""
    others.down.add(service)
    page = staff.open(ADDRESS)
    assert staff.page.status_code == 200 and AWAY[service] in page
    assert not any(words in page for name, words in AWAY.items() if name != service)


def test_with_every_service_away_there_is_still_a_page(staff: Browser, others: StandIns) -> None:
    others.down |= set(others.answers)
    staff.open(ADDRESS)
    assert staff.page.status_code == 200


def test_a_notice_that_failed_can_be_sent_again(staff: Browser, others: StandIns) -> None:
    """NO-4."""
    staff.open(f"/cases/{CASE}")
    page = staff.send(f"/notices/{DELIVERY}/send-again")
    assert len(others.requests("notify", f"/v1/deliveries/{DELIVERY}/send-again")) == 1
    assert "重新发送" in page and staff.address.endswith("?done=send_again")


def test_a_notice_that_reached_them_meanwhile_is_not_sent_again(staff: Browser, others: StandIns) -> None:
    """NO-4."""
    others.answers["notify"][f"POST /v1/deliveries/{DELIVERY}/send-again"] = problem(409, "told by another channel")
    staff.open(f"/cases/{CASE}")
    assert "told by another channel" in staff.send(f"/notices/{DELIVERY}/send-again")


def test_who_only_looks_sends_nothing_again(app: Flask, others: StandIns) -> None:
    """NO-4."""
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("auditor"))
    assert "send-again" not in Browser(app).sign_in().open(f"/cases/{CASE}")
