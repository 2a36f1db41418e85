"""The public form: what is required, who is asked, which files are taken, and what progress tells (PO-1)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from libs.common.auth import NotAuthentic, PublicKeys
from libs.common.events.dispatch import CaseClosed

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
ANONYMOUS = {"name": None, "phone": None, "anonymous": True}


def test_what_the_procedure_requires_is_asked_for_all_at_once(firm):
    """IN-2"""
    response = firm.anyone.post(f"{firm.public}/complaints", phone="12", category="weather", attachments=[str(uuid4())])
    assert response.status_code == 422
    assert mistakes(response) == {
        "#/text": "请填写投诉内容",
        "#/name": "请填写姓名",
        "#/place": "请填写地点",
        "#/phone": "电话号码不正确；境外号码请以“+国家代码”开头",
        "#/category": "可选：facility_repair, safety, service_attitude, noise, service_quality, suggestion",
        "#/attachments": "没有这个文件，请重新上传",
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "The lift is broken"}, "Please give your name"),
        ({"text": "電梯壞了"}, "請填寫姓名"),
        ({"text": "电梯坏了"}, "请填写姓名"),
        ({"text": "电梯坏了", "language": "en"}, "Please give your name"),
        ({"text": "エレベーターが壊れた"}, "Please give your name"),
        ({"text": None}, "请填写姓名"),
    ],
)
def test_mistakes_are_told_in_the_complainants_language(firm, fields, said):
    assert mistakes(firm.complain(name=None, **fields))["#/name"] == said


@pytest.mark.parametrize("blank", ["", "   ", "\u0001", "\n\t"])
def test_a_blank_field_is_not_given(firm, blank):
    assert set(mistakes(firm.complain(name=blank, text=blank))) == {"#/text", "#/name"}
    assert firm.complain(asked_for=blank, email=blank, identity_number=blank).status_code == 201


@pytest.mark.parametrize("field", ["text", "asked_for"])
def test_a_text_that_is_too_long_says_how_long_it_is(firm, field):
    assert mistakes(firm.complain(**{field: "漏" * 5001})) == {f"#/{field}": "最多5000个字，现有5001个字"}
    assert firm.complain(**{field: f" {'漏' * 5000} "}).status_code == 201


def test_each_channel_has_its_own_required_fields(firm):
    """P1 takes a letter as it is, and asks who is on the phone."""
    staff = firm.staff()
    assert staff.post("/v1/complaints", channel="letter", text="来信").status_code == 201
    by_phone = staff.post("/v1/complaints", channel="phone", text="来电")
    assert list(mistakes(by_phone)) == ["#/name", "#/contact", "#/place"]


def test_a_field_of_the_wrong_kind_is_named(firm):
    response = firm.complain(place_id="3号楼", happened_at="昨天", vip=True)
    assert set(mistakes(response)) == {"#/place_id", "#/happened_at", "#/vip"}


def test_the_anonymous_are_not_asked_who_they_are(firm):
    """IN-5"""
    assert firm.complain(**ANONYMOUS, where=None).status_code == 201


def test_contact_the_anonymous_sent_anyway_is_not_kept_and_not_said(firm):
    """IN-5: not even inside their words."""
    sent = {"name": "赵敏", "phone": "13700002222", "email": "zhao@example.com", "identity_number": "E12345678"}
    receipt = firm.registered(text="我是赵敏，证件E12345678", anonymous=True, **sent)
    [row] = firm.rows("complainants")
    names = ("name", "phone", "email", "identity_number", "phone_print", "email_print")
    assert [row[name] for name in names] == [None] * 6
    assert contact(firm, receipt)["phone"] is None
    assert firm.said()[0].text == "我是***，证件***"


def test_wrong_contact_the_anonymous_sent_anyway_is_no_mistake(firm):
    assert firm.complain(anonymous=True, phone="12", email="nowhere").status_code == 201


def test_the_anonymous_may_leave_the_one_address_that_their_answer_needs(found):
    """IN-5: feedback goes the way the person chose, if the Procedure offers it."""
    firm = found(anonymous={"allowed": True, "required": ["text"], "answer_by": ["sms", "none"]})
    receipt = firm.registered(anonymous=True, answer_by=["sms"], email="zhou@example.com")
    known = contact(firm, receipt)
    assert (known["phone"], known["name"], known["email"]) == ("+8613812345678", None, None)


def test_the_anonymous_choose_among_the_procedures_ways(firm):
    assert mistakes(firm.complain(**ANONYMOUS, answer_by=["sms"])) == {"#/answer_by": "可选：notice_board, none"}
    assert firm.complain(**ANONYMOUS, answer_by=["notice_board"]).status_code == 201


def test_where_nobody_may_stay_anonymous_this_is_said(found):
    firm = found(anonymous={"allowed": False})
    assert mistakes(firm.complain(**ANONYMOUS)) == {"#/anonymous": "本单位不受理匿名投诉"}


def test_nobody_takes_complaints_under_an_unknown_name(firm):
    for path in ("complaints", "progress"):
        body = {"text": "x"} if path == "complaints" else {"number": "1", "secret": "2"}
        assert firm.anyone.post(f"/v1/public/nobody/{path}", **body).status_code == 404


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"text": "a", "text": "b"}', "application/json", 400),
        (b'{"text": "\\u0000"}', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b'{"text": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_is_no_form_is_refused(firm, body, content_type, status):
    response = firm.anyone.call("POST", f"{firm.public}/complaints", data=body, content_type=content_type)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")


def test_a_file_is_kept_and_joins_the_complaint(firm):
    kept = firm.upload(PNG, "../照片 1.PNG").json
    assert (kept["name"], kept["content_type"], kept["size"]) == ("照片 1.png", "image/png", len(PNG))
    firm.registered(attachments=[kept["attachment_id"]])
    assert firm.said()[0].attachments == (kept["sha256"],)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.png", "文件是空的"),
        (b"<script>alert(1)</script>", "a.txt", "不接收网页"),
        (b"MZ\x90\x00", "a.png", "不接收网页"),
        (b"PK\x03\x04", "a.zip", "无法识别此文件"),
        (PNG + b"\x00" * 20_000_000, "a.png", "文件太大，最大 20 MB"),
    ],
)
def test_a_file_that_is_not_taken_says_why(firm, content, name, reason):
    response = firm.upload(content, name)
    assert response.status_code == 422
    assert mistakes(response)["#/file"].startswith(reason)
    assert firm.rows("attachments") == []


def test_an_upload_without_a_file_names_the_field(firm):
    response = firm.anyone.call("POST", f"{firm.public}/attachments", data={"photo": "x"})
    assert (response.status_code, list(mistakes(response))) == (422, ["#/file"])


def test_far_too_large_an_upload_is_not_read(firm):
    response = firm.upload(PNG + b"\x00" * 20_200_000)
    assert (response.status_code, response.content_type) == (413, "application/problem+json")


def test_a_file_of_another_firm_is_unknown(firm, other_firm):
    elsewhere = other_firm.upload(PNG).json["attachment_id"]
    assert list(mistakes(firm.complain(attachments=[elsewhere]))) == ["#/attachments"]


def test_progress_carries_a_permit_to_ask_why_about_this_complaint_and_nothing_else(firm):
    """PO-1: for two minutes."""
    receipt, keys, now = firm.registered(), PublicKeys(firm.keys), firm.service.clock.now
    permit = firm.progress(receipt)["permit"]
    allowed = keys.verify(permit, now())
    assert allowed.scopes == {"promises", f"complaint:{receipt['complaint_id']}"}
    assert (allowed.tenant_id, allowed.person_id, allowed.roles) == (firm.tenant_id, None, frozenset())
    with pytest.raises(NotAuthentic):
        keys.verify(permit, now() + timedelta(minutes=2))


def test_progress_tells_how_far_it_is(firm):
    receipt = firm.registered(text="我是周海燕，电话13812345678，漏水")
    seen = firm.progress(receipt)
    assert (seen["number"], seen["stage"], seen["closed_at"], seen["result"]) == (
        receipt["number"],
        "registered",
        None,
        None,
    )
    assert [step["milestone"] for step in seen["timeline"]] == ["received", "registered"]
    assert seen["text"] == "我是***，电话138****5678，漏水"


def test_number_and_secret_are_understood_in_any_spelling(firm):
    receipt = firm.registered()
    number, secret = receipt["number"], receipt["tracking_secret"]
    heard = secret.replace("0", "o").replace("1", "l").lower()
    for spelling in (secret, secret.replace("-", ""), f" {heard} ", secret.translate(WIDE)):
        for numbers in (number, number.replace("-", ""), number.replace("-", " "), number.translate(WIDE)):
            assert firm.progress({"number": numbers, "tracking_secret": spelling})["number"] == number


@pytest.mark.parametrize("path", ["progress", "progress/messages", "progress/withdraw"])
def test_a_wrong_secret_is_answered_like_an_unknown_number(firm, other_firm, path):
    receipt, elsewhere = firm.registered(), other_firm.registered()
    tries = [
        {"number": receipt["number"], "secret": "AAAA-AAAA-AAAA"},
        {"number": "2603-0000-0000", "secret": receipt["tracking_secret"]},
        {"number": "no number", "secret": receipt["tracking_secret"]},
        {"number": elsewhere["number"], "secret": elsewhere["tracking_secret"]},
        {"number": receipt["number"], "secret": ""},
    ]
    more = {"progress": {}, "progress/messages": {"text": "x"}, "progress/withdraw": {"reason": "x"}}[path]
    answers = [firm.anyone.post(f"{firm.public}/{path}", **each, **more) for each in tries]
    assert {answer.status_code for answer in answers} == {404}
    contents = [{name: value for name, value in answer.json.items() if name != "instance"} for answer in answers]
    assert contents == [contents[0]] * 5
    assert len({len(answer.data) for answer in answers}) == 1


def test_a_complaint_is_withdrawn_once(firm):
    receipt = firm.registered()
    assert firm.withdraw(receipt, reason="已解决").json["stage"] == "withdrawn"
    assert firm.withdraw(receipt).status_code == 200
    assert [said.type for said in firm.said()] == ["complaint.registered.v1", "complaint.withdrawn.v1"]
    assert firm.said()[1].reason == "已解决"


def test_a_closed_complaint_cannot_be_withdrawn(firm, clock):
    receipt = firm.registered()
    closing = CaseClosed(**firm.about(receipt["complaint_id"]), outcome="solved", satisfied=True, closed_at=clock.now())
    firm.hear(closing)
    assert firm.withdraw(receipt).status_code == 409
    assert len(firm.said()) == 1


WIDE = {ord(each): chr(ord(each) + 0xFEE0) for each in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"}


def mistakes(response):
    assert response.content_type == "application/problem+json", response.data
    return {mistake["pointer"]: mistake["detail"] for mistake in response.json["errors"]}


def contact(firm, receipt):
    return firm.notify().get(f"/v1/complaints/{receipt['complaint_id']}/contact").json


def test_a_guest_takes_up_their_earlier_complaint_with_its_secret(firm):
    """DI-12: however number and secret are spelt."""
    earlier = firm.registered()
    number, secret = earlier["number"].replace("-", " "), earlier["tracking_secret"].lower()
    firm.registered(follows=number, follows_secret=secret)
    assert str(firm.said()[-1].follows) == earlier["complaint_id"]


def test_a_guest_takes_up_no_complaint_of_somebody_else(firm, other_firm):
    """DI-12: and learns nothing of it; one that is not there is refused in the same words."""
    earlier, other, elsewhere = firm.registered(), firm.registered(), other_firm.registered()
    wrong = [
        {"follows": earlier["number"]},
        {"follows": earlier["number"], "follows_secret": other["tracking_secret"]},
        {"follows": elsewhere["number"], "follows_secret": elsewhere["tracking_secret"]},
        {"follows": "2603-1234-5678", "follows_secret": earlier["tracking_secret"]},
    ]
    answers = [firm.complain(**each) for each in wrong]
    assert {answer.status_code for answer in answers} == {422}
    said = {(each["pointer"], each["detail"]) for answer in answers for each in answer.json["errors"]}
    assert said == {("#/follows", "编号与查询码不匹配，请填写原投诉的编号和查询码")}
    assert len(firm.rows("complaints")) == 2
