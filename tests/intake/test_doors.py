"""Mail and booking platforms at their doors, on both databases: nothing lost, nothing twice (IN-1, IN-10)."""

import json
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from uuid import uuid4

import pytest

from services.intake.domain import webhooks

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

REVIEW = {
    "kind": "review",
    "id": 4711,
    "guest_name": "Anna Keller",
    "text": "No hot water for two days",
    "room": "1204",
}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20


def test_a_mail_is_a_complaint(firm):
    """IN-1"""
    taken = firm.door("mail").mail(mail())
    assert (taken.status_code, taken.json["duplicate"]) == (202, False)
    [said] = firm.said()
    assert (str(said.subject), said.channel, said.language) == (taken.json["complaint_id"], "email", "zh-Hans")
    assert said.text == "电梯又坏了\n今天是第三次。"
    assert contact(firm, taken)["email"] == "sun.mei@example.com"
    assert (contact(firm, taken)["name"], contact(firm, taken)["answer_by"]) == ("孙梅", ["email"])


def test_the_same_mail_twice_is_one_complaint(firm):
    door = firm.door("mail")
    first, second = door.mail(mail()).json, door.mail(mail()).json
    assert second == {"complaint_id": first["complaint_id"], "duplicate": True}
    assert len(firm.rows("complaints")) == 1


def test_ten_copies_of_a_mail_at_once_are_one_complaint(firm):
    door = firm.door("mail")
    answers = at_once(lambda: door.mail(mail()))
    assert {answer.json["complaint_id"] for answer in answers} == {str(firm.rows("complaints")[0]["complaint_id"])}
    assert sorted(answer.json["duplicate"] for answer in answers) == [False] + [True] * 9
    assert len(firm.rows("complaints")) == len(firm.said()) == 1


def test_the_same_mail_to_two_firms_is_two_complaints(firm, other_firm):
    assert not any(each.door("mail").mail(mail()).json["duplicate"] for each in (firm, other_firm))


def test_a_reply_that_names_the_number_joins_the_complaint(firm):
    """IN-10: also when the complaint came another way."""
    receipt, door = firm.registered(email="Sun.Mei@Example.com"), firm.door("mail")
    reply = door.mail(mail(subject=f"回复：投诉 {receipt['number']}", text="还在漏，周海燕", files={"a.png": PNG}))
    assert reply.json == {"complaint_id": receipt["complaint_id"], "duplicate": False}
    [message] = firm.rows("messages")
    assert (message["text"], message["channel"], message["author"]) == ("还在漏，***", "email", "complainant")
    assert len(message["attachments"]) == len(firm.said()[1].attachments) == 1
    assert len(firm.rows("complaints")) == 1


def test_ten_copies_of_a_reply_at_once_are_one_message(firm):
    receipt, door = firm.registered(email="sun.mei@example.com"), firm.door("mail")
    answers = at_once(lambda: door.mail(mail(subject=f"Re: {receipt['number']}")))
    assert {answer.status_code for answer in answers} == {202}
    assert sorted(answer.json["duplicate"] for answer in answers) == [False] + [True] * 9
    assert len(firm.rows("messages")) == 1


def test_a_reply_from_an_international_domain_joins(firm):
    receipt, door = firm.registered(email="li@例子.中国"), firm.door("mail")
    reply = door.mail(mail(sender="li@xn--fsqu00a.xn--fiqs8s", subject=receipt["number"]))
    assert reply.json["complaint_id"] == receipt["complaint_id"]


@pytest.mark.parametrize("sender", ["eve@example.com", "sun.mei@example.com.evil.example", "no address"])
def test_nobody_else_can_join_by_naming_the_number(firm, sender):
    receipt, door = firm.registered(email="sun.mei@example.com"), firm.door("mail")
    door.mail(mail(sender=sender, subject=receipt["number"]))
    assert (len(firm.rows("messages")), len(firm.rows("complaints"))) == (0, 2)


def test_a_number_of_another_firm_means_nothing(firm, other_firm):
    elsewhere = other_firm.registered(email="sun.mei@example.com")
    firm.door("mail").mail(mail(subject=elsewhere["number"]))
    assert (other_firm.rows("messages"), len(firm.rows("complaints"))) == ([], 1)


