"""The forms as documents: 《用户投诉记录》, 《投诉调查报告》, 《处理结果通知书》 (DI-15)."""

import io
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT as TEXT

from libs.common.procedure import presets
from services.dispatch.domain.forms import FORMS, NAME_THE_COMPLAINANT

RULES = {"currency": "CNY", "approval": [{"by": ["manager"]}], "advance_up_to": 20_000, "voucher": False}
TITLES = {"record": "用户投诉记录", "investigation": "投诉调查报告", "result": "处理结果通知书"}
MARKUP = "#panic() *星* _线_ $x^2$ <b>粗</b> \\ {{ 1 }} [x]"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_form_is_filled_from_the_case_in_the_tenant_s_name(firm, form, kind):
    """DI-15."""
    complaint_id = finished(firm)
    words = printed(firm, complaint_id, f"{form}.{kind}")
    for expected in (TITLES[form], "翠园", firm.case(complaint_id)["number"], "工程部", "2026年3月2日"):
        assert expected in words


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_record_has_the_words_and_the_course(firm, kind):
    """DI-15: times in the tenant's zone, people by name."""
    words = printed(firm, finished(firm), f"record.{kind}")
    for expected in ("网页", "厨房水管漏水", "10:00", "到场", "li", "已完成", "投诉人（手工填写）"):
        assert expected in words


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_report_has_transfers_and_the_result(firm, kind):
    """DI-15, DI-6."""
    complaint_id = firm.register()
    handed = {"reason": "是门禁问题", "handover": "住户在家"}
    firm.did("li", complaint_id, "transfer", to_department="security", **handed)
    words = printed(firm, complaint_id, f"investigation.{kind}")
    for expected in ("转派记录", "安保部", "是门禁问题", "住户在家", "调查人签字"):
        assert expected in words


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_notice_has_result_prevention_and_what_is_promised(empty_firm, kind):
    """DI-11, DI-15."""
    firm = empty_firm.found(presets.load("p1-accommodation") | {"compensation": RULES})
    complaint_id = finished(firm)
    for amount in (12_050, 99_900):
        firm.did("li", complaint_id, "compensation/propose", kind="settlement", amount=amount, reason="内部理由")
    promise = firm.case(complaint_id)["compensations"][0]["compensation_id"]
    firm.did("zhao", complaint_id, "compensation/approve", compensation_id=promise)
    words = printed(firm, complaint_id, f"result.{kind}")
    for expected in ("已修好", "每季检查", "¥120.50", "书面/口头"):
        assert expected in words
    assert "999.00" not in words and "内部理由" not in words and "已完成" not in words


def test_there_is_no_notice_before_the_result(firm):
    answer = firm.get("li", f"/v1/cases/{firm.register()}/forms/result.pdf")
    assert answer.status_code == 409 and "no result" in answer.json["detail"]


@pytest.mark.parametrize(("language", "title"), [("en", "Complaintrecord"), ("zh-Hant", "用戶投訴記錄")])
def test_a_form_is_printed_in_the_language_asked_for(firm, language, title):
    """DI-15."""
    assert title in printed(firm, firm.register(), "record.pdf", language=language)


@pytest.mark.parametrize(("language", "script"), [("zh-Hans", "SC"), ("zh-Hant", "TC")])
def test_characters_have_the_shapes_of_the_forms_own_script(firm, language, script):
    """DI-15: 骨, 直 and 令 are drawn in one way on the mainland and in another in Taiwan."""
    page = pypdfium2.PdfDocument(fetched(firm, firm.register(), "record.pdf", language=language))[0]
    drawn = Counter(each.get_font().get_base_name().partition("-")[0][-2:] for each in page.get_objects(filter=[TEXT]))
    assert drawn.most_common(1)[0][0] == script


def test_a_language_that_is_not_written_is_refused(firm):
    assert firm.get("li", f"/v1/cases/{firm.register()}/forms/record.pdf", language="fr").status_code == 422


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_nothing_that_was_written_is_taken_for_markup(firm, kind):
    words = printed(firm, firm.register(f"漏水 {MARKUP}"), f"record.{kind}")
    assert MARKUP.replace(" ", "") in words


