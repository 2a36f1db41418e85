"""Staff: taking complaints, seeing them masked or in full, and never another firm's (PO-2, PR-1, PR-2)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from services.intake.tables import complainants

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
GUEST = {
    "text": "我是周海燕，电话13812345678",
    "impact": "周海燕一夜没睡",
    "asked_for": "请打13812345678",
    "email": "zhou@example.com",
    "identity_number": "E12345678",
    "where": "周海燕家，3号楼502",
}


def test_staff_take_a_complaint_in_their_own_name(firm):
    """IN-2: received by, channel, urgency, flags, the other side's reference."""
    person_id = uuid4()
    only_staff = {"urgency": "urgent", "major": True, "vip": True, "external_ref": "12345-77"}
    taken = firm.staff(person_id=person_id).post("/v1/complaints", channel="regulator", text="转办", **only_staff)
    [said] = firm.said()
    assert taken.status_code == 201
    assert (said.channel, said.received_by, said.external_ref) == ("regulator", person_id, "12345-77")
    assert (said.urgency, said.major, said.vip) == ("urgent", True, True)


def test_an_auditor_only_looks(firm):
    """PR-2: whoever is something else beside may register."""
    by = {roles: firm.staff(*roles) for roles in (("auditor",), ("auditor", "front_line"))}
    answers = {roles: caller.post("/v1/complaints", channel="letter", text="来信") for roles, caller in by.items()}
    assert [answer.status_code for answer in answers.values()] == [403, 201]


def test_a_complaint_may_take_up_an_earlier_one(firm):
    """DI-12: after its reopening time, the same matter is a new complaint that names the old one, however spelt."""
    earlier = firm.registered()
    taken = firm.staff().post(
        "/v1/complaints", channel="letter", text="又坏了", follows=earlier["number"].replace("-", " ")
    )
    assert str(firm.said()[-1].follows) == earlier["complaint_id"]
    assert firm.staff().get(path(taken.json)).json["follows"] == earlier["complaint_id"]


@pytest.mark.parametrize("number", ["2603-1234-5678", "no number"])
def test_what_takes_up_a_complaint_that_is_not_there_is_refused(firm, number):
    response = firm.staff().post("/v1/complaints", channel="letter", text="又坏了", follows=number)
    assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, "#/follows")
    assert firm.rows("complaints") == []


def test_staff_choose_a_channel_and_urgency_that_exist(firm):
    for field, fields in (("channel", {"channel": "pigeon"}), ("urgency", {"channel": "letter", "urgency": "now"})):
        response = firm.staff().post("/v1/complaints", text="x", **fields)
        assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, f"#/{field}")


def test_staff_retry_under_the_same_key(firm):
    staff = firm.staff()
    first, second = (staff.post("/v1/complaints", "k-1", channel="letter", text="来信") for _ in range(2))
    assert (second.status_code, second.data, len(firm.rows("complaints"))) == (201, first.data, 1)


def test_the_usual_view_is_masked(firm):
    """PR-1: names, addresses, id numbers and units."""
    seen = firm.staff().get(path(firm.registered(**GUEST))).json
    masks = {"name": "周**", "phone": "138****5678", "email": "z***@example.com", "identity_number": "E1*****78"}
    assert seen["contact"] == masks
    assert (seen["text"], seen["asked_for"]) == ("我是***，电话138****5678", "请打138****5678")
    assert seen["impact"] == "***一夜没睡"
    assert seen["where"] == "***家,3号楼***"


def test_the_full_view_shows_everything_and_is_logged(firm, clock):
    """PR-1"""
    receipt, person_id = firm.registered(**GUEST), uuid4()
    firm.write(receipt, "还是找周海燕")
    coordinator = firm.staff("coordinator", person_id=person_id)
    asked = coordinator.post(f"{path(receipt)}/full-view", reason="给周海燕回电话")
    seen = asked.json
    assert seen["contact"]["name"] == "周海燕"
    assert seen["contact"]["phone"] == "+8613812345678"
    said = ("text", "impact", "asked_for", "where")
    assert {name: seen[name] for name in said} == {name: GUEST[name] for name in said}
    assert seen["messages"][0]["text"] == "还是找周海燕"
    [look] = firm.rows("full_views")
    assert (look["person_id"], look["at"], look["reason"]) == (person_id, clock.now(), "给***回电话")
    assert str(look["complaint_id"]) == receipt["complaint_id"]


def test_each_full_view_is_logged_and_none_is_kept_for_a_repetition(firm):
    """An answer stored under an Idempotency-Key would be contact data in the open."""
    receipt, staff = firm.registered(), firm.staff("manager")
    for _ in range(2):
        assert staff.post(f"{path(receipt)}/full-view", "k-1", reason="回电话").json["contact"]["name"] == "周海燕"
    assert len(firm.rows("full_views")) == 2
    assert firm.rows("idempotency") == []


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": " x "}, {"reason": "长" * 301}])
def test_a_full_view_needs_a_reason(firm, body):
    receipt = firm.registered()
    response = firm.staff().post(f"{path(receipt)}/full-view", **body)
    assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, "#/reason")
    assert firm.rows("full_views") == []


def test_a_full_view_is_for_a_person(firm):
    program = firm.bearing("notify", scopes=("staff",))
    assert program.post(f"{path(firm.registered())}/full-view", reason="nightly export").status_code == 403
    assert firm.rows("full_views") == []


