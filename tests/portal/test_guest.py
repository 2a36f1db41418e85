"""Filing a complaint (PO-1, IN-2, IN-3, IN-5)."""

import json
from io import BytesIO

from tests.portal.browsing import Browser
from tests.portal.stand_ins import FILE, FORM, StandIns, problem

COMPLAINTS = "/v1/public/linjiang/complaints"
FILLED = {"text": "1203 房空调漏水", "name": "陈立国", "phone": "13800138000"}


def test_a_filed_complaint_shows_its_number_and_secret(guest: Browser) -> None:
    guest.open("/t/linjiang")
    page = guest.send("/t/linjiang", **FILLED)
    assert guest.address == "/t/linjiang/done"
    assert "LJ-261121-0042" in page and "K7QM-3F9T" in page
    assert "https://complaints.example.cn/t/linjiang/progress" in page


def test_what_was_typed_reaches_intake_without_the_empty_fields(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang?place=pl1")
    guest.send("/t/linjiang", **FILLED, happened_at="2026-11-20T08:30", impact="孩子没法睡")
    assert others.said("intake", COMPLAINTS) == {
        **FILLED,
        "place_id": "pl1",
        "happened_at": "2026-11-20T00:30:00Z",
        "impact": "孩子没法睡",
        "language": "zh-Hans",
    }


def test_the_place_of_a_qr_code_is_already_chosen(guest: Browser) -> None:
    guest.open("/t/linjiang?place=pl2")
    assert guest.form("/t/linjiang").values["place_id"] == "pl2"


def test_a_required_field_left_empty_is_named_before_anything_is_sent(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang")
    page = guest.send("/t/linjiang", text="漏水", name="")
    assert guest.page.status_code == 422
    assert 'id="f-name-wrong"' in page and 'id="f-phone-wrong"' in page and "请填写此项" in page
    assert not others.requests("intake", COMPLAINTS)


def test_an_email_address_is_contact_enough(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang")
    guest.send("/t/linjiang", text="漏水了", name="陈", email="chen@example.com")
    assert guest.address == "/t/linjiang/done"


def test_a_mistake_intake_found_stands_beside_its_field(guest: Browser, others: StandIns) -> None:
    others.answers["intake"][f"POST {COMPLAINTS}"] = problem(422, place="这个地点不存在", text="太短")
    guest.open("/t/linjiang")
    page = guest.send("/t/linjiang", **FILLED)
    assert between(page, 'data-field="text"').count("太短") == 1
    assert between(page, 'data-field="place_id"').count("这个地点不存在") == 1
    assert guest.form("/t/linjiang").values["text"] == FILLED["text"]


def test_an_anonymous_complaint_owes_no_contact_and_says_only_how_to_answer(guest: Browser, others: StandIns) -> None:
    """IN-5: never ask again; feedback only the way that was chosen."""
    guest.open("/t/linjiang")
    guest.send("/t/linjiang", **FILLED, anonymous="yes", answer_by="notice_board")
    said = others.said("intake", COMPLAINTS)
    assert said["anonymous"] is True and said["answer_by"] == ["notice_board"]
    assert not {"name", "phone", "email"} & said.keys()


def test_who_stays_anonymous_may_still_be_told_by_text_message(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang")
    guest.send("/t/linjiang", **FILLED, anonymous="yes", answer_by="sms")
    assert others.said("intake", COMPLAINTS)["phone"] == FILLED["phone"]


def test_no_anonymous_choice_where_the_procedure_does_not_allow_it(guest: Browser, others: StandIns) -> None:
    form = FORM | {"anonymous": {"allowed": False, "answer_ways": []}}
    others.answers["tenants"]["GET /v1/public/tenants/linjiang/form"] = form
    assert 'name="anonymous"' not in guest.open("/t/linjiang")


def test_files_go_to_intake_first_and_the_complaint_names_them(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang")
    guest.send("/t/linjiang", **FILLED, files=[(BytesIO(b"jpg"), "a.jpg"), (BytesIO(b"png"), "b.png")])
    assert others.said("intake", COMPLAINTS)["attachments"] == [FILE, FILE]


def test_a_file_already_handed_over_is_kept_when_the_form_comes_back(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang")
    guest.send("/t/linjiang", text="漏水", files=[(BytesIO(b"jpg"), "a.jpg")])
    assert guest.form("/t/linjiang").values["kept_file"] == f"{FILE} a.jpg"
    guest.send("/t/linjiang", **FILLED)
    assert others.said("intake", COMPLAINTS)["attachments"] == [FILE]


def test_a_sixth_file_is_refused(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang")
    page = guest.send("/t/linjiang", **FILLED, files=[(BytesIO(b"x"), f"{n}.jpg") for n in range(6)])
    assert "最多上传 5 个文件" in between(page, 'data-field="attachments"')
    assert not others.requests("intake", "/v1/public/linjiang/attachments")


def test_a_file_intake_refuses_is_named_with_its_reason(guest: Browser, others: StandIns) -> None:
    others.answers["intake"]["POST /v1/public/linjiang/attachments"] = problem(422, file="不接收此类文件")
    guest.open("/t/linjiang")
    page = guest.send("/t/linjiang", **FILLED, files=[(BytesIO(b"x"), "a.exe")])
    assert "a.exe: 不接收此类文件" in page


def test_a_double_click_sends_one_key(guest: Browser, others: StandIns) -> None:
    """One rendering of the form is one complaint, however often it is sent."""
    guest.open("/t/linjiang")
    form = guest.form("/t/linjiang")
    for _ in range(2):
        guest.post(form.action, **form.values | FILLED)
    first, second = others.requests("intake", COMPLAINTS)
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.content == second.content


def test_a_double_click_sends_the_same_file_to_the_last_byte(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang")
    form = guest.form("/t/linjiang")
    for _ in range(2):
        guest.post(form.action, **form.values | FILLED, files=(BytesIO(b"jpg"), "a.jpg"))
    first, second = others.requests("intake", "/v1/public/linjiang/attachments")
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.content == second.content


def test_two_renderings_have_two_keys(guest: Browser) -> None:
    guest.open("/t/linjiang")
    first = guest.form("/t/linjiang").values["form_key"]
    guest.open("/t/linjiang")
    assert guest.form("/t/linjiang").values["form_key"] != first


def test_silence_keeps_the_key_and_a_refusal_takes_a_new_one(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang")
    key = guest.form("/t/linjiang").values["form_key"]
    others.down.add("intake")
    page = guest.send("/t/linjiang", **FILLED)
    assert "不会重复提交" in page and guest.form("/t/linjiang").values["form_key"] == key
    others.down.clear()
    others.answers["intake"][f"POST {COMPLAINTS}"] = problem(422, text="太短")
    guest.send("/t/linjiang", **FILLED)
    assert guest.form("/t/linjiang").values["form_key"] != key


def test_a_key_that_is_none_is_not_handed_on(guest: Browser, others: StandIns) -> None:
    guest.open("/t/linjiang")
    guest.send("/t/linjiang", **FILLED, form_key="x\r\nEvil: 1")
    assert "Evil" not in others.requests("intake", COMPLAINTS)[0].headers["Idempotency-Key"]


def test_complaining_goes_on_while_tenants_is_away(guest: Browser, others: StandIns) -> None:
    """R28: only the choices are missing."""
    others.down.add("tenants")
    page = guest.open("/t/linjiang")
    assert guest.page.status_code == 200 and "暂时无法显示" in page
    guest.send("/t/linjiang", **FILLED)
    assert guest.address == "/t/linjiang/done"


def test_an_unknown_tenant_is_not_found(guest: Browser) -> None:
    guest.open("/t/nobody")
    assert guest.page.status_code == 404


def test_a_shared_screen_can_be_cleared(guest: Browser) -> None:
    guest.open("/t/linjiang")
    guest.send("/t/linjiang", **FILLED)
    guest.send("/t/linjiang/leave")
    assert "K7QM-3F9T" not in guest.open("/t/linjiang/done")


def test_another_tenants_page_does_not_show_this_ones_secret(guest: Browser, others: StandIns) -> None:
    others.answers["tenants"]["GET /v1/public/tenants/other/form"] = FORM
    guest.open("/t/linjiang")
    guest.send("/t/linjiang", **FILLED)
    assert "K7QM-3F9T" not in guest.open("/t/other/done")


def test_who_reads_traditional_chinese_is_answered_in_it(app, others: StandIns) -> None:
    browser = Browser(app, language="zh-TW,zh;q=0.9")
    assert "提交投诉" in browser.open("/t/linjiang")
    browser.send("/t/linjiang", **FILLED)
    assert json.loads(others.requests("intake", COMPLAINTS)[0].content)["language"] == "zh-Hant"


def between(page: str, mark: str) -> str:
    """The page from a mark to the next field."""
    return page.split(mark, 1)[1].split("data-field=", 1)[0]
