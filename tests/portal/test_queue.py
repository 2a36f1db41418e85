"""The work lists (PO-2, SL-3)."""

import pytest

from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, ROWS, StandIns, problem


def test_near_the_limit_and_past_it_are_told_in_words_not_only_in_colour(staff: Browser) -> None:
    """SL-3: 标红."""
    page = staff.open("/work")
    near, late = line_of(page, "LJ-261121-0042"), line_of(page, "LJ-261121-0039")
    assert "标红 · 即将超时" in near and "35分钟后" in near
    assert "已超时80分钟" in late and "case-breached" in late


def test_names_come_from_the_procedure(staff: Browser) -> None:
    line = line_of(staff.open("/work"), "LJ-261121-0042")
    assert "设施维修" in line and "工程部" in line and "紧急" in line


def test_times_are_on_the_tenants_wall(staff: Browser, others: StandIns) -> None:
    others.answers["dispatch"]["GET /v1/cases"] = {
        "items": [ROWS[0] | {"next_due_at": "2019-03-01T16:30:00Z"}],
        "next_cursor": None,
    }
    assert "2019年3月2日 00:30" in staff.open("/work")


@pytest.mark.parametrize(
    ("asked", "view", "state"), [("", "mine", "open"), ("?view=all&state=closed", "all", "closed")]
)
def test_view_and_state_are_handed_on(staff: Browser, others: StandIns, asked: str, view: str, state: str) -> None:
    staff.open(f"/work{asked}")
    sent = others.requests("dispatch", "/v1/cases")[-1].url.params
    assert (sent["view"], sent["state"]) == (view, state)


def test_a_view_that_does_not_exist_is_mine(staff: Browser, others: StandIns) -> None:
    staff.open("/work?view=everything&state=x")
    assert others.requests("dispatch", "/v1/cases")[-1].url.params["view"] == "mine"


def test_the_next_page_asks_with_the_cursor_and_keeps_the_filters(staff: Browser, others: StandIns) -> None:
    page = staff.open("/work?view=all&department=engineering")
    assert "cursor=page-2" in page and "department=engineering&amp;cursor" in page
    rows = staff.open("/work?view=all&cursor=page-2", **{"HX-Request": "true"})
    assert others.requests("dispatch", "/v1/cases")[-1].url.params["cursor"] == "page-2"
    assert "<html" not in rows and "LJ-261121-0042" in rows


def test_an_empty_list_says_so(staff: Browser, others: StandIns) -> None:
    others.answers["dispatch"]["GET /v1/cases"] = {"items": [], "next_cursor": None}
    assert "您手上没有待办" in staff.open("/work")


def test_a_number_leads_to_its_case(staff: Browser, others: StandIns) -> None:
    staff.open("/work/find?number=LJ-261121-0042")
    assert staff.address == f"/cases/{CASE}"


def test_a_number_that_is_none_says_so(staff: Browser, others: StandIns) -> None:
    others.answers["intake"]["GET /v1/complaints"] = {"items": []}
    assert "没有编号为“nope”的投诉" in staff.open("/work/find?number=nope")


def test_the_list_is_not_available_while_dispatch_is_away(staff: Browser, others: StandIns) -> None:
    others.down.add("dispatch")
    page = staff.open("/work")
    assert staff.page.status_code == 200 and "工作列表暂时无法显示" in page


def test_ids_are_shown_while_tenants_is_away(staff: Browser, others: StandIns) -> None:
    others.down.add("tenants")
    assert "facilities" in line_of(staff.open("/work"), "LJ-261121-0042")


def test_an_operator_has_no_work_list(operator: Browser) -> None:
    operator.open("/work")
    assert operator.address == "/operator"


def test_a_role_that_may_not_see_the_list_gets_no_500(staff: Browser, others: StandIns) -> None:
    others.answers["dispatch"]["GET /v1/cases"] = problem(403)
    staff.open("/work")
    assert staff.page.status_code == 200


def line_of(page: str, number: str) -> str:
    return next(line for line in page.split('<li class="case')[1:] if number in line)
