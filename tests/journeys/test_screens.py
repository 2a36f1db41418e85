"""One complaint through the screens, in Chromium: a guest with a phone, an engineer, a manager, an operator."""

from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

from deploy.demo import PNG
from deploy.demo_tenants import PASSWORD
from libs.common import telemetry
from libs.common.testing.waiting import eventually
from libs.common.traces import LocalSpans
from tests.journeys.conftest import MONDAY
from tests.platforms.embedded import Embedded
from tests.platforms.firm import open_a_firm

PHONE = {"width": 390, "height": 844}
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
RESULT = "已更换破裂的水管，地板已晾干，不影响居住。"


def test_a_guest_complains_and_is_told_the_result(open_browser, platform):
    """PO-1, PO-2, PO-5, IN-3, RE-1: form, queue, steps, result, figures and trace."""
    guest, staff, manager, operator = (open_browser(**size) for size in ({"viewport": PHONE}, {}, {}, {}))
    number, secret = complain(guest)

    sign_in(staff, "qinghe", "engineer")
    case = eventually(lambda: in_the_queue(staff, number), within=30)
    case.click()
    expect(staff.locator("h1")).to_have_text(number)
    expect(staff.locator(".column-main .files a")).to_have_count(1)
    expect(staff.locator("#complainant")).to_contain_text("139****3333")
    take(staff, "accept", note="马上到")
    for milestone in ("on_site", "first_measures", "verified", "planned", "carried_out"):
        take(staff, "milestone", milestone=milestone, note="已完成")
    take(staff, "result", text=RESULT, written=True, spoken=True)
    take(staff, "close", outcome="solved", satisfied="yes")
    expect(staff.locator(".case-head")).to_contain_text("已办结")
    complaint_id = urlsplit(staff.url).path.rsplit("/", 1)[1]

    follow(guest, number, secret)
    eventually(lambda: guest.reload() and guest.locator(".result").count(), within=30)
    expect(guest.locator(".result")).to_contain_text(RESULT)
    assert not guest.evaluate(WIDER_THAN_THE_SCREEN)

    sign_in(manager, "qinghe", "manager")
    figures = eventually(lambda: figures_on(manager, closed="1"), within=30)
    assert figures["complaints"] == "1" and "100" in figures["timely"]

    sign_in(operator, "platform", "operator")
    operator.fill("#id", complaint_id)
    operator.click("form.find button")
    expect(operator.locator("main")).to_contain_text("case.closed.v1")
    eventually(lambda: operator.reload() and operator.locator("main table").count() == 2, within=30)
    operator.locator("main table").nth(1).locator("a").first.click()
    expect(operator.locator(".waterfall li").first).to_be_visible()
    assert RESULT not in operator.content() and "水管" not in operator.content()


def test_the_duty_roster_is_planned_and_read(open_browser, platform):
    """PO-2, DI-3: a head adds a shift and an absence, the engineer reads them on a phone."""
    head, engineer = open_browser(), open_browser(viewport=PHONE)
    sign_in(head, "qinghe", "engineering-head")
    head.goto("/roster")
    plan(head, "shifts", person_id="马强", starts_at="2026-09-29T20:00", ends_at="2026-09-30T08:00")
    plan(
        head, "shifts", person_id="陆涛", starts_at="2026-09-28T08:00", ends_at="2026-09-28T20:00", role="duty_manager"
    )
    away = {"starts_at": "2026-10-01T08:00", "ends_at": "2026-10-02T20:00"}
    plan(head, "absences", person_id="石磊", substitute_id="马强", **away)
    expect(head.locator(".shifts li")).to_have_count(3)
    head.locator('form[action$="/shifts/remove"] button').first.click()
    expect(head.locator(".shifts li")).to_have_count(2)

    sign_in(engineer, "qinghe", "engineer")
    engineer.goto("/roster")
    expect(engineer.locator("main")).to_contain_text("20:00–9月30日")
    expect(engineer.locator('form[action$="/shifts/remove"]')).to_have_count(0)
    assert not engineer.evaluate(WIDER_THAN_THE_SCREEN)


