"""The screens in Chromium: nothing breaks the policy, nothing runs off a phone."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.portal.stand_ins import CASE, DRAFT, StandIns, session
from tests.portal.test_standing import said, standing
from tests.portal.whole_case import paying_procedure, whole_case

STAFF_SCREENS = ["/work", f"/cases/{CASE}", "/intake", "/roster", "/kpis"]
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

OPEN_EVERYTHING = (
    "document.querySelectorAll('details').forEach(each => { each.removeAttribute('name'); each.open = true })"
)


def test_no_screen_runs_off_a_phone_or_breaks_the_policy(page: Page, portal: str) -> None:
    said = listen(page)
    page.set_viewport_size({"width": 390, "height": 844})
    for screen in ["/", "/t/linjiang", "/t/linjiang/progress", "/sign-in"]:
        page.goto(portal + screen)
        assert not page.evaluate(WIDER_THAN_THE_SCREEN), screen
    sign_in(page, portal)
    for screen in STAFF_SCREENS:
        page.goto(portal + screen)
        assert not page.evaluate(WIDER_THAN_THE_SCREEN), screen
    assert said == []


def test_a_case_with_every_step_open_runs_off_no_screen(page: Page, portal: str, others: StandIns) -> None:
    """PO-2."""
    others.answers["dispatch"][f"GET /v1/cases/{CASE}"] = whole_case()
    others.answers["tenants"]["GET /v1/procedure"] = paying_procedure()
    others.answers["intake"][f"GET /v1/complaints/{CASE}/standing"] = standing(said(), past=[said()], may_set=True)
    complaints = listen(page)
    sign_in(page, portal)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{portal}/cases/{CASE}")
        page.evaluate(OPEN_EVERYTHING)
        assert not page.evaluate(WIDER_THAN_THE_SCREEN), width
    assert complaints == []


def test_a_draft_with_all_that_was_tried_runs_off_no_screen(page: Page, portal: str, others: StandIns) -> None:
    """PO-4."""
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("admin"))
    complaints = listen(page)
    sign_in(page, portal)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for what, typed in (("try", "#try-text"), ("preview", None)):
            page.goto(f"{portal}/procedure/drafts/{DRAFT}")
            if typed:
                page.fill(typed, "厨房漏水")
            page.click(f"#{what} button")
            page.locator(f"#{what} .apart").first.wait_for()
            page.evaluate(OPEN_EVERYTHING)
            assert not page.evaluate(WIDER_THAN_THE_SCREEN), (width, what)
    assert complaints == []


def test_choosing_to_stay_anonymous_takes_the_contact_fields_away(page: Page, portal: str) -> None:
    """IN-5."""
    page.goto(f"{portal}/t/linjiang")
    page.check("#f-anonymous")
    assert not page.is_visible("#f-name") and not page.is_visible("#f-phone")
    page.check("input[data-way=sms]")
    assert page.is_visible("#f-phone") and not page.is_visible("#f-email")


def test_a_second_click_while_sending_does_nothing(page: Page, portal: str, others: StandIns) -> None:
    page.goto(f"{portal}/t/linjiang")
    for field, text in (("text", "空调漏水"), ("name", "陈"), ("phone", "13800138000")):
        page.fill(f"#f-{field}", text)
    page.dblclick("main form button.btn-primary")
    page.wait_for_url("**/done")
    assert len(others.requests("intake", "/v1/public/linjiang/complaints")) == 1


def test_the_link_of_a_survey_opens_it_and_one_tap_answers(page: Page, portal: str, others: StandIns) -> None:
    """NO-5."""
    said = listen(page)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{portal}/t/linjiang/survey#the-token-{width}")
        page.locator(".score").nth(3).wait_for()
        page.wait_for_url("**/t/linjiang/survey")
        assert "#" not in page.url and not page.evaluate(WIDER_THAN_THE_SCREEN)
    page.locator(".score").nth(3).click()
    page.wait_for_url("**/survey?sent=1")
    assert others.said("notify", "/v1/public/surveys/answers") == {
        "token": "the-token-1280",
        "score": 4,
        "comment": None,
    }
    assert said == []


def test_more_cases_are_added_to_the_list_in_place(page: Page, portal: str) -> None:
    sign_in(page, portal)
    before = page.locator(".case").count()
    page.click(".case-more a")
    page.locator(".case").nth(before).wait_for()
    assert page.url == f"{portal}/work"


def sign_in(page: Page, portal: str) -> None:
    page.goto(f"{portal}/sign-in")
    for field in ("tenant", "login", "password"):
        page.fill(f"#f-{field}", "linjiang")
    page.click("main button")
    page.wait_for_url("**/work")


def listen(page: Page) -> list[str]:
    """What the browser complains of from now on."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    return said


@pytest.fixture
def portal(app: Flask) -> Iterator[str]:
    """The portal behind a real port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
