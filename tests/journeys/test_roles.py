"""Who may do what, asked of the running services (PO-2, PO-4): one table of roles and actions."""

from uuid import UUID

import pytest

from deploy.callers import Refused
from deploy.demo_tenants import QINGHE, Staff
from libs.common.testing.waiting import eventually
from tests.journeys.neighbours import Session, bearer
from tests.journeys.routes import PERIOD, SAID, SAMPLES, STANDING
from tests.platforms.embedded import Embedded
from tests.platforms.firm import open_a_firm, operator_of

FRONT, HEAD = {"desk", "engineer"}, {"service-head", "engineering-head"}
COORDINATOR, MANAGER, ADMIN, AUDITOR = {"coordinator"}, {"manager"}, {"admin"}, {"reviewer"}
EVERYBODY = FRONT | HEAD | COORDINATOR | MANAGER | ADMIN | AUDITOR
# The case lies with engineering: customer service has no part in it.
WORKING = {"engineer", "engineering-head"} | COORDINATOR | MANAGER
TRYING = HEAD | MANAGER | ADMIN
CASE = "/v1/cases/{case}"
NOBODY = UUID(int=7)

# What is asked, with what; and by whom it is not refused. A body that fits but cannot be carried out now is enough.
TABLE = [
    ("tenants", "GET", "/v1/people", None, EVERYBODY),
    ("tenants", "GET", "/v1/procedure", None, EVERYBODY),
    ("tenants", "POST", "/v1/people", {}, ADMIN),
    ("tenants", "PATCH", f"/v1/people/{NOBODY}", {"name": 1}, ADMIN),
    ("tenants", "POST", "/v1/places", {}, ADMIN),
    ("tenants", "POST", "/v1/procedures", {}, ADMIN),
    ("tenants", "POST", "/v1/procedures/check", {}, ADMIN),
    ("tenants", "GET", "/v1/procedures/1", None, EVERYBODY),
    ("tenants", "GET", "/v1/procedures/1/yaml", None, EVERYBODY),
    ("tenants", "GET", "/v1/procedures/1/changes/1", None, EVERYBODY),
    ("tenants", "GET", "/v1/drafts", None, ADMIN),
    ("tenants", "POST", "/v1/drafts", {}, ADMIN),
    ("tenants", "PUT", f"/v1/drafts/{NOBODY}", {"document": 1}, ADMIN),
    ("tenants", "POST", f"/v1/drafts/{NOBODY}/publish", {"accept_warnings": 1}, ADMIN),
    ("dispatch", "POST", "/v1/procedures/try", {}, TRYING),
    ("dispatch", "POST", "/v1/procedures/preview", {}, TRYING),
    ("sla", "POST", "/v1/deadlines/try", {}, TRYING),
    ("sla", "POST", "/v1/deadlines/preview", {}, TRYING),
    ("tenants", "GET", "/v1/api-keys", None, ADMIN),
    ("tenants", "POST", "/v1/api-keys", {}, ADMIN),
    ("tenants", "GET", "/v1/tenants", None, set()),
    ("intake", "GET", "/v1/channel-accounts", None, ADMIN),
    ("intake", "POST", "/v1/channel-accounts", {}, ADMIN),
    ("intake", "GET", "/v1/complaints/{case}/contact", None, set()),
    ("intake", "POST", "/v1/complaints", {}, EVERYBODY - AUDITOR),
    ("dispatch", "GET", CASE, None, WORKING | ADMIN | AUDITOR),
    ("dispatch", "GET", f"{CASE}/evidence", None, WORKING | ADMIN | AUDITOR),
    ("dispatch", "POST", f"{CASE}/milestones", {"milestone": "unheard-of"}, WORKING),
    ("dispatch", "POST", f"{CASE}/result", {"text": "x", "written": False}, WORKING),
    ("dispatch", "POST", f"{CASE}/close", {"outcome": "solved"}, WORKING),
    ("dispatch", "POST", f"{CASE}/reclassify", SAID | {"category": "unheard-of"}, WORKING),
    ("dispatch", "POST", f"{CASE}/transfer", SAID | {"to_department": "unheard-of", "handover": "x"}, WORKING),
    ("dispatch", "POST", f"{CASE}/assign", SAID | {"person_id": str(NOBODY)}, WORKING - FRONT),
    ("dispatch", "POST", f"{CASE}/compensation/propose", SAID | {"kind": "settlement", "amount": 1}, WORKING),
    ("dispatch", "GET", f"{CASE}/forms/record.pdf", None, WORKING | ADMIN | AUDITOR),
    ("dispatch", "GET", "/v1/compensation", None, MANAGER | ADMIN | AUDITOR),
    ("dispatch", "GET", "/v1/compensation/checks", None, MANAGER | ADMIN | AUDITOR),
    ("dispatch", "GET", "/v1/compensation/export.csv", None, MANAGER | ADMIN | AUDITOR),
    ("dispatch", "POST", f"/v1/compensation/reconcile?{PERIOD}", {}, MANAGER | ADMIN | AUDITOR),
    ("dispatch", "POST", f"{CASE}/reclassify", SAID | {"major": False}, WORKING - FRONT),
    ("dispatch", "POST", f"{CASE}/wait", SAID | {"for": "third_party"}, WORKING),
    ("dispatch", "POST", f"{CASE}/resume", {}, WORKING),
    (
        "dispatch",
        "POST",
        f"{CASE}/extend",
        SAID | {"limit_id": "unheard-of", "due_at": "2026-12-01T00:00:00Z"},
        WORKING,
    ),
    ("dispatch", "POST", f"{CASE}/extension/decide", {"extension_id": str(NOBODY), "decision": "approve"}, WORKING),
    ("dispatch", "POST", f"{CASE}/approval/ask", {"approval_id": "unheard-of"}, WORKING),
    ("dispatch", "POST", f"{CASE}/approval/approve", {"approval_id": "unheard-of"}, WORKING),
    ("dispatch", "POST", f"{CASE}/approval/return", SAID | {"approval_id": "unheard-of"}, WORKING),
    ("dispatch", "POST", f"{CASE}/revise", {"milestone": "unheard-of", "note": "x"}, WORKING),
    ("dispatch", "POST", f"{CASE}/note", {"note": "x"}, WORKING),
    ("dispatch", "POST", f"{CASE}/merge", SAID | {"into": "2609-0000-0000"}, WORKING),
    ("dispatch", "PUT", "/v1/roster?department=engineering", {"entries": []}, (WORKING - FRONT) | ADMIN),
    ("dispatch", "POST", f"{CASE}/parts", SAID | {"department": "unheard-of"}, WORKING - FRONT),
    ("dispatch", "POST", f"{CASE}/group-leader", SAID | {"person_id": str(NOBODY)}, WORKING - FRONT),
    ("dispatch", "POST", "/v1/roster/absences", {}, EVERYBODY),
    ("dispatch", "GET", "/v1/roster/now", None, EVERYBODY),
    ("intake", "POST", "/v1/complaints/{case}/full-view", SAID, WORKING | AUDITOR),
    ("intake", "POST", "/v1/complaints/{case}/references", {}, EVERYBODY - ADMIN - AUDITOR),
    ("intake", "PUT", f"/v1/complaints/{{case}}/references/{NOBODY}", {}, EVERYBODY - ADMIN - AUDITOR),
    ("intake", "POST", f"/v1/complaints/{{case}}/references/{NOBODY}/handed-back", {}, EVERYBODY - ADMIN - AUDITOR),
    ("dispatch", "POST", f"{CASE}/messages/read", {}, WORKING),
    ("intake", "POST", "/v1/complaints/{case}/messages", {"channel": "phone", "text": ""}, WORKING),
    ("intake", "POST", "/v1/complaints/{case}/attachments", None, WORKING | AUDITOR),
    ("intake", "GET", "/v1/complaints/{case}/standing", None, WORKING | AUDITOR),
    ("intake", "POST", "/v1/complaints/{case}/standing", SAID | STANDING, WORKING - FRONT),
    ("dispatch", "POST", f"{CASE}/unlink", SAID | {"other": "2609-0000-0000"}, WORKING - FRONT),
    ("sla", "GET", "/v1/clocks/due?until=2026-12-31T00:00:00Z", None, EVERYBODY),
    ("sla", "GET", f"/v1/appraisals?{PERIOD}", None, MANAGER | AUDITOR),
    ("reporting", "GET", f"/v1/kpis?{PERIOD}", None, EVERYBODY),
    ("notify", "GET", "/v1/complaints/{case}/survey", None, FRONT | HEAD | COORDINATOR | MANAGER),
    ("notify", "POST", "/v1/complaints/{case}/survey", {}, FRONT | HEAD | COORDINATOR | MANAGER),
    ("notify", "POST", f"/v1/deliveries/{NOBODY}/send-again", {}, EVERYBODY - AUDITOR),
    ("reporting", "GET", "/v1/callbacks", None, COORDINATOR | MANAGER | AUDITOR),
    ("reporting", "GET", f"/v1/callbacks/{NOBODY}", None, COORDINATOR | MANAGER | AUDITOR),
    ("reporting", "PUT", f"/v1/callbacks/{NOBODY}/complaints/{NOBODY}", {}, COORDINATOR | MANAGER | AUDITOR),
    ("reporting", "GET", "/v1/reviews", None, HEAD | COORDINATOR | MANAGER | AUDITOR),
    ("reporting", "GET", f"/v1/reviews/{NOBODY}", None, HEAD | COORDINATOR | MANAGER | AUDITOR),
    ("reporting", "PUT", f"/v1/reviews/{NOBODY}/complaints/{NOBODY}", {}, HEAD | COORDINATOR | MANAGER | AUDITOR),
    ("reporting", "GET", "/v1/typical-cases", None, MANAGER | AUDITOR),
    ("reporting", "PUT", f"/v1/typical-cases/{NOBODY}", {}, MANAGER),
    ("reporting", "GET", "/v1/mystery-cases", None, MANAGER | AUDITOR),
    ("reporting", "PUT", f"/v1/mystery-cases/{NOBODY}", {}, MANAGER | AUDITOR),
    *[(service, "GET", "/v1/ops/queues", None, set()) for service in sorted(SAMPLES) if service != "portal"],
]


