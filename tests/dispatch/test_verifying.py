"""`redress verify`: the files that a chain names are opened and measured again (PR-4)."""

from hashlib import sha256

import pytest

from deploy.databases import Databases
from deploy.evidence import lost_files
from libs.common.procedure import presets
from services.intake.gateways.files import LocalFiles

PHOTO, LEAK, VOUCHER = b"photo of the work", b"photo of the leak", b"the voucher"
RULES = {"currency": "CNY", "approval": [{"by": ["manager"]}], "advance_up_to": 50_000, "voucher": True}


@pytest.fixture
def files(tmp_path):
    return LocalFiles(tmp_path / "attachments")


@pytest.fixture
def evident(empty_firm, files):
    """A firm, and a case whose evidence names three files: the complainant's, a step's and a voucher."""
    firm = empty_firm.found(presets.load("p1-accommodation") | {"compensation": RULES})
    for content in (PHOTO, LEAK, VOUCHER):
        files.keep(firm.tenant_id, digest(content), content)
    complaint_id = firm.register(attachments=(digest(LEAK),))
    firm.did("li", complaint_id, "accept")
    firm.did(
        "li", complaint_id, "milestones", milestone="on_site", attachments=[firm.kept(complaint_id, digest(PHOTO))]
    )
    body = {"kind": "advance", "amount": 100, "reason": "漏水"}
    promise = firm.did("li", complaint_id, "compensation/propose", **body)["compensations"][0]["compensation_id"]
    firm.did("zhao", complaint_id, "compensation/approve", compensation_id=promise)
    voucher = firm.kept(complaint_id, digest(VOUCHER))
    firm.did("li", complaint_id, "compensation/pay", compensation_id=promise, amount=100, voucher_id=voucher)
    return firm, complaint_id


def test_files_that_are_as_they_were_kept_are_not_reported(evident, files, tmp_path):
    assert found(evident, files, tmp_path) == set()


def test_a_changed_file_and_a_missing_one_are_reported(evident, files, tmp_path):
    for content, replacement in ((PHOTO, b"a nicer photo"), (LEAK, None), (VOUCHER, b"a higher sum")):
        [path] = (tmp_path / "attachments").rglob(digest(content))
        path.write_bytes(replacement) if replacement else path.unlink()
    assert found(evident, files, tmp_path) == {
        (digest(PHOTO), "changed"),
        (digest(LEAK), "missing"),
        (digest(VOUCHER), "changed"),
    }


def found(evident, files, folder):
    firm, complaint_id = evident
    databases = Databases(f"sqlite:///{folder}/{{service}}.sqlite")
    databases.tenants = lambda: [firm.tenant_id]
    lost = {(each.sha256, each.how) for each in lost_files(databases, files, complaint_id)}
    databases.close()
    return lost


def digest(content):
    return sha256(content).hexdigest()
