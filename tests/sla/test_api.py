"""Staff ask by when, and why (SL-1, SL-3)."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


def test_a_clock_shows_what_the_case_page_needs(firm):
    shown = firm.clocks(firm.open())["urgent-on-site"]
    assert {name: value for name, value in shown.items() if name not in ("clock_id", "explanation")} | TIMES == {
        "limit_id": "urgent-on-site",
        "name": {"zh-Hans": "紧急投诉到场核查", "en": "on-site check (urgent)"},
        "milestone_from": "received",
        "milestone_to": "on_site",
        "state": "running",
        "part_id": None,
        "round": 1,
        "paused_at": None,
        "met_at": None,
        "provisional": False,
        "binding": True,
        **TIMES,
    }
    started, due, warn = (datetime.fromisoformat(shown[name]) for name in TIMES)
    assert (due - started, due - warn) == (timedelta(hours=2), timedelta(minutes=30))


def test_a_deadline_explains_itself_in_every_language(firm):
    lines = firm.clocks(firm.open())["urgent-on-site"]["explanation"]
    assert lines[0] == {
        "zh-Hans": "时限：紧急投诉到场核查，2 小时。",
        "zh-Hant": "時限：紧急投诉到场核查，2 小時。",
        "en": "Limit: on-site check (urgent), 2 hours.",
    }
    assert "Due by 2026-03-02 12:00 (Asia/Shanghai)." in [line["en"] for line in lines]


def test_clocks_come_the_earliest_due_first(firm):
    due = [clock["due_at"] for clock in firm.get(f"/v1/complaints/{firm.open()}/clocks").json["items"]]
    assert len(due) == 3 and due == sorted(due)


def test_once_the_earlier_limit_is_over_the_other_binds(firm):
    complaint = firm.open()
    firm.reclassify(complaint, "general")
    binds = {limit for limit, clock in firm.clocks(complaint).items() if clock["binding"]}
    assert binds == {"engineering-on-site", "general-response", "general-verified"}


def test_an_end_in_a_year_whose_holidays_are_not_announced_is_provisional(firm):
    late = datetime.fromisoformat("2029-12-31T03:00:00+00:00")
    complaint = firm.open(at=late, urgency="non_urgent", category="suggestion", department="customer_service")
    clock = firm.clocks(complaint)["non-urgent-response"]
    assert clock["provisional"] is True
    assert any("2030" in line["en"] for line in clock["explanation"])


def test_one_clock_is_shown_as_in_the_list(firm):
    listed = firm.listed(firm.open())
    assert [firm.get(f"/v1/clocks/{clock['clock_id']}").json for clock in listed] == listed


@ON_BOTH
def test_another_firms_clocks_are_as_unknown_as_none_at_all(firm, new_firm):
    complaint = firm.open()
    stranger = new_firm()
    stranger.hear(stranger.created(), stranger.published())
    clock = firm.listed(complaint)[0]["clock_id"]
    for path, unknown in (
        (f"/v1/complaints/{complaint}/clocks", f"/v1/complaints/{uuid4()}/clocks"),
        (f"/v1/clocks/{clock}", f"/v1/clocks/{uuid4()}"),
    ):
        answer, same = stranger.get(path), stranger.get(unknown)
        assert (answer.status_code, plain(answer)) == (404, plain(same))


def test_nobody_looks_without_a_token_and_operators_see_no_case(firm):
    path = f"/v1/complaints/{firm.open()}/clocks"
    assert firm.service.app.test_client().get(path).status_code == 401
    assert firm.get(path, "operator").status_code == 403


@pytest.mark.parametrize("path", ["/v1/complaints/7/clocks", "/v1/clocks/none"])
def test_what_is_no_id_is_nothing_known(firm, path):
    assert firm.get(path).status_code == 404


def test_the_service_is_ready_and_describes_itself(service):
    client = service.app.test_client()
    assert client.get("/readyz").status_code == 200
    assert "/v1/complaints/{complaint_id}/clocks" in client.get("/v1/openapi.json").json["paths"]


TIMES = dict.fromkeys(("started_at", "due_at", "warn_at"))


def plain(answer) -> dict:
    """The problem without its trace."""
    return {name: value for name, value in answer.json.items() if name != "instance"}


@ON_BOTH
def test_the_permit_of_one_complaint_shows_what_it_was_promised_and_nothing_else(new_firm, database):
    """PO-1: in short, for its complainant."""
    firm, other = new_firm(), new_firm()
    for each in (firm, other):
        each.hear(each.created(), each.published())
    complaint, of_another = firm.open(), other.open()
    seen = firm.get_permitted("/v1/promises", "promises", f"complaint:{complaint}")
    assert {each["limit_id"] for each in seen.json["items"]} == set(firm.clocks(complaint))
    assert not {"started_at", "warn_at", "part_id", "clock_id"} & set(seen.json["items"][0])
    assert firm.get_permitted("/v1/promises", "promises", f"complaint:{of_another}").status_code == 404
    assert firm.get_permitted(f"/v1/complaints/{complaint}/clocks", "promises").status_code == 403


def test_promises_are_shown_for_a_permit_alone(firm):
    complaint = firm.open()
    assert firm.get("/v1/promises", "admin").status_code == 403
    assert firm.get_permitted("/v1/promises", f"complaint:{complaint}").status_code == 403
    assert firm.get_permitted("/v1/promises", "promises").status_code == 403