def test_automatic_mail_opens_nothing(firm):
    taken = firm.door("mail").mail(mail(headers={"Auto-Submitted": "auto-replied"}))
    assert (taken.status_code, taken.json) == (202, {"complaint_id": None, "duplicate": False})
    assert firm.rows("complaints") == []


def test_mail_of_the_firms_own_mailbox_is_never_answered(firm):
    door = firm.door("mail", address="sun.mei@example.com")
    assert contact(firm, door.mail(mail()))["answer_by"] == ["none"]


def test_a_mail_in_gb18030_is_read(firm):
    raw = (
        "From: li@example.com\r\nSubject: 投诉\r\nContent-Type: text/plain; charset=GB2312\r\n\r\n物業費收錯了".encode(
            "gb18030"
        )
    )
    firm.door("mail").mail(raw)
    assert firm.said()[0].text == "投诉\n物業費收錯了"


def test_a_mail_with_half_a_character_is_taken(firm):
    raw = b"From: li@example.com\nContent-Type: text/plain; charset=utf-7\n\n+2AA- leak"
    assert firm.door("mail").mail(raw).status_code == 202
    assert firm.said()[0].text == "\ufffd leak"


def test_the_files_of_a_mail_are_kept_and_the_refused_ones_named(firm):
    taken = firm.door("mail").mail(mail(files={"漏水.png": PNG, "run.exe": b"MZ\x90\x00", "empty.txt": b""}))
    assert taken.status_code == 202
    [kept] = firm.rows("attachments")
    [said] = firm.said()
    assert (kept["name"], said.attachments) == ("漏水.png", (kept["sha256"],))
    assert said.text.endswith("（未收录的附件：run.exe, empty.txt）")


def test_a_mail_may_have_no_words(firm):
    firm.door("mail").mail(mail(subject="", text="", files={"漏水.png": PNG}))
    firm.door("mail").mail(mail(subject="漏水", text="", message_id="<2@example.com>"))
    assert sorted(said.text for said in firm.said()) == ["(…)", "漏水"]


def test_a_long_mail_is_shown_short_and_kept_whole(firm):
    words = "漏水了。" * 3000
    taken = firm.door("mail").mail(mail(text=words))
    assert len(firm.said()[0].text) == 5000
    full = firm.staff("manager").post(f"/v1/complaints/{taken.json['complaint_id']}/full-view", reason="核对").json
    assert full["text"] == f"电梯又坏了\n{words}"


@pytest.mark.parametrize("sender", ["no address", "a@localhost", f"{'x' * 70}@example.com", "<>"])
def test_a_sender_nobody_can_answer_is_still_a_complainant(firm, sender):
    taken = firm.door("mail").mail(mail(sender=sender))
    assert (taken.status_code, len(firm.rows("complaints"))) == (202, 1)
    assert contact(firm, taken)["email"] is None


@pytest.mark.parametrize(
    ("raw", "content_type", "status"),
    [
        (b"", "message/rfc822", 422),
        (b"just words", "message/rfc822", 422),
        (b"From: a@example.com\n\nx", "text/plain", 415),
    ],
)
def test_what_is_no_mail_is_refused(firm, raw, content_type, status):
    response = firm.door("mail").mail(raw, content_type)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")


def test_a_mail_through_a_places_mailbox_is_about_that_place(firm):
    place_id = firm.add_place("临江苑 3号楼")
    firm.door("mail", place_id=place_id).mail(mail())
    assert (str(firm.said()[0].place_id), firm.said()[0].place_label) == (place_id, "临江苑 3号楼")


def test_a_signed_review_is_a_complaint(firm):
    place_id = firm.add_place("临江酒店")
    taken = review(firm.door("ota", platform="agoda", place_id=place_id))
    [said] = firm.said()
    assert (taken.status_code, taken.json["complaint_id"]) == (202, str(said.subject))
    assert (said.channel, said.text, said.language) == ("ota", REVIEW["text"], "en")
    assert (said.external_ref, said.place_label) == ("agoda:review:4711", "临江酒店")
    assert contact(firm, taken)["answer_by"] == ["none"]


