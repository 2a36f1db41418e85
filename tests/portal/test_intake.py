"""Registering at the phone and the counter (PO-2, IN-1)."""

import pytest

from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, StandIns, problem, session

CALL = {"text": "1203 空调漏水", "name": "陈立国", "phone": "13800138000"}


def test_the_number_is_there_at_once_with_a_text_to_read_back(staff: Browser) -> None:
    staff.open("/intake")
    page = staff.send("/intake", **CALL, asked_for="马上修")
    assert staff.address == "/intake/done"
    assert "LJ-261121-0042" in page and "我跟您核对一下：1203 空调漏水" in page and f"/cases/{CASE}" in page


def test_what_only_staff_know_is_said_too(staff: Browser, others: StandIns) -> None:
    staff.open("/intake")
    staff.send(
        "/intake",
        **CALL,
        impact="没法睡",
        channel="counter",
        vip="yes",
        received_at="2026-11-20T08:00",
        urgency="urgent",
    )
    said = others.said("intake", "/v1/complaints")
    assert said["channel"] == "counter" and said["vip"] is True and "major" not in said
    assert said["received_at"] == "2026-11-20T00:00:00Z" and said["urgency"] == "urgent"
    assert said["impact"] == "没法睡"


def test_the_channels_own_required_fields_are_asked_for(staff: Browser, others: StandIns) -> None:
    staff.open("/intake")
    page = staff.send("/intake", text="漏水", name="陈", email="chen@example.com", channel="phone")
    assert 'id="f-phone-wrong"' in page
    staff.send("/intake", channel="counter")
    assert staff.address == "/intake/done"


def test_no_contact_data_stays_in_the_cookie(staff: Browser) -> None:
    staff.open("/intake")
    page = staff.send("/intake", **CALL)
    assert "13800138000" not in page and "陈立国" not in page


def test_a_mistake_stands_beside_its_field(staff: Browser, others: StandIns) -> None:
    others.answers["intake"]["POST /v1/complaints"] = problem(422, external_ref="此编号已登记")
    staff.open("/intake")
    assert "此编号已登记" in staff.send("/intake", **CALL).split('data-field="external_ref"')[1][:900]


def test_registering_goes_on_while_tenants_is_away(staff: Browser, others: StandIns) -> None:
    others.down.add("tenants")
    assert "地点列表暂时无法显示" in staff.open("/intake")
    staff.send("/intake", text="漏水")
    assert staff.address == "/intake/done"


@pytest.mark.parametrize("role", ["auditor", "operator"])
def test_who_does_not_register_is_told_so(guest: Browser, others: StandIns, role: str) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session(role))
    guest.sign_in().open("/intake")
    assert guest.page.status_code == 403
