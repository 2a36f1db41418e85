"""Looking back, and what everybody may read of it (RE-4, RE-7)."""

import json

import pytest
from flask import Flask

from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, StandIns, problem, session


@pytest.fixture
def manager(app: Flask, others: StandIns) -> Browser:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("manager"))
    return Browser(app).sign_in()


def test_everybody_reads_the_figures_and_too_few_are_a_dash(guest: Browser) -> None:
    """RE-7."""
    page = guest.open("/t/linjiang/figures")
    assert "2026年10月" in page and "95.2%" in page
    assert "–" in page.split("2026年9月")[1].split("</tr>")[0]


def test_a_firm_that_publishes_nothing_has_no_such_page(guest: Browser, others: StandIns) -> None:
    """RE-7."""
    others.answers["reporting"]["GET /v1/disclosure/linjiang"] = problem(404)
    guest.open("/t/linjiang/figures")
    assert guest.page.status_code == 404


@pytest.mark.parametrize("disclosed", [True, False])
def test_the_form_leads_to_the_figures_where_there_are_any(guest: Browser, others: StandIns, disclosed: bool) -> None:
    """RE-7."""
    form = others.answers["tenants"]["GET /v1/public/tenants/linjiang/form"]
    others.answers["tenants"]["GET /v1/public/tenants/linjiang/form"] = form | {"disclosed": disclosed}
    for address in ("/t/linjiang", "/t/linjiang/progress"):
        assert ('href="/t/linjiang/figures"' in guest.open(address)) is disclosed


@pytest.mark.parametrize(
    ("kind", "outcome", "said"),
    [
        ("callbacks", "unsatisfied", {"reached": True, "satisfied": False}),
        ("callbacks", "not_reached", {"reached": False}),
        ("reviews", "not_kept", {"kept": False}),
    ],
)
def test_what_came_of_it_is_recorded(
    manager: Browser, others: StandIns, kind: str, outcome: str, said: dict[str, bool]
) -> None:
    """RE-4."""
    manager.open(f"/oversight/{kind}/{CASE}")
    manager.send(f"/oversight/{kind}/{CASE}/{CASE}", outcome=outcome, note="x")
    sent = others.requests("reporting", f"/v1/{kind}/{CASE}/complaints/{CASE}")[-1]
    assert json.loads(sent.content) == said | {"note": "x"}


def test_nothing_is_recorded_without_an_outcome(manager: Browser, others: StandIns) -> None:
    """RE-4."""
    manager.open(f"/oversight/reviews/{CASE}")
    manager.send(f"/oversight/reviews/{CASE}/{CASE}", outcome="")
    assert manager.page.status_code == 422
    assert others.requests("reporting", f"/v1/reviews/{CASE}/complaints/{CASE}") == []


def test_words_that_name_somebody_are_shown_at_their_field(manager: Browser, others: StandIns) -> None:
    """RE-7."""
    others.answers["reporting"][f"PUT /v1/typical-cases/{CASE}"] = problem(422, text="take out the phone")
    manager.open("/oversight")
    page = manager.send("/oversight/typical-cases", number="2611-0847-3391", title="水管", text="打 13900001111")
    assert manager.page.status_code == 422 and "take out the phone" in page


def test_differences_of_the_ledger_are_named(manager: Browser) -> None:
    """DI-10."""
    page = manager.open("/oversight")
    assert "差异1处" in page and "700" in page


def test_who_only_handles_cases_is_not_led_there(app: Flask, others: StandIns) -> None:
    """RE-4."""
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("front_line"))
    assert 'href="/oversight"' not in Browser(app).sign_in().open("/work")
