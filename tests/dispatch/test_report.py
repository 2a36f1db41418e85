"""What the 《投诉调查报告》 of a case that went through everything says, and its 《用户投诉记录》 (DI-7, DI-15)."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest

from services.dispatch.domain.forms.content import Table
from services.dispatch.domain.forms.words import PRINTED_IN, WORDS
from services.dispatch.gateways.widths import widths
from tests.dispatch.rules import every_section
from tests.dispatch.test_extending import asked, running
from tests.dispatch.test_forms import finished, printed

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
RULES = {"currency": "CNY", "approval": [{"by": ["manager"]}], "advance_up_to": 20_000, "voucher": False}
FOUND = {"finding": "confirmed", "report": "监控显示阀门未关", "cause": "process", "cause_text": "无人复核关阀"}


@pytest.fixture
def firm(empty_firm):
    return empty_firm.found(every_section(compensation=RULES))


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_report_says_what_was_found_why_and_what_is_to_be_done(firm, kind):
    """DI-7: each with its kind, whose words they are and when."""
    words = printed(firm, investigated(firm), f"investigation.{kind}")
    assert "调查情况属实：监控显示阀门未关li·2026年3月2日10:00" in words
    assert "原因分析流程：无人复核关阀" in words and "处理方案整改：更换阀门" in words


def test_the_report_names_the_files_by_digest(firm):
    """DI-7, PR-4."""
    complaint_id = firm.register(attachments=(DIGEST,))
    file = firm.kept(complaint_id, sha256="cd" * 32)
    firm.did("li", complaint_id, "accept")
    firm.did("li", complaint_id, "milestones", milestone="on_site", attachments=[file])
    words = printed(firm, complaint_id, "investigation.docx")
    assert "证据材料" in words and f"登记{DIGEST}" in words and f"到场{'cd' * 32}" in words


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_report_says_who_approved_what(firm, kind):
    """DI-7, DI-13: also what was returned, and why."""
    complaint_id = investigated(firm)
    for step, words in (("return", {"reason": "请附报价"}), ("approve", {"note": "同意更换"})):
        firm.did("li", complaint_id, "approval/ask", approval_id="plan", note="请审议")
        firm.did("he", complaint_id, f"approval/{step}", approval_id="plan", **words)
    words = printed(firm, complaint_id, f"investigation.{kind}")
    assert "审批li2026年3月2日10:00请审议已退回he2026年3月2日10:00请附报价" in words
    assert "已通过he2026年3月2日10:00同意更换" in words


def test_the_report_says_what_the_case_waited_for_and_what_took_longer(firm):
    """SL-5, SL-6, DI-9."""
    complaint_id = running(firm)
    asked(firm, "he", complaint_id, told=True)
    firm.did("he", complaint_id, "wait", **{"for": "third_party", "party": "恒洁地板", "reason": "等待报价"})
    firm.pass_time(hours=1)
    firm.did("he", complaint_id, "resume")
    words = printed(firm, complaint_id, "investigation.docx")
    assert "2026年3月2日10:002026年3月2日11:00外单位：恒洁地板等待报价" in words
    assert "延期情况" in words and "配件未到已批准he2026年3月2日10:00" in words


def test_the_report_says_what_each_department_did(firm):
    """DI-5: with whose it is and the words of its last step."""
    complaint_id = firm.register()
    part = joined(firm, complaint_id)
    firm.did("gao", complaint_id, f"parts/{part}/carried-out", note="门禁已复位")
    words = printed(firm, complaint_id, "investigation.docx")
    assert "各部门办理情况" in words and "工程部（牵头）li" in words
    assert "安保部gao已完成2026年3月2日10:00门禁已复位" in words


def test_a_lead_that_was_passed_on_is_no_part_of_its_own(firm):
    """DI-5, DI-6."""
    complaint_id = firm.register()
    firm.did("li", complaint_id, "transfer", to_department="security", reason="门禁", handover="在家")
    assert "各部门办理情况" not in printed(firm, complaint_id, "investigation.docx")


def test_the_report_says_why_money_was_promised_and_who_decided(firm):
    """DI-10."""
    complaint_id = investigated(firm)
    firm.did("li", complaint_id, "compensation/propose", kind="settlement", amount=12_050, reason="地板泡水")
    promise = firm.case(complaint_id)["compensations"][0]["compensation_id"]
    firm.did("zhao", complaint_id, "compensation/approve", compensation_id=promise, note="照付")
    words = printed(firm, complaint_id, "investigation.docx")
    assert "¥120.50¥0.00已批准zhao2026年3月2日10:00地板泡水照付" in words


def test_a_section_without_content_is_left_out(firm):
    words = printed(firm, firm.register(), "investigation.docx")
    for heading in (
        "调查情况",
        "原因分析",
        "证据材料",
        "审批",
        "等待",
        "延期",
        "各部门",
        "处理结果",
        "诉求",
        "发生时间",
    ):
        assert heading not in words


@pytest.mark.parametrize("form", ["record", "investigation"])
def test_when_it_happened_its_impact_and_what_is_asked_for_are_printed(firm, form):
    """IN-2."""
    happened_at = firm.clock.now() - timedelta(hours=3)
    said = {"impact": "老人滑倒", "asked_for": "请道歉并更换地板"}
    words = printed(firm, firm.register(**said, happened_at=happened_at), f"{form}.docx")
    assert "造成的影响老人滑倒诉求请道歉并更换地板" in words and "发生时间2026年3月2日07:00" in words


def test_impact_and_what_is_asked_for_are_in_the_evidence_by_their_digests(firm):
    """PR-4."""
    complaint_id = firm.register(impact="老人滑倒", asked_for="请道歉")
    opened, *_ = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json["items"]
    for name, words in (("impact", "老人滑倒"), ("asked_for", "请道歉")):
        assert opened["details"][f"{name}_sha256"] == sha256(words.encode()).hexdigest()


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_record_says_what_came_of_it_and_is_signed_by_three(empty_firm, kind):
    """DI-11, DI-15."""
    firm = empty_firm.found()
    words = printed(firm, finished(firm), f"record.{kind}")
    assert "处理结果已修好预防措施每季检查" in words
    for signature in ("受理人签字", "经办人签字", "部门负责人签字"):
        assert signature in words


def test_a_form_in_traditional_chinese_has_no_simplified_word(firm):
    """DI-15."""
    words = printed(firm, firm.register(), "record.docx", language="zh-Hant")
    for expected in ("用戶投訴記錄", "受理渠道網頁", "處理經過", "部門負責人簽字"):
        assert expected in words


def test_every_word_of_the_forms_is_in_every_language():
    slots = [[re.findall(r"{\w+}", each) for each in words] for words in WORDS.values()]
    assert all(len(words) == len(PRINTED_IN) and all(words) for words in WORDS.values())
    assert all(each == found[0] for found in slots for each in found)


def test_a_column_is_the_wider_the_more_stands_in_it():
    table = Table("", ("时间", "原因"), (("now", "长" * 40), ("now\nthen", "")))
    short, long = widths(table)
    assert short < long < 5 * short


def investigated(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept")
    firm.did("li", complaint_id, "milestones", milestone="on_site")
    firm.did("li", complaint_id, "milestones", milestone="verified", **FOUND)
    firm.did("li", complaint_id, "milestones", milestone="planned", plan="fix", plan_text="更换阀门", note="见方案")
    return complaint_id


def joined(firm, complaint_id):
    """Security has a part of the case, and gao has accepted it."""
    case = firm.did("lin", complaint_id, "parts", department="security", reason="门禁")
    [part] = [each["part_id"] for each in case["parts"] if not each["lead"]]
    firm.did("gao", complaint_id, f"parts/{part}/accept")
    return part
