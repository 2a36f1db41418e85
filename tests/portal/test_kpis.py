"""The figures (RE-1)."""

import pytest

from tests.portal.browsing import Browser
from tests.portal.stand_ins import KPIS, StandIns, problem


def test_a_rate_shows_what_it_was_counted_from(staff: Browser) -> None:
    page = staff.open("/kpis")
    assert "92.9%" in page and "<b>104</b> / 112" in page and "按时办结 ÷ 全部办结" in page


def test_no_answered_survey_is_a_dash_and_not_zero(staff: Browser, others: StandIns) -> None:
    none = {"numerator": 0, "denominator": 0, "rate": None}
    others.answers["reporting"]["GET /v1/kpis"] = KPIS | {"satisfaction": none}
    card = staff.open("/kpis").split("<h2>满意度</h2>")[1].split("</section>")[0]
    assert "–" in card and "0.0%" not in card


def test_the_chart_stands_in_the_page_and_also_as_a_table(staff: Browser) -> None:
    page = staff.open("/kpis")
    assert page.count('<rect class="bar-registered"') == 21
    assert '<td class="n">' in page and "2026-11-21" in page


def test_an_own_period_is_handed_on(staff: Browser, others: StandIns) -> None:
    staff.open("/kpis?period=own&from=2026-10-01&to=2026-10-31")
    asked = others.requests("reporting", "/v1/kpis")[-1].url.params
    assert (asked["from"], asked["to"]) == ("2026-10-01", "2026-10-31")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("from=2026-10-31&to=2026-10-01", "开始日期不能晚于结束日期"),
        ("from=soon&to=2026-10-01", "请填写有效的日期"),
        ("from=2001-01-01&to=2026-10-01", "期间最长三年"),
    ],
)
def test_a_period_that_is_none_is_named(staff: Browser, asked: str, says: str) -> None:
    assert says in staff.open(f"/kpis?period=own&{asked}")
    assert staff.page.status_code == 422


def test_figures_are_missed_only_in_their_own_part(staff: Browser, others: StandIns) -> None:
    others.down.add("reporting")
    page = staff.open("/kpis")
    assert staff.page.status_code == 200 and "统计数据暂时无法显示" in page and "本月" in page


def test_who_may_not_see_figures_is_told_so(staff: Browser, others: StandIns) -> None:
    others.answers["reporting"]["GET /v1/kpis"] = problem(403)
    staff.open("/kpis")
    assert staff.page.status_code == 403
