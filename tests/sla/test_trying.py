"""The limits of a Procedure are tried before it is published: on given facts (SL-1) and on past cases (PO-4)."""

from copy import deepcopy
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from libs.common import auth
from libs.common.procedure import presets
from libs.common.procedure.reading import yaml_from_mapping

P1 = presets.load("p1-accommodation")
LEAK = {"channel": "web", "category": "facility_repair", "urgency": "urgent", "department": "engineering"}
CASE = UUID(int=7)
RECEIVED = "2026-03-02T02:00:00Z"


def test_each_limit_that_would_run_is_shown_with_its_end_and_why(firm):
    limits = trying(firm, document=on_site_within("90min")).json["items"]
    [on_site] = [limit for limit in limits if limit["limit_id"] == "urgent-on-site"]
    assert at(on_site["due_at"]) - at(RECEIVED) == timedelta(minutes=90)
    assert on_site["explanation"][0]["en"] == "Limit: on-site check (urgent), 90 minutes."
    begun = [limit["due_at"] for limit in limits if limit["due_at"]]
    assert begun == sorted(begun)


def test_a_limit_that_has_not_begun_is_shown_without_times(firm):
    waiting = trying(firm, version=1).json["items"][-1]
    assert (waiting["limit_id"], waiting["due_at"], waiting["explanation"]) == ("survey", None, [])
    reached = {"carried_out": "2026-03-03T02:00:00Z"}
    begun = trying(firm, yaml=yaml_from_mapping(P1), reached=reached).json["items"]
    assert all(limit["due_at"] for limit in begun)


def test_limits_of_other_cases_are_not_shown(firm):
    shown = {limit["limit_id"] for limit in trying(firm, version=1, facts=LEAK | {"urgency": "general"}).json["items"]}
    assert "urgent-on-site" not in shown


