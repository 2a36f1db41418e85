"""Every step dispatch can allow has a form, and a case shows all it went through (PO-2)."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from flask import Flask

from services.dispatch.domain import next_steps
from services.dispatch.domain.compensation import REQUIRED
from services.portal.domain.steps import ABOUT, FIELDS
from tests.portal.browsing import Browser, Forms
from tests.portal.stand_ins import CASE, KEPT, SECOND, StandIns, problem
from tests.portal.whole_case import (
    EXTENSION,
    LIMIT,
    PAID,
    PART,
    PART_STEPS,
    PROMISE,
    paused_clocks,
    paying_procedure,
    whole_case,
)

ADDRESS = f"/cases/{CASE}"
ASKED = f"/v1/cases/{CASE}"


@pytest.fixture(autouse=True)
def whole(others: StandIns) -> None:
    others.answers["dispatch"][f"GET {ASKED}"] = whole_case()
    others.answers["sla"][f"GET /v1/complaints/{CASE}/clocks"] = {"items": paused_clocks()}
    others.answers["tenants"]["GET /v1/procedure"] = paying_procedure()


def test_every_step_dispatch_knows_has_a_form_with_its_fields() -> None:
    """PO-2: what dispatch asks for can be given here."""
    known = {**next_steps.FIELDS, **REQUIRED}
    assert known.keys() <= FIELDS.keys()
    given = {action: {*FIELDS[action], *ABOUT.get(action, ())} for action in known}
    assert {action: set(known[action]) - given[action] for action in known if set(known[action]) - given[action]} == {}


def test_each_allowed_step_stands_on_the_page_once(staff: Browser) -> None:
    reader = Forms()
    reader.feed(staff.open(ADDRESS))
    steps = [form.values["step"] for form in reader.found if "step" in form.values]
    assert len(steps) == len(set(steps)) == len(whole_case()["next_steps"]) + len(PART_STEPS)


STEPS: list[tuple[str, str, dict[str, str], dict[str, Any]]] = [
    ("acknowledge", "acknowledge", {"note": "知悉"}, {"note": "知悉"}),
    ("resume", "resume", {"note": "已回电"}, {"note": "已回电"}),
    ("merge", "merge", {"into": "LJ-1", "reason": "同一件事"}, {"into": "LJ-1", "reason": "同一件事"}),
    ("reopen", "reopen", {"reason": "new_facts", "note": "又漏"}, {"reason": "new_facts", "note": "又漏"}),
    ("add_part", "parts", {"department": "security", "reason": "x"}, {"department": "security", "reason": "x"}),
    ("lead_group", "group-leader", {"person_id": "p2", "reason": "x"}, {"person_id": "p2", "reason": "x"}),
    ("ask_approval", "approval/ask", {"note": "x"}, {"approval_id": "final_word", "note": "x"}),
    ("approve", "approval/approve", {}, {"approval_id": "plan"}),
    ("revise", "revise", {"note": "附报价"}, {"milestone": "planned", "note": "附报价"}),
    ("note", "note", {"note": "住户来电"}, {"note": "住户来电"}),
    ("return", "approval/return", {"reason": "缺照片"}, {"approval_id": "plan", "reason": "缺照片"}),
    ("accept_part", f"parts/{PART}/accept", {}, {}),
    ("refuse_part", f"parts/{PART}/refuse", {"reason": "x"}, {"reason": "x"}),
    ("assign_part", f"parts/{PART}/assign", {"person_id": "p2", "reason": "x"}, {"person_id": "p2", "reason": "x"}),
    ("carry_out_part", f"parts/{PART}/carried-out", {"note": "x"}, {"note": "x"}),
    ("drop_part", f"parts/{PART}/drop", {"reason": "x"}, {"reason": "x"}),
    ("approve_compensation", "compensation/approve", {}, {"compensation_id": PROMISE}),
    (
        "decline_compensation",
        "compensation/decline",
        {"reason": "x"},
        {"compensation_id": PROMISE, "reason": "x"},
    ),
    ("withdraw_compensation", "compensation/withdraw", {"reason": "x"}, {"compensation_id": PAID, "reason": "x"}),
    ("wait", "wait", {"reason": "x"}, {"for": "complainant", "reason": "x"}),
    (
        "extend",
        "extend",
        {"due_at": "2026-11-23T08:00", "reason": "x", "told": "yes"},
        {"limit_id": LIMIT, "due_at": "2026-11-23T00:00:00Z", "reason": "x", "told": True},
    ),
    (
        "decide_extension",
        "extension/decide",
        {},
        {"extension_id": EXTENSION, "decision": "approve"},
    ),
]


@pytest.mark.parametrize(("action", "path", "typed", "said"), STEPS, ids=[step[0] for step in STEPS])
def test_a_step_about_one_thing_says_which(
    staff: Browser, others: StandIns, action: str, path: str, typed: dict[str, str], said: dict[str, Any]
) -> None:
    """DI-5, DI-7, DI-8, DI-10, DI-12, SL-5, SL-6."""
    others.answers["dispatch"][f"POST {ASKED}/{path}"] = whole_case()
    staff.open(ADDRESS)
    page = staff.send(f"{ADDRESS}/{action}", **typed)
    assert others.said("dispatch", f"{ASKED}/{path}") == said
    assert staff.address == f"{ADDRESS}?done={action}" and "已记录" in page


def test_a_step_names_its_thing_in_words(staff: Browser) -> None:
    page = staff.open(ADDRESS)
    for thing in (
        "4 小时内采取初步措施",
        "方案审批",
        "结果审批",
        "赔偿 · ¥800.00",
        "赔偿 · ¥120.50 · 已付 ¥20.50",
        "安保部",
    ):
        assert f'<span class="hint">{thing}' in page
    assert "等待外单位" in page and "不批准延期" in page


def test_money_is_typed_in_yuan_and_sent_in_fen(staff: Browser, others: StandIns) -> None:
    """DI-10."""
    others.answers["dispatch"][f"POST {ASKED}/compensation/propose"] = whole_case()
    staff.open(ADDRESS)
    staff.send(f"{ADDRESS}/propose_compensation", amount="1,200.50", reason="地毯")
    said = others.said("dispatch", f"{ASKED}/compensation/propose")
    assert said["amount"] == 120050 and said["currency"] == "CNY"


def test_an_amount_that_is_none_is_named_and_nothing_is_sent(staff: Browser, others: StandIns) -> None:
    """DI-10."""
    staff.open(ADDRESS)
    page = staff.send(f"{ADDRESS}/propose_compensation", amount="12.345", reason="地毯")
    assert "请填写大于零的金额" in page and "12.345" in page
    assert not others.requests("dispatch", f"{ASKED}/compensation/propose")


def test_a_payment_brings_its_voucher(staff: Browser, others: StandIns) -> None:
    """DI-10."""
    others.answers["dispatch"][f"POST {ASKED}/compensation/pay"] = whole_case()
    staff.open(ADDRESS)
    staff.send(f"{ADDRESS}/pay_compensation", amount="100", files=(BytesIO(b"jpg"), "a.jpg"))
    said = others.said("dispatch", f"{ASKED}/compensation/pay")
    assert said == {"compensation_id": PAID, "amount": 10000, "voucher_id": KEPT}


@pytest.mark.parametrize("action", ["revise", "note"])
def test_what_is_added_brings_its_files(staff: Browser, others: StandIns, action: str) -> None:
    """DI-7."""
    others.answers["dispatch"][f"POST {ASKED}/{action}"] = whole_case()
    staff.open(ADDRESS)
    staff.send(f"{ADDRESS}/{action}", note="附报价", files=(BytesIO(b"jpg"), "a.jpg"))
    assert others.said("dispatch", f"{ASKED}/{action}")["attachments"] == [KEPT]


def test_a_payment_without_its_voucher_is_not_sent(staff: Browser, others: StandIns) -> None:
    """DI-10."""
    staff.open(ADDRESS)
    page = staff.send(f"{ADDRESS}/pay_compensation", amount="100")
    assert 'data-field="voucher_id"' in page and "请填写此项" in page
    assert not others.requests("dispatch", f"{ASKED}/compensation/pay")


def test_without_the_procedure_no_amount_can_be_typed(staff: Browser, others: StandIns) -> None:
    """R28: nobody guesses a currency."""
    others.answers["tenants"]["GET /v1/procedure"] = (503, {})
    page = staff.open(ADDRESS)
    assert "币种暂时无法显示" in page and 'id="pay-compensation' in page


def test_an_end_that_is_explained_asks_for_the_explanation_and_how_it_was_told(
    staff: Browser, others: StandIns
) -> None:
    """DI-11, IN-9."""
    staff.open(ADDRESS)
    values = staff.form(f"{ADDRESS}/close").values
    assert "text" not in values
    page = staff.post(f"{ADDRESS}/close", **values | {"step": "close-text", "outcome": "unfounded", "text": ""})
    assert 'id="close-text-text-wrong"' in page
    staff.post(
        f"{ADDRESS}/close", **values | {"step": "close-text", "outcome": "unfounded", "text": "无", "spoken": "y"}
    )
    said = others.said("dispatch", f"{ASKED}/close")
    assert said == {"outcome": "unfounded", "text": "无", "written": False, "spoken": True}


def test_a_flag_is_corrected_only_by_who_may(staff: Browser, others: StandIns) -> None:
    """SL-7."""
    page = staff.open(ADDRESS)
    assert 'id="reclassify-major"' in page and 'id="reclassify-complex"' not in page
    staff.send(f"{ADDRESS}/reclassify", major="yes", reason="有人受伤")
    assert others.said("dispatch", f"{ASKED}/reclassify") == {"major": True, "reason": "有人受伤"}


def test_what_a_milestone_found_out_is_sent_along(staff: Browser, others: StandIns) -> None:
    """DI-7, IN-9."""
    staff.open(ADDRESS)
    found = {"cause": "process", "cause_text": "无人值夜", "report": "报告", "finding": "confirmed"}
    staff.send(f"{ADDRESS}/milestone", **found)
    assert others.said("dispatch", f"{ASKED}/milestones") == found | {"milestone": "cause_found"}


def test_what_is_not_needed_is_behind_a_fold(staff: Browser) -> None:
    page = staff.open(ADDRESS)
    first, second = (
        page.split('id="milestone-cause-found-milestone"')[1],
        page.split('id="milestone-spare-part-files"')[1],
    )
    assert first.index("milestone-cause-found-cause_text") < first.index("调查情况：报告")
    assert second.index("调查情况：报告") < second.index("milestone-spare-part-cause_text")


def test_a_mistake_of_a_field_behind_the_fold_is_shown(staff: Browser, others: StandIns) -> None:
    others.answers["dispatch"][f"POST {ASKED}/milestones"] = problem(422, plan_text="is required with plan")
    staff.open(ADDRESS)
    page = staff.send(f"{ADDRESS}/milestone", cause="process", cause_text="x", plan="fix")
    assert '<details class="more" open>' in page and "is required with plan" in page


def test_a_refusal_of_the_thing_itself_is_said_on_top(staff: Browser, others: StandIns) -> None:
    """SL-5."""
    others.answers["dispatch"][f"POST {ASKED}/extend"] = problem(422, limit_id="was extended 1 times")
    staff.open(ADDRESS)
    assert "was extended 1 times" in staff.send(f"{ADDRESS}/extend", due_at="2026-11-23T08:00", reason="x")


def test_a_part_that_is_none_is_not_found(staff: Browser) -> None:
    staff.open(ADDRESS)
    staff.send(f"{ADDRESS}/accept_part", part_id="../../../compensation")
    assert staff.page.status_code == 404


@pytest.mark.parametrize(
    "shown",
    [
        "等待外单位</span>",
        "市供水公司",
        "仍在等待",
        "申请延期：4 小时内采取初步措施",
        "可以",
        "审批：方案审批",
        "缺少照片",
        "排水泵老化，夜间停转。",
        "泵已使用九年",
        "补充：制定方案",
        "附上报价",
        "住户来电询问",
        "呼叫：何工",
        "第 1 轮，需重新完成",
        "第 2 轮",
        "已暂停",
        "接续 LJ-261101-0007",
        "口头告知结果、安保部的任务、告知结果、赔偿结清",
        "¥800.00",
        "付款 ¥20.50",
        "牵头",
    ],
)
def test_a_case_shows_all_it_went_through(staff: Browser, shown: str) -> None:
    """PO-2, SL-5, SL-6, DI-7, DI-10, DI-12."""
    assert shown in staff.open(ADDRESS)


def test_a_linked_case_is_one_click_away(staff: Browser) -> None:
    """DI-12."""
    assert f'href="/cases/{SECOND}"' in staff.open(ADDRESS)


def test_a_copy_with_name_and_contact_needs_a_reason_and_leaves_nothing(staff: Browser, others: StandIns) -> None:
    """PR-1: intake writes down who looked and why; dispatch is told for this one copy."""
    others.answers["dispatch"][f"POST {ASKED}/forms/record.pdf"] = lambda _: httpx.Response(200, content=b"%PDF")
    staff.open(ADDRESS)
    staff.send("/forms/record.pdf", reason="")
    assert staff.page.status_code == 422 and not others.requests("dispatch", f"{ASKED}/forms/record.pdf")
    staff.send("/forms/record.pdf", reason="住户要求纸质记录")
    assert staff.page.data == b"%PDF" and staff.page.headers["Content-Disposition"] == "attachment"
    assert others.said("intake", f"/v1/complaints/{CASE}/full-view") == {"reason": "住户要求纸质记录"}
    named = {"complainant": "陈立国", "contact": "13800138000, chen@example.com"}
    assert others.said("dispatch", f"{ASKED}/forms/record.pdf") == named
    assert "13800138000" not in staff.open(ADDRESS)


def test_who_may_not_see_the_complainant_in_full_gets_no_copy(staff: Browser, others: StandIns) -> None:
    """PR-1."""
    others.answers["intake"][f"POST /v1/complaints/{CASE}/full-view"] = problem(403)
    staff.open(ADDRESS)
    staff.send("/forms/record.pdf", reason="住户要求纸质记录")
    assert staff.page.status_code == 422 and not others.requests("dispatch", f"{ASKED}/forms/record.pdf")


@pytest.mark.parametrize(("reads", "language"), [("zh-CN", "zh-Hans"), ("zh-HK", "zh-Hant")])
def test_a_form_is_handed_through_in_its_readers_language(
    staff: Browser, others: StandIns, reads: str, language: str
) -> None:
    """DI-15."""
    kind = {"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename=record.pdf"}
    others.answers["dispatch"][f"GET {ASKED}/forms/record.pdf"] = lambda _: httpx.Response(
        200, content=b"%PDF", headers=kind
    )
    staff.open(f"{ADDRESS}/forms/record.pdf", **{"Accept-Language": reads})
    [asked] = others.requests("dispatch", f"{ASKED}/forms/record.pdf")
    assert staff.page.data == b"%PDF" and staff.page.headers["Content-Disposition"] == kind["Content-Disposition"]
    assert asked.url.params["language"] == language


def test_notice_of_a_result_is_offered_once_there_is_one(staff: Browser, others: StandIns) -> None:
    """DI-15."""
    assert "forms/result.pdf" not in staff.open(ADDRESS)
    result = {"at": "2026-11-21T08:00:00Z", "by": None, "text": "已修好", "written": True, "spoken": False}
    others.answers["dispatch"][f"GET {ASKED}"] = whole_case() | {"results": [result]}
    assert "forms/result.docx" in staff.open(ADDRESS)


def test_a_form_there_is_none_of_is_not_found(staff: Browser, app: Flask) -> None:
    staff.open(f"{ADDRESS}/forms/invoice.pdf")
    assert staff.page.status_code == 404
