"""What keeps visitors safe: headers, CSRF, escaping, cookies."""

import copy
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from services.portal.config import Config
from services.portal.main import build
from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, DELIVERY, DRAFT, StandIns, session
from tests.portal.test_screens import OPERATOR, SCREENS, visit

XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</textarea><svg onload=alert(1)>",
    "{{ 7*7 }}",
    "{product.__class__}",
    "javascript:alert(1)",
]
KEPT_AS_THEY_ARE = {"at", "id", "state", "action", "milestone", "key", "day", "clock_id", "limit_id", "outcome"}
ADDRESSES = ("href", "src", "action", "formaction", "hx-get")
MEASURED = re.compile(r"_(?:at|id|by|seconds|ms)$")


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_runs_or_styles_anything_inline(app: Flask, others: StandIns, screen: str) -> None:
    page = visit(app, others, screen, "zh-CN")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=|javascript:", page)
    assert not re.search(r'(?:src|href|action|hx-get)="(?:https?:)?//(?!jaeger\.example\.cn)', page)


def test_the_policy_lets_nothing_in_from_elsewhere(guest: Browser) -> None:
    guest.open("/")
    policy = guest.page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy


def test_no_page_is_kept_by_a_cache(staff: Browser) -> None:
    staff.open(f"/cases/{CASE}")
    assert staff.page.headers["Cache-Control"] == "no-store"
    assert staff.page.headers["Referrer-Policy"] == "same-origin"
    assert staff.page.headers["X-Content-Type-Options"] == "nosniff"


def test_cookies_travel_over_https_only_and_no_script_reads_them(config: Config, others: StandIns) -> None:
    answer = build(config, others.transports()).test_client().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


POSTS = [
    ("/sign-in", "tenants"),
    ("/sign-out", "tenants"),
    ("/t/linjiang", "intake"),
    ("/t/linjiang/leave", "intake"),
    ("/t/linjiang/progress", "intake"),
    ("/t/linjiang/progress/messages", "intake"),
    ("/t/linjiang/progress/withdraw", "intake"),
    ("/t/linjiang/survey", "notify"),
    ("/t/linjiang/survey/open", "notify"),
    ("/intake", "intake"),
    (f"/cases/{CASE}/accept", "dispatch"),
    (f"/cases/{CASE}/full-view", "intake"),
    (f"/cases/{CASE}/forms/record.pdf", "intake"),
    (f"/cases/{CASE}/notices/{DELIVERY}/send-again", "notify"),
    (f"/cases/{CASE}/references", "intake"),
    (f"/cases/{CASE}/references/{CASE}", "intake"),
    (f"/cases/{CASE}/references/{CASE}/handed-back", "intake"),
    (f"/cases/{CASE}/standing", "intake"),
    (f"/cases/{CASE}/standing/{CASE}/lift", "intake"),
    (f"/cases/{CASE}/messages", "intake"),
    (f"/cases/{CASE}/messages/read", "dispatch"),
    ("/roster/shifts", "dispatch"),
    ("/roster/shifts/remove", "dispatch"),
    ("/roster/absences", "dispatch"),
    (f"/roster/absences/{CASE}/end", "dispatch"),
    (f"/oversight/callbacks/{CASE}/{CASE}", "reporting"),
    ("/oversight/typical-cases", "reporting"),
    ("/operator/clock", "platform"),
    ("/procedure/drafts", "tenants"),
    (f"/procedure/drafts/{DRAFT}", "tenants"),
    (f"/procedure/drafts/{DRAFT}/publish", "tenants"),
    (f"/procedure/drafts/{DRAFT}/drop", "tenants"),
    (f"/procedure/drafts/{DRAFT}/try", "dispatch"),
    (f"/procedure/drafts/{DRAFT}/preview", "sla"),
]


@pytest.mark.parametrize(("address", "service"), POSTS)
def test_a_form_from_elsewhere_is_refused_and_reaches_no_service(
    staff: Browser, others: StandIns, address: str, service: str
) -> None:
    before = len(others.asked)
    page = staff.post(address, text="forged", reason="forged", tenant="x", login="x", password="x")
    assert staff.page.status_code == 400 and "什么都没有提交" in page
    assert len(others.asked) == before


