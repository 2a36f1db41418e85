"""Signing in and out, and staying signed in."""

from datetime import timedelta

import pytest

from tests.portal.browsing import Browser
from tests.portal.stand_ins import StandIns, problem, session


def test_signing_in_leads_to_the_work_list(staff: Browser) -> None:
    assert staff.address == "/work"
    assert "周敏" in staff.text and "临江苑酒店" in staff.text


def test_a_wrong_password_says_nothing_of_which_part_was_wrong(guest: Browser, others: StandIns) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = problem(401)
    guest.open("/sign-in")
    page = guest.send("/sign-in", tenant="linjiang", login="zhou", password="guess")
    assert guest.page.status_code == 422 and "单位代号、账号或密码不正确" in page
    assert "guess" not in page


def test_too_many_attempts_are_told_to_wait(guest: Browser, others: StandIns) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = problem(429)
    guest.open("/sign-in")
    assert "尝试次数过多" in guest.send("/sign-in", tenant="a", login="b", password="c")


def test_signing_in_while_tenants_is_away_says_so(guest: Browser, others: StandIns) -> None:
    guest.open("/sign-in")
    others.down.add("tenants")
    assert "登录服务暂时不可用" in guest.send("/sign-in", tenant="a", login="b", password="c")


@pytest.mark.parametrize("page", ["/work", "/intake", "/kpis", "/operator", "/work?view=all"])
def test_a_guest_is_sent_to_sign_in_and_back_afterwards(guest: Browser, page: str) -> None:
    guest.open(page)
    assert guest.form("/sign-in").values["next"] == page


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil"]
)
def test_signing_in_never_leads_to_another_site(guest: Browser, elsewhere: str) -> None:
    guest.open("/sign-in")
    guest.send("/sign-in", next=elsewhere, tenant="linjiang", login="zhou", password="x")
    assert guest.address == "/work"


def test_signing_out_tells_tenants_and_forgets(staff: Browser, others: StandIns) -> None:
    staff.send("/sign-out")
    [told] = others.requests("tenants", "/v1/sessions/current")
    assert told.headers["Authorization"].startswith("Bearer access-of")
    staff.open("/work")
    assert staff.address.startswith("/sign-in")


def test_signing_out_works_while_tenants_is_away(staff: Browser, others: StandIns) -> None:
    others.down.add("tenants")
    staff.send("/sign-out")
    staff.open("/work")
    assert staff.address.startswith("/sign-in")


def test_a_token_about_to_end_is_renewed(guest: Browser, others: StandIns) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("supervisor", lasts=timedelta(seconds=30)))
    guest.sign_in()
    asked = others.requests("dispatch", "/v1/cases")[-1]
    assert others.said("tenants", "/v1/sessions/refresh") == {"refresh_token": "refresh-1"}
    assert asked.headers["Authorization"] == "Bearer access-of-supervisor-coordinator"


def test_who_lost_the_race_for_a_new_token_goes_on_with_the_old_one(guest: Browser, others: StandIns) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("supervisor", lasts=timedelta(seconds=30)))
    others.answers["tenants"]["POST /v1/sessions/refresh"] = problem(401)
    guest.sign_in()
    assert guest.address == "/work"


def test_an_ended_token_that_cannot_be_renewed_means_signing_in_again(guest: Browser, others: StandIns) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("supervisor", lasts=timedelta(seconds=-1)))
    others.answers["tenants"]["POST /v1/sessions/refresh"] = problem(401)
    guest.sign_in()
    assert guest.address.startswith("/sign-in")


def test_an_ended_token_while_tenants_is_away_is_not_available_right_now(guest: Browser, others: StandIns) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("supervisor", lasts=timedelta(seconds=-1)))
    others.answers["tenants"]["POST /v1/sessions/refresh"] = (503, {})
    guest.sign_in()
    assert guest.page.status_code == 503 and "暂时不可用" in guest.text


def test_a_token_a_service_refuses_means_signing_in_again(staff: Browser, others: StandIns) -> None:
    others.answers["dispatch"]["GET /v1/cases"] = problem(401)
    staff.open("/work")
    assert staff.address.startswith("/sign-in")


def test_nothing_of_a_guest_stays_after_signing_in(guest: Browser) -> None:
    guest.open("/t/linjiang")
    guest.send("/t/linjiang", text="漏水了", name="陈", phone="13800138000")
    guest.sign_in()
    assert "K7QM-3F9T" not in guest.open("/t/linjiang/done")