def test_a_long_story_goes_on_over_the_pages_and_within_the_margins(firm):
    complaint_id = firm.register("水管漏水。" * 700)
    firm.did("li", complaint_id, "accept", note="X" * 3000)
    document = pypdfium2.PdfDocument(fetched(firm, complaint_id, "record.pdf"))
    assert len(document) > 3
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        assert max(box[2] for box in boxes) < page.get_width() - 50


def test_the_same_case_prints_the_same_document(firm):
    complaint_id = finished(firm)
    assert fetched(firm, complaint_id, "record.pdf") == fetched(firm, complaint_id, "record.pdf")


def test_contact_data_is_in_no_form(firm):
    """PR-1."""
    complaint_id = finished(firm, note="电话 13812345678 已联系")
    for form in FORMS:
        assert "13812345678" not in printed(firm, complaint_id, f"{form}.pdf")


@pytest.mark.parametrize("form", NAME_THE_COMPLAINANT)
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_one_copy_may_name_the_complainant_and_nothing_of_it_is_kept(firm, service, form, kind, caplog):
    """PR-1, IN-2."""
    complaint_id = finished(firm)
    copy = firm.act("zhao", complaint_id, f"forms/{form}.{kind}", complainant="周海燕", contact="13812345678")
    words = "".join(words_of(copy.data, kind).split())
    assert "投诉人周海燕" in words and "联系方式13812345678" in words and "手工填写" not in words
    assert "手工填写" in printed(firm, complaint_id, f"{form}.{kind}")
    stored = Path(service.database.engine.url.database).parent.glob("dispatch.sqlite*")
    kept = b"".join(each.read_bytes() for each in stored) + caplog.text.encode()
    assert b"13812345678" not in kept and "周海燕".encode() not in kept


def test_what_is_not_known_of_the_complainant_stays_to_be_filled_in(firm):
    copy = firm.act("zhao", firm.register(), "forms/record.docx", complainant="周海燕")
    words = words_of(copy.data, "docx")
    assert "周海燕" in words and "联系方式（手工填写）" in words


def test_a_copy_of_an_anonymous_complaint_names_nobody(firm):
    """IN-5."""
    complaint_id = firm.register(anonymous=True)
    copy = firm.act("zhao", complaint_id, "forms/record.docx", complainant="周海燕", contact="13812345678")
    assert "匿名投诉" in words_of(copy.data, "docx") and "周海燕" not in words_of(copy.data, "docx")


def test_who_may_not_see_the_case_gets_no_copy_with_a_name(firm):
    """PR-2."""
    assert firm.act("gao", firm.register(), "forms/record.pdf", complainant="周海燕").status_code == 404


def test_who_may_not_see_the_case_gets_no_form(firm, other_firm):
    """PR-2."""
    complaint_id = finished(firm)
    for asking, name in ((firm, "gao"), (other_firm, "zhao")):
        assert asking.get(name, f"/v1/cases/{complaint_id}/forms/record.docx").status_code == 404


def finished(firm, note="已完成"):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept", note=note)
    for milestone in ("on_site", "verified", "planned", "carried_out"):
        firm.did("li", complaint_id, "milestones", milestone=milestone, note=note)
    firm.did("li", complaint_id, "result", text="已修好", prevention="每季检查", written=True, spoken=True)
    return complaint_id


def fetched(firm, complaint_id, form, **query):
    answer = firm.get("zhao", f"/v1/cases/{complaint_id}/forms/{form}", **query)
    assert answer.status_code == 200, answer.json
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.data


def printed(firm, complaint_id, form, **query):
    """All its words without spaces, which a PDF keeps only as gaps."""
    content = fetched(firm, complaint_id, form, **query)
    return "".join(words_of(content, form.partition(".")[2]).split())


def words_of(content, kind):
    return words_of_docx(content) if kind == "docx" else words_of_pdf(content)


def words_of_pdf(content):
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def words_of_docx(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
