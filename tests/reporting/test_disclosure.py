"""What everybody may read (RE-7): totals of periods that are over, no rate from a few, cases that name nobody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.procedure.vocabulary import DISCLOSED
from services.reporting.domain.disclosure import FEWEST, FIGURES, disclosed, periods_over
from services.reporting.domain.kpis import kpis
from services.reporting.domain.period import Period
from tests.reporting.conftest import NOON
from tests.reporting.test_draws import ON_BOTH_DATABASES, closings, late, urls  # noqa: F401 (fixtures)

MONTHLY = {"disclosure": {"every": "month", "shown": ["received", "timely_rate", "completion_rate"], "cases": True}}
WORDS = {"title": "电梯修好了", "text": "住户反映电梯停运，当天修复，并更换了老化的部件。", "published": True}


@ON_BOTH_DATABASES
def test_everybody_reads_the_months_that_are_over(late):  # noqa: F811
    """RE-7: without signing in; the month that runs is not told of."""
    late.hear(late.published(**MONTHLY), *closings(late, 6))
    assert page(late).json["periods"] == []
    late.clock.advance(days=28)
    shown = page(late).json
    (march,) = shown["periods"]
    assert (shown["every"], march["from"], march["to"]) == ("month", "2026-03-01", "2026-03-31")
    assert march["figures"] == [
        {"name": "received", "kind": "count", "value": 6.0},
        {"name": "timely_rate", "kind": "rate", "value": 1.0},
        {"name": "completion_rate", "kind": "rate", "value": 1.0},
    ]


def test_no_rate_is_told_of_a_few(late):  # noqa: F811
    """RE-7, PR-1: a neighbour could name them."""
    late.hear(late.published(**MONTHLY), *closings(late, FEWEST - 1))
    late.clock.advance(days=28)
    (march,) = page(late).json["periods"]
    assert [figure["value"] for figure in march["figures"]] == [4.0, None, None]


def test_a_firm_that_publishes_nothing_has_no_such_page(late):  # noqa: F811
    """RE-7."""
    assert page(late).status_code == 404
    late.hear(late.published(), *closings(late, 6))
    assert page(late).status_code == 404
    assert late.service.app.test_client().get("/v1/disclosure/nobody").status_code == 404


def test_the_page_is_not_sent_again_while_nothing_changed(late):  # noqa: F811
    """RE-7."""
    late.hear(late.published(**MONTHLY))
    first = page(late)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = late.service.app.test_client().get(first.request.path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@ON_BOTH_DATABASES
def test_a_manager_publishes_a_typical_case_and_takes_it_back(late):  # noqa: F811
    """RE-7: who did it and when stays."""
    late.hear(late.published(**MONTHLY), *(told := closings(late, 1)))
    assert write(late, told[0].subject, **WORDS).status_code == 200
    assert page(late).json["cases"] == [{"title": WORDS["title"], "text": WORDS["text"]}]
    write(late, told[0].subject, **WORDS | {"published": False})
    assert page(late).json["cases"] == []
    kept = late.get("/v1/typical-cases", "auditor").json
    assert [change["published"] for change in kept["changes"]] == [False, True]
    assert kept["items"][0]["number"] == "2603-1234-5678"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("text", "住户王女士的电话是 139 0000 1111，当天修复。"),
        ("text", "有疑问请写信给 wang@example.cn，我们会答复。"),
        ("title", "投诉2603-1234-5678"),
    ],
)
def test_words_that_name_somebody_are_not_kept(late, field, words):  # noqa: F811
    """RE-7, PR-1."""
    late.hear(late.published(**MONTHLY), *(told := closings(late, 1)))
    refused = write(late, told[0].subject, **WORDS | {field: words})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"#/{field}")
    assert late.get("/v1/typical-cases").json["items"] == []


def test_an_open_case_is_no_example(late):  # noqa: F811
    """RE-7: and one that begins again is no longer told of."""
    late.hear(late.published(**MONTHLY), opened := late.registered(), *(told := closings(late, 1)))
    assert write(late, opened.subject, **WORDS).status_code == 409
    write(late, told[0].subject, **WORDS)
    late.hear(late.reopened(told[0].subject))
    assert page(late).json["cases"] == []


def test_only_a_manager_writes_them_and_only_of_a_case_of_the_firm(late):  # noqa: F811
    """RE-7."""
    late.hear(late.published(**MONTHLY), *(told := closings(late, 1)))
    assert write(late, told[0].subject, "auditor", **WORDS).status_code == 403
    assert write(late, uuid4(), **WORDS).status_code == 404


def test_every_figure_that_a_procedure_may_show_is_counted():
    """RE-7."""
    assert tuple(FIGURES) == DISCLOSED


@given(closed=st.integers(0, 40), still_open=st.integers(0, 40), surveyed=st.integers(0, 40))
def test_a_rate_is_a_rate_of_enough_or_not_told(closed, still_open, surveyed):
    """RE-7."""
    sums = {("", "", ""): {"closed": closed, "closed_in_time": closed, "surveyed": surveyed, "satisfied": surveyed}}
    shown = ["completion_rate", "satisfaction"]
    told = disclosed(kpis(Period(NOON.date(), NOON.date()), sums, {}, {}, still_open), shown).figures
    for figure, of in zip(told, (closed + still_open, surveyed), strict=True):
        assert (figure.value is None) == (of < FEWEST)
        assert figure.value is None or 0 <= figure.value <= 1


@pytest.mark.parametrize("every", ["month", "quarter"])
def test_the_periods_before_today_follow_each_other(every):
    """RE-7."""
    today = NOON.date()
    found = periods_over(today, every, 5)
    assert found[0].last < today
    assert all(
        later.first == earlier.last + timedelta(days=1) for later, earlier in zip(found, found[1:], strict=False)
    )


def page(firm):
    return firm.service.app.test_client().get(f"/v1/disclosure/{firm.id.hex}")


def write(firm, complaint_id, role="manager", **content):
    path = f"/v1/typical-cases/{complaint_id}"
    return firm.service.app.test_client().put(path, json=content, headers=firm.token(role))