def test_every_post_of_the_portal_is_in_the_list_above(app: Flask) -> None:
    posts = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert len(posts) == len(POSTS) + 1  # and the replay of a parked event, which is for operators


@pytest.mark.parametrize("evil", XSS)
@pytest.mark.parametrize("screen", SCREENS)
def test_whatever_a_service_answers_is_shown_as_text(app: Flask, others: StandIns, screen: str, evil: str) -> None:
    for service in set(others.answers) - {"tenants"}:
        others.answers[service] = {path: poisoned(answer, evil) for path, answer in others.answers[service].items()}
    procedure = others.answers["tenants"]
    written = [path for path in procedure if "/drafts" in path or "/procedures" in path or "/presets" in path]
    for path in ("GET /v1/procedure", "GET /v1/public/tenants/linjiang/form", "GET /v1/people", *written):
        procedure[path] = poisoned(procedure[path], evil)
    page = visit(app, others, screen, "zh-CN")
    assert harmless(page)


@pytest.mark.parametrize("evil", XSS)
def test_whatever_a_guest_types_comes_back_as_text(guest: Browser, evil: str) -> None:
    guest.open("/t/linjiang")
    fields = ("asked_for", "where", "name", "phone", "email", "happened_at", "kept_file", "category", "place_id")
    page = guest.send("/t/linjiang", **dict.fromkeys(fields, evil))
    assert guest.page.status_code == 422 and harmless(page)


@pytest.mark.parametrize("evil", XSS)
def test_whatever_stands_in_an_address_comes_back_as_text(staff: Browser, evil: str) -> None:
    for address in (
        "/work/find?number=",
        "/work?department=",
        "/work?view=",
        "/kpis?period=own&from=",
        "/sign-in?next=",
    ):
        assert harmless(staff.open(address + evil))


@pytest.mark.parametrize("slug", ["a%3Fb", "a%23b", "..%2F..", "A", "a%20b", "%E4%B8%AD"])
def test_a_slug_that_is_none_reaches_no_service(guest: Browser, others: StandIns, slug: str) -> None:
    guest.open(f"/t/{slug}")
    assert guest.page.status_code == 404 and not others.asked


def test_more_than_the_portal_takes_is_refused_kindly(guest: Browser, app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    page = guest.post("/t/linjiang", text="x" * 2000)
    assert guest.page.status_code == 413 and "文件太大" in page


@pytest.mark.parametrize("screen", [screen for screen in SCREENS if screen not in OPERATOR])
@pytest.mark.parametrize("broken", [(500, {}), (200, []), (200, {}), (404, {}), (429, {})])
def test_no_answer_of_a_service_makes_a_500(app: Flask, others: StandIns, screen: str, broken: tuple[int, Any]) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("supervisor"))
    browser = Browser(app)
    if screen.startswith(("/work", "/cases", "/intake", "/kpis")):
        browser.sign_in()
    for answers in others.answers.values():
        answers.update(dict.fromkeys(answers, broken))
    browser.open(screen)
    assert browser.page.status_code in (200, 404, 422)


def poisoned(answer: Any, evil: str) -> Any:
    """The same answer with every free text replaced; ids, times and numbers stay what they are."""
    if isinstance(answer, tuple):
        return answer[0], poisoned(answer[1], evil)
    if isinstance(answer, list):
        return [poisoned(each, evil) for each in answer]
    if isinstance(answer, dict):
        return {
            key: copy.copy(value)
            if isinstance(value, str) and (key in KEPT_AS_THEY_ARE or MEASURED.search(key))
            else poisoned(value, evil)
            for key, value in answer.items()
        }
    return evil if isinstance(answer, str) else answer


def harmless(page: str) -> bool:
    """Every script and picture is ours, nothing listens to events, no link runs anything."""
    reader = Tags()
    reader.feed(page)
    return not any(evil_attribute(*attribute) for _, given in reader.found for attribute in given.items()) and all(
        (given.get("src") or "").startswith("/static/") for tag, given in reader.found if tag in ("script", "img")
    )


def evil_attribute(name: str, value: str | None) -> bool:
    runs = name in ADDRESSES and (value or "").lower().strip().startswith("javascript:")
    return runs or name.startswith("on")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))