@pytest.mark.parametrize("forged", [{"secret": webhooks.new_secret(b"x" * 32)}, {"late": 301}, {"late": -301}])
def test_a_review_with_a_bad_signature_is_refused(firm, forged):
    response = review(firm.door("ota", platform="agoda"), **forged)
    assert (response.status_code, firm.rows("complaints")) == (401, [])


def test_another_doors_secret_does_not_open_this_one(firm):
    ours, theirs = firm.door("ota"), firm.door("ota")
    assert review(ours, secret=theirs.secret).status_code == 401


def test_the_same_review_twice_is_one_complaint(firm):
    door = firm.door("ota")
    answers = [review(door).json, *(answer.json for answer in at_once(lambda: review(door)))]
    assert [answer["duplicate"] for answer in answers] == [False] + [True] * 10
    assert len({answer["complaint_id"] for answer in answers}) == len(firm.rows("complaints")) == 1


def test_a_later_revision_joins_as_a_message_once(firm):
    door = firm.door("ota")
    first = review(door, updated_at="2026-03-01T10:00:00Z").json["complaint_id"]
    later = {"updated_at": "2026-03-01T12:00:00Z", "text": "And now no light, says Anna Keller"}
    answers = at_once(lambda: review(door, **later))
    assert sorted(answer.json["duplicate"] for answer in answers) == [False] + [True] * 9
    assert {answer.json["complaint_id"] for answer in answers} == {first}
    assert [message["text"] for message in firm.rows("messages")] == ["And now no light, says ***"]


def test_an_earlier_revision_that_comes_late_changes_nothing(firm):
    door = firm.door("ota")
    review(door, updated_at="2026-03-01T10:00:00Z")
    assert review(door, updated_at="2026-03-01T09:00:00Z", text="older").json["duplicate"]
    assert firm.rows("messages") == []


def test_what_the_property_writes_itself_opens_nothing(firm):
    taken = review(firm.door("ota"), **{"from": "hotel"})
    assert (taken.status_code, taken.json["complaint_id"], firm.rows("complaints")) == (202, None, [])


def test_an_unknown_platform_is_not_found(firm):
    response = review(firm.door("ota"), "myspace")
    assert response.status_code == 404
    assert "agoda" in response.json["detail"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": None}, "#/id"),
        ({"score": 11}, "#/score"),
        ({"created_at": "soon"}, "#/created_at"),
        ({"text": 1}, "#/text"),
    ],
)
def test_a_review_that_cannot_be_read_names_the_field(firm, change, pointer):
    response = review(firm.door("ota"), **change)
    assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 422), (b'{"a": NaN}', 400)])
def test_a_signed_body_that_is_no_object_is_refused(firm, body, status):
    assert firm.door("ota").signed("ota/agoda", body).status_code == status


def test_a_review_in_a_language_with_a_long_tag_is_taken(firm):
    assert review(firm.door("ota"), lang="sl-Latn-IT-rozaj-biske-1994").status_code == 202
    assert firm.said()[0].language == "sl"


def test_a_review_of_a_stay_in_the_future_is_taken(firm):
    assert review(firm.door("ota"), created_at="2099-01-01").status_code == 202
    assert firm.rows("complaints")[0]["happened_at"] is None


def test_a_page_of_booking_reviews_is_taken_and_taken_again(firm):
    door = firm.door("ota", platform="booking")
    page = {"data": {"reviews": [booking(1, "Dirty"), booking(2, None), booking(3, "Loud")]}}
    first, again = (door.signed("booking", json.dumps(page).encode()).json["accepted"] for _ in range(2))
    assert [each["duplicate"] for each in first + again] == [False, False, False, True, False, True]
    assert [each["complaint_id"] is None for each in first] == [False, True, False]
    assert [each["complaint_id"] for each in again] == [each["complaint_id"] for each in first]
    assert sorted(said.text for said in firm.said()) == ["Dirty", "Loud"]


