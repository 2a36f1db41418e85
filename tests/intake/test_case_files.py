"""Files that staff keep with a case, to name them in its steps: opened from there and nowhere else (DI-7, DI-10)."""

from hashlib import sha256
from uuid import uuid4

import pytest

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20


def test_a_file_kept_with_a_complaint_is_opened_from_it(firm):
    """DI-10: the voucher that a payment names."""
    receipt = firm.registered()
    kept = firm.keep_with(receipt["complaint_id"], PNG)
    assert kept.status_code == 201, kept.json
    assert opened(firm, receipt["complaint_id"], kept.json["attachment_id"]).data == PNG
    [listed] = firm.staff().get(f"/v1/complaints/{receipt['complaint_id']}").json["case_files"]
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


def opened(firm, complaint_id, attachment_id):
    return firm.staff("supervisor").get(f"/v1/complaints/{complaint_id}/attachments/{attachment_id}")