def plan(page: Page, what: str, **chosen: str) -> None:
    """Fill in that form of the roster, a person by name, and send it."""
    form = page.locator(f'form[action$="/{what}#{what.removesuffix("s")}"]')
    for name, value in chosen.items():
        field = form.locator(f'[name="{name}"]')
        if name.endswith("_id"):
            field.select_option(field.locator("option", has_text=value).first.get_attribute("value"))
        elif name == "role":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        form.locator("button.btn-primary").click()
    expect(page.locator(".note-bad")).to_have_count(0)


def complain(guest: Page) -> tuple[str, str]:
    """Number and secret from the slip."""
    guest.goto("/t/qinghe")
    assert guest.evaluate("document.documentElement.lang") == "zh-Hans"
    assert not guest.evaluate(WIDER_THAN_THE_SCREEN)
    place = guest.locator("#f-place_id option", has_text="302室").get_attribute("value")
    guest.select_option("#f-place_id", place)
    for field, text in (("text", "302室水管爆管，地板淹了，没法住"), ("name", "李建国"), ("phone", "13900003333")):
        guest.fill(f"#f-{field}", text)
    guest.set_input_files("input[type=file]", {"name": "地板.png", "mimeType": "image/png", "buffer": PNG})
    guest.click("main form button.btn-primary")
    guest.wait_for_url("**/done")
    assert not guest.evaluate(WIDER_THAN_THE_SCREEN)
    return guest.inner_text("#number"), guest.inner_text("#secret")


def follow(guest: Page, number: str, secret: str) -> None:
    """As on another day: number and secret are typed in."""
    guest.context.clear_cookies()
    guest.goto("/t/qinghe/progress")
    guest.fill("#f-number", number)
    guest.fill("#f-secret", secret)
    guest.click("main form button.btn-primary")
    expect(guest.locator("h1")).to_have_text(number)


def sign_in(page: Page, tenant: str, login: str) -> None:
    page.goto("/sign-in")
    for field, text in (("tenant", tenant), ("login", login), ("password", PASSWORD)):
        page.fill(f"#f-{field}", text)
    page.click("main form button.btn-primary")
    page.wait_for_url("**/operator" if tenant == "platform" else "**/work")


def in_the_queue(staff: Page, number: str):
    """The link to the case, once it is the engineer's own; either engineer may have got it."""
    staff.goto("/work?view=department")
    link = staff.locator("a.case-link", has_text=number)
    return link if link.count() else None


def take(staff: Page, action: str, **words: str | bool) -> None:
    """Fill in the form of this step and send it."""
    form = staff.locator(f'form[action*="/{action}#"]')
    if "milestone" in words:
        form = form.filter(has=staff.locator(f'option[value="{words["milestone"]}"]'))
    step = staff.locator("details.step").filter(has=form)
    if step.get_attribute("open") is None:
        step.locator("summary").first.click()
    for name, value in words.items():
        field = form.locator(f'[name="{name}"]')
        if value is True:
            field.check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button.btn-primary").click()
    staff.wait_for_url(f"**/cases/*?done={action}*")


def figures_on(manager: Page, closed: str) -> dict[str, str] | None:
    manager.goto("/kpis")
    shown = manager.locator(".kpi .figure").all_inner_texts()
    figures = dict(zip(("complaints", "closed", "open", "breaches", "timely"), shown, strict=False))
    return figures if figures.get("closed") == closed else None


@pytest.fixture
def open_browser(new_context, address):
    """Browsers in which nothing may go wrong unseen, and nothing may be asked of another host."""
    expect.set_options(timeout=20_000)
    said: list[str] = []

    def opened(**size) -> Page:
        context: BrowserContext = new_context(locale="zh-CN", base_url=address, **size)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
        page.on("request", lambda request: None if request.url.startswith(address) else said.append(request.url))
        return page

    yield opened
    assert said == []


@pytest.fixture
def address(platform):
    server = make_server("127.0.0.1", 0, platform.platform.wsgi, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def platform(tmp_path):
    spans = LocalSpans(tmp_path / "traces.db")
    provider = telemetry.configure("redress", spans)
    running = Embedded(tmp_path, spans)
    running.clock.begin_at(MONDAY)
    running.start()
    open_a_firm(running, "qinghe")
    yield running
    running.stop()
    provider.shutdown()
    telemetry.configure("redress", None)