def test_trying_starts_no_clock(firm):
    before = len(firm.said())
    trying(firm, version=1)
    assert len(firm.said()) == before


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"version": 7}, "#/version"),
        ({"document": P1 | {"limits": 3}}, "limits"),
        ({"version": 1, "facts": LEAK | {"category": "pigeons"}}, "#/facts/category"),
        ({"version": 1, "facts": LEAK | {"channel": "pigeon"}}, "#/facts/channel"),
        ({"version": 1, "reached": {"fixed": RECEIVED}}, "#/reached/fixed"),
        ({"version": 1, "received_at": "0001-01-01T00:00:00Z"}, "#/received_at"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_the_field(firm, given, field):
    refused = trying(firm, **given)
    assert refused.status_code == 422, refused.json
    assert [error["pointer"] for error in refused.json["errors"]] == [field]


@pytest.mark.parametrize("roles", [["front_line"], ["coordinator"], ["auditor"]])
def test_only_who_answers_for_rules_may_try_them(firm, roles):
    assert trying(firm, roles=roles, version=1).status_code == 403
    assert previewing(firm, roles=roles, version=1).status_code == 403


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_preview_shows_which_limits_would_end_at_another_time(firm):
    case = firm.open()
    firm.reach(case, "on_site", firm.clock.at + timedelta(minutes=100))
    shown = previewing(firm, document=on_site_within("90min")).json
    assert (shown["cases"], shown["cases_changed"], shown["late_before"], shown["late_after"]) == (1, 1, 0, 1)
    [row] = shown["items"]
    assert (row["complaint_id"], row["limit_id"]) == (str(case), "urgent-on-site")
    assert at(row["due_before"]) - at(row["due_after"]) == timedelta(minutes=30)
    assert (row["late_before"], row["late_after"]) == (False, True)


def test_a_case_that_would_be_urgent_gets_the_limits_of_urgent_cases(firm):
    """PO-4: what dispatch's preview says a case would become decides which limits it would have."""
    case = firm.open(urgency="general")
    unchanged = previewing(firm, document=P1).json
    becoming = previewing(firm, document=P1, becoming={str(case): {"urgency": "urgent"}}).json
    assert (unchanged["cases_changed"], becoming["cases_changed"]) == (0, 1)
    ends = {row["limit_id"]: (row["due_before"], row["due_after"]) for row in becoming["items"]}
    assert ends["urgent-on-site"][0] is None and ends["urgent-on-site"][1] is not None


def test_a_case_that_would_be_anothers_gets_the_limits_of_that_department(firm):
    case = firm.open(urgency="general")
    rows = previewing(firm, document=P1, becoming={str(case): {"department": "security"}}).json["items"]
    assert {row["limit_id"] for row in rows if row["due_before"] is None} == {"security-on-site"}


@pytest.mark.parametrize(
    ("becoming", "field"),
    [
        ({"x": {"urgency": "urgent"}}, "#/becoming"),
        ({str(CASE): {"urgency": "red"}}, f"#/becoming/{CASE}/urgency"),
        ({str(CASE): {"assignee": "li"}}, "#/becoming"),
    ],
)
def test_what_a_case_cannot_become_is_refused_with_the_field(firm, becoming, field):
    refused = previewing(firm, version=1, becoming=becoming)
    assert refused.status_code == 422 and refused.json["errors"][0]["pointer"].startswith(field)


def test_a_limit_that_is_new_or_gone_has_one_end_only(firm):
    firm.open()
    document = deepcopy(P1)
    document["limits"][0]["id"] = "renamed"
    rows = previewing(firm, document=document).json["items"]
    assert {(row["limit_id"], row["due_before"] is None, row["due_after"] is None) for row in rows} == {
        ("urgent-on-site", False, True),
        ("renamed", True, False),
    }


def test_the_same_rules_move_nothing_though_the_case_is_closed(firm):
    case = firm.open()
    firm.reach(case, "carried_out")
    firm.close(case)
    shown = previewing(firm, document=P1).json
    assert (shown["cases"], shown["cases_changed"], shown["items"]) == (1, 0, [])


def test_the_rows_come_in_parts_and_say_when_there_are_more_cases(firm):
    for _ in range(3):
        firm.open()
    first = previewing(firm, document=on_site_within("1h"), rows=2).json
    second = previewing(firm, document=on_site_within("1h"), rows=2, cursor=first["next_cursor"]).json
    assert [len(part["items"]) for part in (first, second)] == [2, 1] and second["next_cursor"] is None
    assert previewing(firm, document=P1, limit=2).json["more_cases"] is True


def test_a_supervisor_previews_the_cases_of_their_departments(firm):
    """PR-2"""
    firm.open()
    assert previewing(firm, roles=["supervisor"], departments=["engineering"], version=1).json["cases"] == 1
    assert previewing(firm, roles=["supervisor"], departments=["security"], version=1).json["cases"] == 0


def test_a_tenant_that_has_not_arrived_yet_is_told_so(new_firm):
    assert trying(new_firm(), document=P1).status_code == 409
    assert previewing(new_firm(), document=P1).status_code == 409


def test_a_preview_looks_at_the_span_it_is_given(firm):
    firm.open(firm.clock.at - timedelta(days=3))
    firm.open()
    assert previewing(firm, version=1).json["cases"] == 1


def trying(firm, roles=("manager",), **given):
    return asked(firm, "try", roles, (), {"facts": LEAK, "received_at": RECEIVED} | given)


def previewing(firm, roles=("manager",), departments=(), **given):
    """The last day."""
    span = {"from": firm.clock.at - timedelta(days=1), "to": firm.clock.at + timedelta(minutes=1)}
    body = {name: moment.isoformat() for name, moment in span.items()} | given
    return asked(firm, "preview", roles, departments, body)


def asked(firm, what, roles, departments, body):
    asks = auth.Principal(firm.id, None, "-", frozenset(roles), frozenset(departments), scopes=frozenset({"staff"}))
    token = auth.Issuer("tenants", firm.keys).sign(asks, firm.clock.now(), timedelta(minutes=30))
    headers = {"Authorization": f"Bearer {token}"}
    return firm.service.app.test_client().post(f"/v1/deadlines/{what}", json=body, headers=headers)


def at(moment):
    return datetime.fromisoformat(moment)


def on_site_within(span):
    document = deepcopy(P1)
    document["limits"][0]["within"] = span
    return document
