"""The figures over HTTP, and what stands behind them."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

A_DAY = timedelta(days=1)


def test_the_answer_shows_every_part_of_every_figure(firm):
    complaint = firm.registered()
    firm.hear(complaint, firm.opened(complaint), firm.closed(complaint.subject, firm.clock.now() + timedelta(hours=1)))
    answer = firm.get("/v1/kpis", to="2026-03-04", **{"from": "2026-03-04"})
    assert answer.status_code == 200
    figures = answer.json
    times = figures.pop("handling_minutes")
    assert (times["median"], times["count"]) == (pytest.approx(60, rel=0.025), 1)
    timely = {"numerator": 1, "denominator": 1, "rate": 1.0}
    assert figures == {
        "from": "2026-03-04",
        "to": "2026-03-04",
        "complaints": 1,
        "closed": 1,
        "open": 0,
        "breaches": 0,
        "timely": timely,
        "satisfaction": {"numerator": 0, "denominator": 0, "rate": None},
        "reopened": {"numerator": 0, "denominator": 1, "rate": 0.0},
        "repeated": {"numerator": 0, "denominator": 1, "rate": 0.0},
        "first_response_minutes": {"median": None, "p90": None, "count": 0},
        "by_channel": [{"key": "web", "count": 1}],
        "by_category": [{"key": "facilities", "count": 1, "timely": timely}],
        "by_department": [{"key": "engineering", "count": 1, "timely": timely}],
        "series": [{"day": "2026-03-04", "registered": 1, "closed": 1, "breached": 0}],
    }


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"from": "2026-04-01"}, "#/from"),
        ({"from": "yesterday"}, "#/from"),
        ({"to": "2026-02-30"}, "#/to"),
        ({"to": "20260331"}, "#/to"),
        ({"to": ""}, "#/to"),
        ({"to": "9999-12-31"}, "#/to"),
        ({"from": "2021-03-31"}, "#/to"),
        ({"from": "2020-02-29", "to": "2025-02-28"}, None),
        ({"from": "2021-04-01"}, None),
    ],
)
@pytest.mark.parametrize("path", ["/v1/kpis", "/v1/kpis/complaints"])
def test_a_period_that_is_none_is_refused_by_the_name_of_its_parameter(firm, path, given, wrong):
    answer = firm.get(path, **given)
    assert answer.status_code == (422 if wrong else 200)
    if wrong:
        assert [error["pointer"] for error in answer.json["errors"]] == [wrong]


def test_a_missing_day_is_named(firm):
    answer = firm.service.app.test_client().get("/v1/kpis", headers=firm.token("manager"))
    assert {error["pointer"] for error in answer.json["errors"]} == {"#/from", "#/to"}


@pytest.mark.parametrize("path", ["/v1/kpis", "/v1/kpis/complaints", "/v1/mystery-cases"])
def test_nobody_asks_without_signing_in(firm, path):
    assert firm.service.app.test_client().get(path).status_code == 401


@pytest.mark.parametrize("role", ["supervisor", "coordinator", "manager", "admin", "auditor"])
def test_those_who_oversee_see_all_departments(firm, role):
    firm.hear(*two_departments(firm))
    assert firm.get("/v1/kpis", role).json["complaints"] == 2


@pytest.mark.parametrize(("departments", "seen"), [((), 0), (("security",), 1), (("security", "engineering"), 2)])
def test_the_front_line_sees_its_own_departments(firm, departments, seen):
    firm.hear(*two_departments(firm))
    assert firm.get("/v1/kpis", "front_line", departments=departments).json["complaints"] == seen
    assert len(firm.get("/v1/kpis/complaints", "front_line", departments=departments).json["items"]) == seen


def test_operators_of_the_platform_see_no_figures(firm):
    assert firm.get("/v1/kpis", "operator").status_code == 403


def test_every_count_can_be_traced_to_its_complaints(firm):
    tell_of_one_each(firm)
    figures = firm.get("/v1/kpis").json
    counts = {
        "complaints": figures["complaints"],
        "closed": figures["closed"],
        "open": figures["open"],
        "breaches": figures["breaches"],
        "timely": figures["timely"]["numerator"],
        "late": figures["timely"]["denominator"] - figures["timely"]["numerator"],
        "surveyed": figures["satisfaction"]["denominator"],
        "satisfied": figures["satisfaction"]["numerator"],
        "dissatisfied": figures["satisfaction"]["denominator"] - figures["satisfaction"]["numerator"],
        "answered": figures["first_response_minutes"]["count"],
    }
    assert min(counts.values()) > 0
    assert {figure: len(behind(firm, figure=figure)) for figure in counts} == counts


def test_a_breach_is_traced_to_the_limit_that_was_not_kept(firm):
    tell_of_one_each(firm)
    [breach] = behind(firm, figure="breaches")
    assert (breach["limit_id"], breach["in_time"], breach["breached"]) == ("to-on_site", False, 1)
    assert datetime.fromisoformat(breach["missed_at"]) == firm.clock.now()


def test_the_list_can_be_narrowed_to_one_line_of_a_figure(firm):
    firm.hear(*two_departments(firm))
    assert [item["department"] for item in behind(firm, department="security")] == ["security"]
    assert behind(firm, department="security", channel="ota") == []
    assert len(behind(firm, category="facilities")) == 2


@pytest.mark.parametrize("figure", ["complaints", "open", "breaches"])
def test_pages_together_are_the_whole_list_without_repetition(firm, figure):
    complaints = [firm.registered(at=firm.clock.now() + n % 3 * A_DAY) for n in range(5)]
    clocks = [firm.started(each.subject, each.received_at) for each in complaints]
    firm.hear(*complaints, *clocks, *map(firm.breached, clocks))
    one_by_one, cursor = [], {}
    for _ in range(3):
        page = firm.get("/v1/kpis/complaints", figure=figure, limit=2, **cursor).json
        one_by_one += page["items"]
        cursor = {"cursor": page["next_cursor"]}
    assert cursor == {"cursor": None}
    assert one_by_one == behind(firm, figure=figure)
    assert len({item["complaint_id"] for item in one_by_one}) == len(one_by_one) == 5


@pytest.mark.parametrize(
    ("given", "wrong"),
    [({"figure": "profit"}, "figure"), ({"cursor": "2026_x"}, "cursor"), ({"limit": 201}, "limit")],
)
def test_a_list_that_cannot_be_given_is_refused_by_the_name_of_its_parameter(firm, given, wrong):
    answer = firm.get("/v1/kpis/complaints", **given)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, f"#/{wrong}")


def test_a_mystery_case_is_kept_out_of_every_figure_re_4(firm):
    complaint = tell_of_one_each(firm)[0]
    before = firm.get("/v1/kpis").json
    assert mark(firm, complaint, True).status_code == 200
    after = firm.get("/v1/kpis").json
    assert after["complaints"] == before["complaints"] - 1
    assert str(complaint) not in {item["complaint_id"] for item in behind(firm)}
    assert firm.mismatches() == []
    mark(firm, complaint, False)
    assert firm.get("/v1/kpis").json == before


def test_what_a_mystery_case_still_goes_through_does_not_bring_it_back(firm):
    complaint = firm.registered()
    firm.hear(complaint)
    mark(firm, complaint.subject, True)
    firm.hear(firm.opened(complaint), firm.closed(complaint.subject, satisfied=True))
    assert (firm.kpis().complaints, firm.kpis().closed) == (0, 0)


def test_who_marked_a_mystery_case_and_why_is_kept(firm):
    complaint = firm.registered()
    firm.hear(complaint)
    mark(firm, complaint.subject, True, reason="quarterly test call")
    mark(firm, complaint.subject, False, reason="a real guest after all")
    page = firm.get("/v1/mystery-cases", "auditor", limit=1, **{"from": "", "to": ""}).json
    assert [(item["mystery"], item["reason"]) for item in page["items"]] == [(False, "a real guest after all")]
    rest = firm.get("/v1/mystery-cases", "auditor", cursor=page["next_cursor"]).json
    assert [item["reason"] for item in rest["items"]] == ["quarterly test call"]


@pytest.mark.parametrize("role", ["front_line", "supervisor", "coordinator", "admin"])
def test_only_auditors_and_managers_know_of_mystery_cases(firm, role):
    assert mark(firm, uuid4(), True, role=role).status_code == 403
    assert firm.get("/v1/mystery-cases", role).status_code == 403


def test_another_tenants_complaint_cannot_be_marked(firm, another_firm):
    complaint = another_firm.registered()
    another_firm.hear(complaint)
    assert mark(firm, complaint.subject, True).status_code == 404
    assert another_firm.kpis().complaints == 1


def test_a_mark_without_a_reason_is_refused(firm):
    answer = mark(firm, uuid4(), True, reason="")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/reason")


def test_the_service_is_ready_and_describes_itself(firm):
    client = firm.service.app.test_client()
    assert client.get("/readyz").status_code == 200
    assert "/v1/kpis" in client.get("/v1/openapi.json").json["paths"]


def two_departments(firm):
    complaints = [firm.registered(), firm.registered()]
    return [
        *complaints,
        *(firm.opened(c, department=d) for c, d in zip(complaints, ("security", "engineering"), strict=True)),
    ]


def tell_of_one_each(firm):
    """A good, a bad and an open complaint."""
    good, bad, waiting = (firm.registered() for _ in range(3))
    late = firm.started(bad.subject, firm.clock.now())
    firm.hear(good, bad, waiting, late, firm.breached(late), firm.reached(good.subject, "contacted", firm.clock.now()))
    firm.hear(firm.closed(good.subject, satisfied=True), firm.closed(bad.subject, satisfied=False))
    return [good.subject, bad.subject, waiting.subject]


def behind(firm, **query):
    answer = firm.get("/v1/kpis/complaints", **query)
    assert (answer.status_code, answer.json["next_cursor"]) == (200, None)
    return answer.json["items"]


def mark(firm, complaint, mystery, reason="a test by the house", role="auditor"):
    client = firm.service.app.test_client()
    form = {"mystery": mystery, "reason": reason}
    return client.put(f"/v1/mystery-cases/{complaint}", json=form, headers=firm.token(role))
