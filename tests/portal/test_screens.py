"""Every screen, in both languages."""

import re

import pytest
from flask import Flask

from tests.portal.browsing import Browser, Forms
from tests.portal.stand_ins import CASE, DRAFT, TRACE, StandIns, session

GUEST = [
    "/",
    "/sign-in",
    "/t/linjiang",
    "/t/linjiang/progress",
    "/t/linjiang/survey",
    "/t/linjiang/figures",
    "/nowhere",
]
STAFF = ["/work", "/work/find?number=", f"/cases/{CASE}", "/intake", "/roster", "/kpis"]
LOOKING_BACK = ["/oversight", f"/oversight/callbacks/{CASE}", f"/oversight/reviews/{CASE}"]
ADMIN = ["/procedure", f"/procedure/drafts/{DRAFT}"]
OPERATOR = ["/operator", f"/operator/complaint?id={CASE}", f"/operator/traces/{TRACE}"]
SCREENS = [*GUEST, *STAFF, *LOOKING_BACK, *ADMIN, *OPERATOR]
LANGUAGES = {"zh-CN": "zh-Hans", "en-GB": "en"}


@pytest.mark.parametrize("browser_language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_speaks_the_visitors_language(
    app: Flask, others: StandIns, screen: str, browser_language: str
) -> None:
    page = visit(app, others, screen, browser_language)
    assert f'<html lang="{LANGUAGES[browser_language]}">' in page
    assert other_language_in(page, browser_language) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_every_field_has_a_label(app: Flask, others: StandIns, screen: str) -> None:
    """WCAG 1.3.1, 4.1.2."""
    page = visit(app, others, screen, "en-GB")
    ids = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page)
    assert all(f'for="{id}"' in page for id in ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("screen", SCREENS)
def test_the_language_switch_keeps_the_page(app: Flask, others: StandIns, screen: str) -> None:
    page = visit(app, others, screen, "en-GB")
    switch = re.search(r'<a href="([^"]+)" lang="zh-Hans"', page)
    assert switch
    assert (
        switch.group(1).split("?")[0] == (screen.split("?")[0] if "find" not in screen else "/work")
        or screen == "/nowhere"
    )


@pytest.mark.parametrize("screen", SCREENS)
def test_every_form_that_changes_something_carries_a_csrf_token(app: Flask, others: StandIns, screen: str) -> None:
    reader = Forms()
    reader.feed(visit(app, others, screen, "en-GB"))
    assert all(form.values.get("csrf_token") for form in reader.found if form.method == "post")


def test_the_language_that_was_switched_to_stays(guest: Browser) -> None:
    assert "Make a complaint" in guest.open("/t/linjiang?place=pl1&lang=en")
    assert guest.address == "/t/linjiang?place=pl1"
    assert "Sign in" in guest.open("/sign-in")


def test_a_signed_in_persons_own_language_comes_before_the_browsers(app: Flask, others: StandIns) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("supervisor", language="en"))
    assert "My department" in Browser(app, "zh-CN").sign_in().text


@pytest.mark.parametrize("browser_language", ["zh-TW", "zh-HK", "yue", "fr-FR", ""])
def test_whoever_reads_no_language_of_ours_gets_simplified_chinese(app: Flask, browser_language: str) -> None:
    assert "提交投诉" in Browser(app, browser_language).open("/t/linjiang")


def test_a_form_shown_again_in_a_refusal_switches_language_at_its_own_page(staff: Browser) -> None:
    staff.open(f"/cases/{CASE}")
    page = staff.send(f"/cases/{CASE}/transfer", reason="")
    assert f'href="/cases/{CASE}?lang=en"' in page


def role_for(screen: str) -> str:
    """Who opens it."""
    others = {"operator": OPERATOR, "admin": ADMIN, "manager": LOOKING_BACK}
    return next((role for role, screens in others.items() if screen in screens), "supervisor")


def visit(app: Flask, others: StandIns, screen: str, language: str) -> str:
    others.answers["tenants"]["POST /v1/sessions"] = (
        201,
        session(role_for(screen), language=""),
    )
    browser = Browser(app, language)
    if screen not in GUEST:
        browser.sign_in()
    return browser.open(screen)


def other_language_in(page: str, language: str) -> list[str]:
    """Labels and headings that are not in the page's language; names and texts of the tenant's own do not count."""
    words = re.findall(r"<(?:h1|h2|label|legend|summary|button)[^>]*>\s*(?:<span>)?([^<]+)", page)
    chinese = re.compile("[\u4e00-\u9fff]")
    own = ("LJ-", "春季修订", "Redress", "Jaeger", "VIP")
    said = [word.strip() for word in words if word.strip() and not word.strip().startswith(own)]
    return [word for word in said if bool(chinese.search(word)) == (language == "en-GB")]