@pytest.mark.parametrize(
    ("service", "method", "path", "body", "allowed"), TABLE, ids=[" ".join(row[:3]) for row in TABLE]
)
def test_a_role_may_do_what_the_table_says_and_nothing_else(service, method, path, body, allowed, firm, case, people):
    asked = (firm, service, method, path.format(case=case), body)
    open_to = {login for login, headers in people.items() if not refused(*asked, headers)}
    assert open_to == allowed


def test_an_operator_of_the_platform_sees_no_complaint(firm, case):
    """PO-5"""
    operator = operator_of(firm.platform)
    headers = bearer(operator.token)
    for service, method, path, body, allowed in TABLE:
        if allowed:
            assert refused(firm, service, method, path.format(case=case), body, headers), path


@pytest.fixture(scope="module")
def firm():
    platform = Embedded()
    platform.start()
    staff = (*QINGHE.staff, Staff("reviewer", "谢雨 Xie Yu", ("auditor",)))
    yield open_a_firm(platform, "qinghe", staff=staff)
    platform.stop()


@pytest.fixture(scope="module")
def case(firm):
    """The id of a case of engineering."""
    receipt = firm.guest().complain("302室水管爆管", anonymous=True, answer_by=["none"])
    coordinator, path = firm.person("coordinator"), f"/cases/{receipt['complaint_id']}"
    eventually(lambda: shown(coordinator, path), within=30)
    engineer, in_full = firm.person("engineer"), f"/complaints/{receipt['complaint_id']}/full-view"
    eventually(lambda: seen(engineer, in_full), within=30)
    return receipt["complaint_id"]


@pytest.fixture(scope="module")
def people(firm):
    return {login: Session(firm, login).bearer for login in EVERYBODY}


def shown(person, path) -> bool:
    try:
        return person.get("dispatch", path)["department"] == "engineering"
    except Refused:
        return False


def seen(person, path) -> bool:
    """Whether intake has heard whose case it is."""
    try:
        return bool(person.post("intake", path, **SAID))
    except Refused:
        return False


def refused(firm, service, method, path, body, headers) -> bool:
    """Not allowed, or, for what one may not even see, not there."""
    app = firm.platform.platform.services[service].app
    sent = {} if body is None else {"json": body}
    answer = app.test_client().open(path, method=method, headers=headers, **sent)
    assert answer.status_code < 500
    hidden = path.endswith(("/attachments", "/messages")) or ("/cases/" in path and "mystery" not in path)
    return answer.status_code == 403 or (answer.status_code == 404 and hidden)