@pytest.mark.parametrize("spell", [str, lambda number: number.replace("-", ""), lambda number: f" {number} "])
def test_a_complaint_is_found_by_its_number_in_any_spelling(firm, spell):
    receipt = firm.registered()
    [found] = firm.staff().get("/v1/complaints", number=spell(receipt["number"])).json["items"]
    assert (found["complaint_id"], found["contact"]["name"]) == (receipt["complaint_id"], "周**")


def test_an_unknown_number_finds_nothing(firm, other_firm):
    for number in ("2603-0000-0000", "no number", other_firm.registered()["number"]):
        assert firm.staff().get("/v1/complaints", number=number).json == {"items": []}
    assert firm.staff().get("/v1/complaints").status_code == 422


def test_an_evidence_file_is_downloaded_never_shown(firm):
    kept = firm.upload(PNG, "漏水 照片.png").json["attachment_id"]
    receipt = firm.registered(attachments=[kept])
    response = firm.staff("manager").get(f"{path(receipt)}/attachments/{kept}")
    assert (response.status_code, response.data, response.content_type) == (200, PNG, "image/png")
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''%E6%BC%8F%E6%B0%B4%20")
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


def test_files_of_the_conversation_belong_to_the_complaint(firm):
    receipt, kept = firm.registered(), firm.upload(PNG).json["attachment_id"]
    firm.write(receipt, "见图", attachments=[kept])
    assert firm.staff("manager").get(f"{path(receipt)}/attachments/{kept}").data == PNG
    assert [each["attachment_id"] for each in firm.staff().get(path(receipt)).json["attachments"]] == [kept]


def test_a_file_of_another_complaint_is_not_found(firm):
    kept = firm.upload(PNG).json["attachment_id"]
    firm.registered(attachments=[kept])
    for attachment_id in (kept, uuid4()):
        assert firm.staff("manager").get(f"{path(firm.registered())}/attachments/{attachment_id}").status_code == 404


def test_a_phone_number_in_a_file_name_is_not_kept(firm):
    assert firm.upload(PNG, "13812345678.png").json["name"] == "138 5678.png"


def test_many_at_once_may_send_the_same_file(firm, evidence):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: firm.upload(PNG * 20_000), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    [stored] = [path for path in (evidence / str(firm.tenant_id)).rglob("*") if path.is_file()]
    assert stored.read_bytes() == PNG * 20_000


def test_every_route_answers_404_for_another_firms_complaint(firm, other_firm):
    """PR-2"""
    kept = other_firm.upload(PNG).json["attachment_id"]
    elsewhere = path(other_firm.registered(attachments=[kept]))
    strangers = [
        firm.staff("manager", "admin").get(elsewhere),
        firm.staff("manager", "admin").post(f"{elsewhere}/full-view", reason="curious"),
        firm.staff("manager", "admin").get(f"{elsewhere}/attachments/{kept}"),
        firm.notify().get(f"{elsewhere}/contact"),
    ]
    assert [answer.status_code for answer in strangers] == [404] * 4
    assert other_firm.rows("full_views") == firm.rows("full_views") == []


def test_only_staff_see_complaints(firm):
    receipt = firm.registered()
    assert firm.anyone.get(path(receipt)).status_code == 401
    for asking in (firm.staff("operator"), firm.notify()):
        assert asking.get(path(receipt)).status_code == 403


def test_only_notify_learns_where_a_complainant_is_reached(firm):
    receipt = firm.registered(email="zhou@example.com", answer_by=["email", "sms"])
    answer = firm.notify().get(f"{path(receipt)}/contact").json
    assert (answer["name"], answer["phone"], answer["email"]) == ("周海燕", "+8613812345678", "zhou@example.com")
    assert (answer["answer_by"], answer["anonymous"], answer["language"]) == (["email", "sms"], False, "zh-Hans")
    assert (answer["number"], answer["tracking_secret"]) == (receipt["number"], receipt["tracking_secret"])
    assert answer["tenant_slug"] == firm.slug
    for asking in (firm.staff("admin", "manager"), firm.staff("operator"), firm.bearing("notify", scopes=("people",))):
        assert asking.get(f"{path(receipt)}/contact").status_code == 403


def test_without_the_complainants_row_all_views_still_work(firm):
    """PR-3: what erasing leaves behind."""
    receipt = firm.registered(**GUEST)
    firm.write(receipt, "周海燕再说一次")
    erase(firm, receipt)
    usual = firm.staff().get(path(receipt)).json
    full = firm.staff("auditor").post(f"{path(receipt)}/full-view", reason="核对")
    assert (usual["contact"], full.json["contact"]) == ({}, {})
    assert full.json["text"] == "我是***，电话138****5678"
    assert full.json["messages"][0]["text"] == "***再说一次"
    assert firm.notify().get(f"{path(receipt)}/contact").json["phone"] is None
    assert len(firm.progress(receipt)["messages"]) == 1
    assert firm.write(receipt, "还有").status_code == 404
    assert firm.withdraw(receipt, reason="算了").status_code == 200


def erase(firm, receipt):
    with firm.service.database.write() as connection:
        this = complainants.c.complaint_id == UUID(receipt["complaint_id"])
        assert connection.execute(complainants.delete().where(this)).rowcount == 1


def path(receipt):
    return f"/v1/complaints/{receipt['complaint_id']}"
