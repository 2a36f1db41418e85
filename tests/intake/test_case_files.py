"""Files that staff keep with a case, to name them in its steps: opened from there and nowhere else (DI-7, DI-10)."""

from hashlib import sha256
from uuid import uuid4

import pytest

from libs.common.events.dispatch import CaseAssigned

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20


def test_a_file_kept_with_a_complaint_is_opened_from_it(firm):
    """DI-10: the voucher that a payment names."""
    receipt = firm.registered()
    kept = firm.keep_with(receipt["complaint_id"], PNG)
    assert kept.status_code == 201, kept.json
    assert opened(firm, receipt["complaint_id"], kept.json["attachment_id"]).data == PNG
    [listed] = firm.staff("manager").get(f"/v1/complaints/{receipt['complaint_id']}").json["case_files"]
    assert (listed["attachment_id"], listed["name"]) == (kept.json["attachment_id"], "凭证.png")


def test_that_it_was_kept_is_said_by_digest_and_without_its_name(firm):
    """DI-10, PR-4: so that dispatch knows what a step of this complaint may name."""
    receipt = firm.registered()
    kept = firm.keep_with(receipt["complaint_id"], PNG).json
    said = firm.said()[-1]
    assert (said.type, str(said.subject)) == ("complaint.file_kept.v1", receipt["complaint_id"])
    assert (str(said.attachment_id), said.sha256) == (kept["attachment_id"], sha256(PNG).hexdigest())
    assert "凭证" not in repr(said)


def test_it_is_opened_from_no_other_complaint(firm, other_firm):
    """PR-2: neither from another complaint of the firm nor from another firm."""
    receipt, other = firm.registered(), firm.registered(text="电梯又坏了，已经两天")
    kept = firm.keep_with(receipt["complaint_id"], PNG).json["attachment_id"]
    assert opened(firm, other["complaint_id"], kept).status_code == 404
    assert opened(other_firm, receipt["complaint_id"], kept).status_code == 404


@pytest.mark.parametrize("how", ["missing", "changed"])
def test_a_file_that_is_not_as_it_was_kept_is_not_handed_out(firm, evidence, how, caplog):
    """PR-4."""
    receipt, content = firm.registered(), PNG + how.encode()
    kept = firm.keep_with(receipt["complaint_id"], content).json["attachment_id"]
    [path] = evidence.rglob(sha256(content).hexdigest())
    path.unlink() if how == "missing" else path.write_bytes(b"another photo")
    answer = opened(firm, receipt["complaint_id"], kept)
    assert (answer.status_code, how in answer.json["detail"]) == (410, True)
    assert path.name in caplog.text


def test_a_complaint_cannot_name_it_to_get_at_it(firm):
    receipt = firm.registered()
    kept = firm.keep_with(receipt["complaint_id"], PNG).json["attachment_id"]
    refused = [firm.complain(attachments=[kept]), firm.write(receipt, "看看这个", attachments=[kept])]
    assert [answer.status_code for answer in refused] == [422, 422]


def test_a_file_that_nobody_has_named_is_opened_from_nowhere(firm):
    receipt, loose = firm.registered(), firm.upload(PNG).json["attachment_id"]
    assert opened(firm, receipt["complaint_id"], loose).status_code == 404


def test_a_file_for_a_complaint_that_is_not_there_is_not_kept(firm):
    assert firm.keep_with(str(uuid4()), PNG).status_code == 404
    assert firm.rows("attachments") == []


def test_a_program_is_not_kept_with_a_case(firm):
    answer = firm.keep_with(firm.registered()["complaint_id"], b"MZ\x90\x00" + b"\x00" * 60)
    assert answer.status_code == 422


def in_engineering():
    people = {"assignee_id": uuid4(), "head_id": None, "coordinator_id": None}
    return people | {"department": "engineering", "reason": "assigned"}


def opened(firm, complaint_id, attachment_id):
    return firm.staff("manager").get(f"/v1/complaints/{complaint_id}/attachments/{attachment_id}")


def test_who_has_nothing_to_do_with_the_case_finds_no_file_and_keeps_none(firm):
    """PR-1, PR-2: as dispatch does not show them the case."""
    scan = firm.upload(PNG, "身份证.png").json["attachment_id"]
    complaint_id = firm.registered(attachments=[scan])["complaint_id"]
    firm.hear(CaseAssigned(**firm.about(complaint_id), **in_engineering()))
    stranger = firm.bearing(person_id=uuid4(), roles=("front_line",), departments=("bar",))
    assert stranger.get(f"/v1/complaints/{complaint_id}/attachments/{scan}").status_code == 404
    assert firm._send_file(stranger, f"/v1/complaints/{complaint_id}/attachments", PNG, "x.png").status_code == 404
    colleague = firm.bearing(person_id=uuid4(), roles=("front_line",), departments=("engineering",))
    assert colleague.get(f"/v1/complaints/{complaint_id}/attachments/{scan}").data == PNG


def test_who_opened_a_complainants_file_is_kept_as_of_a_full_view(firm, clock):
    """PR-1: it may show who they are. What staff kept with the case does not."""
    scan, opener = firm.upload(PNG, "身份证.png").json["attachment_id"], uuid4()
    complaint_id = firm.registered(attachments=[scan])["complaint_id"]
    voucher = firm.keep_with(complaint_id, PNG).json["attachment_id"]
    for each in (scan, voucher):
        firm.staff("auditor", person_id=opener).get(f"/v1/complaints/{complaint_id}/attachments/{each}")
    [look] = firm.rows("full_views")
    assert (str(look["complaint_id"]), look["person_id"], look["at"]) == (complaint_id, opener, clock.now())
    assert (str(look["attachment_id"]), look["reason"]) == (scan, None)


def test_a_program_opens_and_keeps_files_with_its_key(firm):
    """An API key of the tenant has neither a person nor a department."""
    scan = firm.upload(PNG).json["attachment_id"]
    complaint_id = firm.registered(attachments=[scan])["complaint_id"]
    program = firm.bearing(roles=("front_line",), scopes=("staff",))
    assert program.get(f"/v1/complaints/{complaint_id}/attachments/{scan}").data == PNG
    assert firm.rows("full_views") == []
