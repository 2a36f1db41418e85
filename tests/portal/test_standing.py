"""The case page: what belongs together (IN-8), and what is said of who complained (IN-11)."""

from typing import Any

import pytest

from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, DETAILS, SECOND, STANDING, StandIns, ago, ahead, problem

PATH = f"/v1/complaints/{CASE}/standing"
FILLED = {"kind": "false", "reason": "虚构事实", "expires_at": "2027-01-31T18:00"}


def said(**changes: Any) -> dict[str, Any]:
    standing = {"standing_id": STANDING, "complaint_id": CASE, "kind": "malicious", "reason": "多次虚构事实"}
    when = {"set_at": ago(days=3), "set_by": "p1", "expires_at": ahead(days=90)}
    return standing | when | {"lifted_at": None, "lifted_by": None, "lifting": None} | changes


def standing(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"recognisable": True, "items": list(items), "past": [], "may_set": False} | changes


def test_the_standing_is_seen_with_who_said_it_why_and_until_when(staff: Browser, others: StandIns) -> None:
    """IN-11: and that it changes nothing."""
    others.answers["intake"][f"GET {PATH}"] = standing(said())
    page = staff.open(f"/cases/{CASE}")
    assert all(word in page for word in ("恶意投诉", "多次虚构事实", "周敏", "仅供知悉"))
    assert "撤销评价" not in page and "作出评价" not in page


def test_a_supervisor_sets_it_until_a_local_time(staff: Browser, others: StandIns) -> None:
    """IN-11"""
    staff.open(f"/cases/{CASE}")
    assert "评价已作出" in staff.send("/standing", **FILLED)
    assert others.said("intake", PATH) == FILLED | {"expires_at": "2027-01-31T10:00:00Z"}
    assert others.requests("intake", PATH)[-2].headers["Idempotency-Key"]


def test_a_supervisor_lifts_it_with_a_reason(staff: Browser, others: StandIns) -> None:
    """IN-11"""
    others.answers["intake"][f"GET {PATH}"] = standing(said(), may_set=True)
    staff.open(f"/cases/{CASE}")
    assert "评价已撤销" in staff.send(f"/standing/{STANDING}/lift", reason="查明属实")
    assert others.said("intake", f"{PATH}/{STANDING}/lift") == {"reason": "查明属实"}


def test_what_was_said_before_is_shown_to_who_may_see_it(staff: Browser, others: StandIns) -> None:
    """IN-11"""
    lifted = said(lifted_at=ago(days=1), lifted_by="p2", lifting="投诉属实")
    others.answers["intake"][f"GET {PATH}"] = standing(past=[lifted], may_set=True)
    page = staff.open(f"/cases/{CASE}")
    assert all(word in page for word in ("以往的评价", "投诉属实", "Tom Reid"))


@pytest.mark.parametrize("left_out", FILLED)
def test_every_field_of_it_is_needed(staff: Browser, others: StandIns, left_out: str) -> None:
    """IN-11"""
    staff.open(f"/cases/{CASE}")
    staff.send("/standing", **FILLED | {left_out: ""})
    assert staff.page.status_code == 422
    assert not [sent for sent in others.requests("intake", PATH) if sent.method == "POST"]


def test_a_refusal_stands_beside_what_was_typed(staff: Browser, others: StandIns) -> None:
    """IN-11"""
    others.answers["intake"][f"POST {PATH}"] = problem(422, expires_at="最长两年")
    staff.open(f"/cases/{CASE}")
    page = staff.send("/standing", **FILLED)
    assert staff.page.status_code == 422 and "最长两年" in page and "虚构事实" in page


def test_of_the_anonymous_it_is_said_that_nothing_can_be_said(staff: Browser, others: StandIns) -> None:
    """IN-5, IN-11"""
    others.answers["intake"][f"GET {PATH}"] = standing(recognisable=False)
    assert "无法对此人作出评价" in staff.open(f"/cases/{CASE}")


def test_who_is_not_of_the_case_sees_no_standing_at_all(staff: Browser, others: StandIns) -> None:
    """IN-11, PR-2"""
    others.answers["intake"][f"GET {PATH}"] = problem(403)
    assert 'id="standing"' not in staff.open(f"/cases/{CASE}")


def test_the_page_shows_the_others_of_its_group_and_what_it_repeats(staff: Browser, others: StandIns) -> None:
    """IN-8: by number, with the way to take it out again."""
    members = [
        {"complaint_id": id, "number": number, "state": "accepted", "received_at": ago(hours=1)}
        for id, number in ((CASE, "LJ-1"), (SECOND, "LJ-2"))
    ]
    link = {"relation": "repeats", "other_id": SECOND, "number": "LJ-2", "at": ago(hours=1)}
    found = {"group": True, "group_members": members, "repeats": 1, "links": [link]}
    others.answers["dispatch"][f"GET /v1/cases/{CASE}"] = DETAILS | found
    page = staff.open(f"/cases/{CASE}")
    assert all(word in page for word in ("群体投诉：共 2 件", "LJ-2", "移出", "重复 1 件"))
    assert "LJ-1" not in page


def test_the_work_list_marks_groups_and_repeats(staff: Browser, others: StandIns) -> None:
    """IN-8"""
    listed = others.answers["dispatch"]["GET /v1/cases"]
    assert "重复 2 件" not in staff.open("/work")
    listed["items"][0] |= {"group": True, "repeats": 2}
    page = staff.open("/work")
    assert "重复 2 件" in page and ">群体<" in page