def test_a_booking_page_that_cannot_be_read_opens_nothing(firm):
    page = {"data": {"reviews": [booking(1, "Dirty"), {"content": {}}]}}
    response = firm.door("ota").signed("booking", json.dumps(page).encode())
    assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, "#/data/reviews/1/review_id")
    assert firm.rows("complaints") == []


def test_an_unknown_door_is_not_found(firm):
    door = firm.door("mail")
    for token in ("no-such-token", door.token + "x", firm.slug, firm.rows("doors")[0]["key"]):
        for path in ("mail", "ota/agoda", "booking"):
            url = f"/v1/doors/{token}/{path}"
            assert firm.anyone.call("POST", url, data=mail(), content_type="message/rfc822").status_code == 404


def test_a_door_leads_to_its_own_firm_only(firm, other_firm):
    taken = firm.door("mail").mail(mail())
    assert other_firm.rows("complaints") == []
    assert other_firm.notify().get(f"/v1/complaints/{taken.json['complaint_id']}/contact").status_code == 404


def test_a_door_is_for_what_it_was_opened_for(firm):
    """A platform's token does not let unsigned mail in."""
    agoda, mailbox = firm.door("ota", platform="agoda"), firm.door("mail")
    refused = [agoda.mail(mail()), review(agoda, "expedia"), agoda.signed("booking", b"{}"), review(mailbox)]
    assert [response.status_code for response in refused] == [404] * 4
    assert firm.rows("complaints") == []


def test_an_accounts_secrets_are_shown_once_and_stored_sealed(firm):
    """PO-4"""
    admin = firm.staff("admin")
    first, second = (admin.post("/v1/channel-accounts", "k-1", kind="ota", platform="agoda") for _ in range(2))
    opened = first.json
    assert second.json == {name: opened[name] for name in opened if name not in ("door", "secret")}
    assert admin.get("/v1/channel-accounts").json["items"] == [second.json]
    stored = str([firm.rows(table) for table in ("accounts", "doors", "idempotency", "outbox")])
    assert opened["door"] not in stored
    assert opened["secret"] not in stored
    assert review_signed_with(firm, opened).status_code == 202


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"kind": "fax"}, "#/kind"),
        ({"kind": "ota", "platform": "myspace"}, "#/platform"),
        ({"kind": "mail", "address": "no address"}, "#/address"),
        ({"kind": "mail", "place_id": str(uuid4())}, "#/place_id"),
        ({}, "#/kind"),
    ],
)
def test_an_account_that_could_not_work_is_not_opened(firm, form, pointer):
    response = firm.staff("admin").post("/v1/channel-accounts", **form)
    assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, pointer)
    assert firm.rows("accounts") == []


def test_only_admins_open_doors(firm):
    for asking in (firm.staff("manager"), firm.staff("operator"), firm.notify()):
        assert asking.post("/v1/channel-accounts", kind="mail").status_code == 403
        assert asking.get("/v1/channel-accounts").status_code == 403


def test_an_admin_sees_the_own_firms_doors(firm, other_firm):
    firm.door("mail")
    assert other_firm.staff("admin").get("/v1/channel-accounts").json == {"items": []}


def mail(
    sender="孙梅 <sun.mei@example.com>",
    subject="电梯又坏了",
    text="今天是第三次。",
    message_id="<1@example.com>",
    headers=None,
    files=None,
):
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "x@example.com", subject, message_id
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    for name, content in (files or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes().replace(b"From: x@example.com", f"From: {sender}".encode())


def review(door, platform="agoda", late=0, secret="", **change):
    return door.signed(f"ota/{platform}", json.dumps(REVIEW | change).encode(), late, secret)


def review_signed_with(firm, opened):
    door = firm.door("mail")
    door.token, door.secret = opened["door"], opened["secret"]
    return review(door)


def booking(review_id, negative):
    return {"review_id": review_id, "content": {"negative": negative}, "reviewer": {"name": "Ola"}}


def contact(firm, taken):
    return firm.notify().get(f"/v1/complaints/{taken.json['complaint_id']}/contact").json


def at_once(send):
    with ThreadPoolExecutor(10) as threads:
        return list(threads.map(lambda _: send(), range(10)))
