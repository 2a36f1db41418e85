"""Other sides' numbers on the case page: what they were told, what is still owed, and writing it down (DI-16)."""

from typing import Any

from flask import Flask

from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, COMPLAINT, KEPT, REFERENCE, StandIns, ago, ahead, problem, session

ADDRESS = f"/cases/{CASE}"
API = f"/v1/complaints/{CASE}/references"


def test_what_was_handed_back_and_what_is_still_owed_is_shown(staff: Browser, others: StandIns) -> None:
    """DI-16"""
    last = handback("accepted", state="handed", how="phone", by_id="p2", handed_at=ago(hours=1), note="接线员小王")
    known(others, last=last, owed=[handback("result"), handback("closed", due_at=ahead(hours=2), error="503")])
    card = card_of(staff.open(ADDRESS))
    for words in ("12345 热线", "GD-7", "最近一次反馈", "已受理", "电话", "Tom Reid", "接线员小王"):
        assert words in card
    owed = card.split('class="owed"')[1].split("</div>")[0]
    assert "待反馈" in owed and "处理结果" in owed and "已办结" not in owed
    assert "系统自动反馈中" in card and "503" in card


def test_what_was_given_up_is_to_be_told_by_a_person_and_says_why(staff: Browser, others: StandIns) -> None:
    """DI-16"""
    gone = handback("closed", state="given_up", error="the address answered 404", attempts=1)
    known(others, owed=[gone], account_id=CASE)
    card = card_of(staff.open(ADDRESS))
    assert "the address answered 404" in card.split('class="owed"')[1].split("</div>")[0]
    assert 'action="' in card and "更正编号" not in card


def test_who_told_the_other_side_writes_it_down(staff: Browser, others: StandIns) -> None:
    """DI-16: what, how and when; the same form twice is one."""
    known(others, owed=[handback("closed")])
    staff.open(ADDRESS)
    told = {"status": "closed", "how": "screen", "handed_at": "2026-11-21T09:30", "note": "已办结"}
    assert "已记录：记录反馈" in staff.send(f"/references/{REFERENCE}/handed-back", **told)
    said = others.said("intake", f"{API}/{REFERENCE}/handed-back")
    assert said == told | {"handed_at": "2026-11-21T01:30:00Z"}


def test_a_refused_hand_back_stands_beside_its_field(staff: Browser, others: StandIns) -> None:
    known(others, owed=[handback("closed")])
    others.answers["intake"][f"POST {API}/{REFERENCE}/handed-back"] = problem(422, handed_at="时间不能晚于现在")
    staff.open(ADDRESS)
    page = staff.send(f"/references/{REFERENCE}/handed-back", status="closed", how="phone", note="打过了")
    assert staff.page.status_code == 422
    assert "时间不能晚于现在" in page.split('data-field="handed_at"')[1][:900]
    assert "打过了" in page


def test_a_number_is_added_and_corrected(staff: Browser, others: StandIns) -> None:
    """DI-16"""
    known(others)
    staff.open(ADDRESS)
    staff.send("/references", kind="regulator", ref="局-9")
    assert others.said("intake", API) == {"kind": "regulator", "ref": "局-9"}
    staff.open(ADDRESS)
    staff.send(f"/references/{REFERENCE}", kind="ota", ref="GD-8")
    assert [sent.method for sent in others.requests("intake", f"{API}/{REFERENCE}")] == ["PUT"]


def test_an_empty_form_asks_nobody(staff: Browser, others: StandIns) -> None:
    staff.open(ADDRESS)
    assert "请填写此项" in staff.send("/references", kind="regulator", ref="")
    assert others.requests("intake", API) == []


def test_an_auditor_sees_numbers_and_changes_none(app: Flask, others: StandIns) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("auditor"))
    known(others, owed=[handback("closed")])
    card = card_of(Browser(app).sign_in().open(ADDRESS))
    assert "待反馈" in card and "<form" not in card


def test_evidence_of_a_step_and_a_voucher_open_from_the_case(staff: Browser, others: StandIns) -> None:
    """DI-7, DI-10: a file named in a step is a link; one that this case does not keep is none."""
    case = others.answers["dispatch"][f"GET /v1/cases/{CASE}"]
    reached = {"milestone": "carried_out", "at": ago(hours=1), "by": None, "attachments": [KEPT, REFERENCE]}
    payment = {"amount": 100, "paid_at": ago(), "by": None, "voucher_id": KEPT}
    promise = {"kind": "settlement", "state": "paid", "amount": 100, "currency": "CNY", "payments": [payment]}
    others.answers["dispatch"][f"GET /v1/cases/{CASE}"] = case | {"milestones": [reached], "compensations": [promise]}
    page = staff.open(ADDRESS)
    assert page.count(f'href="{ADDRESS}/attachments/{KEPT}"') == 2
    assert "付款凭证.jpg" in page and f"attachments/{REFERENCE}" not in page


def known(others: StandIns, **more: Any) -> None:
    """The complaint has a number at the hotline."""
    reference = {"reference_id": REFERENCE, "kind": "hotline_12345", "ref": "GD-7", "account_id": None}
    others.answers["intake"][f"GET /v1/complaints/{CASE}"] = COMPLAINT | {
        "references": [reference | {"last": None, "owed": []} | more]
    }


def handback(status: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("due_at", "error", "handed_at", "how", "by_id", "note"))
    return {"handback_id": CASE, "status": status, "at": ago(hours=2), "state": "owed", "attempts": 0} | empty | more


def card_of(page: str) -> str:
    return page.split('id="references"')[1].split("</section>")[0]
