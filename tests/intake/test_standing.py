"""What supervisors say of somebody who complained in bad faith: seen by staff, decides nothing (IN-11)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import CaseAssigned

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

HOLDER, HEAD = UUID(int=1), UUID(int=2)
PHONE = "138 1234 5678"


def test_it_is_seen_on_every_later_complaint_of_the_person(firm):
    """IN-11: by phone or by e-mail, and on nobody else's."""
    first = assigned(firm, phone=PHONE, email="zhou@example.com")
    assert set_it(firm, first).status_code == 201
    for contact in ({"phone": PHONE}, {"phone": None, "email": "zhou@example.com"}):
        later = assigned(firm, **{"email": None, **contact})
        assert [each["kind"] for each in seen(firm, later)["items"]] == ["malicious"]
    assert seen(firm, assigned(firm, phone="139 1234 5678"))["items"] == []


def test_it_ends_by_itself(firm, clock):
    """IN-11: who may set it still sees that there was one."""
    receipt = assigned(firm)
    set_it(firm, receipt, days=30)
    clock.advance(days=29, hours=23)
    assert len(seen(firm, receipt)["items"]) == 1
    clock.advance(hours=1)
    assert seen(firm, receipt)["items"] == seen(firm, receipt)["past"] == []
    assert len(seen(firm, receipt, "manager")["past"]) == 1


def test_it_is_lifted_with_a_reason_and_both_stay_on_record(firm, clock):
    """IN-11: who, when and why."""
    receipt = assigned(firm)
    [said] = set_it(firm, receipt, by="manager").json["items"]
    clock.advance(days=1)
    lifted = lift(firm, receipt, said["standing_id"], reason="投诉属实")
    assert (lifted.status_code, lifted.json["items"]) == (200, [])
    [past] = lifted.json["past"]
    assert (past["reason"], past["lifting"]) == ("多次虚构事实", "投诉属实")
    assert past["set_by"] and past["lifted_by"] and past["set_at"] < past["lifted_at"]
    assert lift(firm, receipt, said["standing_id"], reason="再次").status_code == 409


def test_only_supervisors_coordination_and_management_set_and_lift_it(firm):
    """IN-11: those of the department that has the case."""
    receipt = assigned(firm)
    for role, status in (("front_line", 403), ("admin", 403), ("auditor", 403), ("supervisor", 201)):
        assert set_it(firm, receipt, by=role).status_code == status
    [said] = seen(firm, receipt)["items"]
    assert lift(firm, receipt, said["standing_id"], by="front_line").status_code == 403
    elsewhere = firm.bearing(person_id=uuid4(), roles=("supervisor",), departments=("security",))
    assert set_it(firm, receipt, caller=elsewhere).status_code == 403


def test_it_is_seen_by_the_people_of_the_case_alone(firm):
    """IN-11, PR-2"""
    receipt = assigned(firm)
    set_it(firm, receipt)
    assert firm.staff("front_line").get(path(receipt)).status_code == 403
    assert firm.bearing(scopes=("staff",)).get(path(receipt)).status_code == 403
    assert seen(firm, receipt, "front_line")["may_set"] is False
    assert seen(firm, receipt, "supervisor")["may_set"] is True


@pytest.mark.parametrize("fields", [{"anonymous": True, "answer_by": ["none"]}, {"phone": None, "email": None}])
def test_who_is_not_known_has_no_standing(found, fields):
    """IN-5, IN-11: it is said so, and nothing is kept."""
    firm = found(required={"default": ["text"]})
    receipt = assigned(firm, **fields)
    refused = set_it(firm, receipt)
    assert (refused.status_code, firm.rows("standings")) == (409, [])
    assert "anonymously" in refused.json["detail"]
    shown = seen(firm, receipt, "manager")
    assert (shown["recognisable"], shown["may_set"]) == (False, False)


def test_on_an_anonymous_complaint_of_the_same_phone_nothing_is_seen(found):
    """IN-5, IN-11: it would tell who they are."""
    firm = found(anonymous={"allowed": True, "required": ["text"], "answer_by": ["sms"]})
    set_it(firm, assigned(firm, phone=PHONE))
    assert seen(firm, assigned(firm, phone=PHONE, anonymous=True, answer_by=["sms"]))["items"] == []


def test_a_reason_and_an_end_within_two_years_are_needed(firm):
    """IN-11: what is wrong is named."""
    receipt = assigned(firm)
    for changes, field in (
        ({"reason": " "}, "reason"),
        ({"kind": "nasty"}, "kind"),
        ({"days": 0}, "expires_at"),
        ({"days": 732}, "expires_at"),
    ):
        refused = set_it(firm, receipt, **changes)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"#/{field}")


def test_nobody_has_two_at_once(firm):
    """IN-11"""
    receipt = assigned(firm)
    assert [set_it(firm, receipt).status_code for _ in range(2)] == [201, 409]


def test_a_repeated_request_sets_it_once(firm):
    receipt, key = assigned(firm), str(uuid4())
    assert [set_it(firm, receipt, key=key).status_code for _ in range(2)] == [201, 201]
    assert len(firm.rows("standings")) == 1


def test_contact_data_stays_out_of_it(firm):
    """PR-1: the reason is masked, and the person is known by prints alone."""
    set_it(firm, assigned(firm), reason="周海燕 13812345678 反复虚构")
    [row] = firm.rows("standings")
    assert "周海燕" not in row["reason"] and "13812345678" not in row["reason"]
    assert b"13812345678" not in row["phone_print"]


def test_it_decides_nothing(firm):
    """IN-11: no other service ever hears of it."""
    receipt = assigned(firm)
    before = len(firm.said())
    [said] = set_it(firm, receipt).json["items"]
    lift(firm, receipt, said["standing_id"])
    assert len(firm.said()) == before


def test_another_firm_knows_nothing_of_it(firm, other_firm):
    """PR-2"""
    receipt = assigned(firm, phone=PHONE)
    [said] = set_it(firm, receipt).json["items"]
    assert seen(other_firm, assigned(other_firm, phone=PHONE))["items"] == []
    assert other_firm.staff("manager").get(path(receipt)).status_code == 404
    theirs = assigned(other_firm)
    assert lift(other_firm, theirs, said["standing_id"]).status_code == 404


def assigned(firm, **fields):
    """The receipt of a complaint that engineering has."""
    receipt = firm.registered(**fields)
    holders = {"assignee_id": HOLDER, "head_id": HEAD, "coordinator_id": None}
    firm.hear(CaseAssigned(**firm.about(receipt["complaint_id"]), department="engineering", reason="-", **holders))
    return receipt


def path(receipt):
    return f"/v1/complaints/{receipt['complaint_id']}/standing"


def of_the_department(firm, role):
    return firm.bearing(person_id=uuid4(), roles=(role,), departments=("engineering",))


def seen(firm, receipt, role="front_line"):
    answer = of_the_department(firm, role).get(path(receipt))
    assert answer.status_code == 200, answer.json
    return answer.json


def set_it(firm, receipt, by="supervisor", days=90, key=None, caller=None, **changes):
    ends = firm.service.clock.now() + timedelta(days=days)
    body = {"kind": "malicious", "reason": "多次虚构事实", "expires_at": ends.isoformat()} | changes
    return (caller or of_the_department(firm, by)).post(path(receipt), key, **body)


def lift(firm, receipt, standing_id, by="coordinator", reason="查明不实"):
    return of_the_department(firm, by).post(f"{path(receipt)}/{standing_id}/lift", reason=reason)
