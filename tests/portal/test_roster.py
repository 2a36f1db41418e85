"""The duty roster: who is on duty, the week's shifts, who is away (PO-2, DI-3)."""

import json
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from services.portal.domain.roster import monday_of, next_of, of_week, plannable, shifts
from tests.portal.browsing import Browser
from tests.portal.stand_ins import ABSENCE, SHIFTS, StandIns, problem, session

TIMES = {"starts_at": "2026-11-24T08:00", "ends_at": "2026-11-24T20:00"}
SHIFT = {"department": "engineering", "person_id": "p1", "role": "duty", **TIMES}


@pytest.fixture
def supervisor(app: Flask, others: StandIns) -> Browser:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("supervisor"))
    return Browser(app).sign_in()


@pytest.fixture
def front_line(app: Flask, others: StandIns) -> Browser:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("front_line"))
    return Browser(app).sign_in()


def test_who_is_on_duty_and_who_comes_next(front_line: Browser) -> None:
    """PO-2."""
    page = front_line.open("/roster")
    now = page.split("当班情况")[1].split("</section>")[0]
    assert "周敏" in now and "代 Tom Reid" in now and "未排班，一线人员均视为当班" in now
    assert "下一班</span> 周敏" in now and "11月23日" in now


def test_a_week_shows_its_shifts_in_the_tenants_hours(front_line: Browser) -> None:
    page = front_line.open("/roster")
    days = {each[:6]: each for each in page.split("<h3>")[1:]}
    assert "<b>08:00–20:00</b> 周敏" in days["11月16日"]
    assert "<b>20:00–11月22日 周日 08:00</b> Tom Reid" in days["11月21日"]
    assert "<b>08:00–24:00</b> 周敏" in days["11月21日"] and "值班经理" in days["11月21日"]
    assert "<h3>11月23日" in front_line.open("/roster?week=2026-11-25")


def test_whoever_may_not_plan_sees_no_form_for_shifts(front_line: Browser) -> None:
    """DI-3: their own absence they may tell."""
    page = front_line.open("/roster")
    assert "/roster/shifts" not in page and "/roster/absences" in page
    assert 'value="p2"' not in page.split('id="a-person_id"')[1].split("</select>")[0]


def test_a_shift_is_added_to_those_the_department_has(supervisor: Browser, others: StandIns) -> None:
    """The tenant's time is told as UTC."""
    supervisor.open("/roster")
    supervisor.send("/roster/shifts", **SHIFT)
    assert supervisor.page.status_code == 200
    assert sent(others) == [*SHIFTS, {"person_id": "p1", "role": "duty"} | in_utc("2026-11-24T00", "2026-11-24T12")]


def test_a_shift_is_taken_out_and_who_left_has_none(supervisor: Browser, others: StandIns) -> None:
    left = SHIFTS[0] | {"person_id": "p3"}
    others.answers["dispatch"]["GET /v1/roster"] = {"entries": [*SHIFTS, left], "revision": 5}
    supervisor.open("/roster")
    supervisor.send("/roster/shifts/remove")
    assert sent(others) == SHIFTS[1:]


def test_a_shift_that_cannot_be_is_named_at_its_field(supervisor: Browser, others: StandIns) -> None:
    supervisor.open("/roster")
    page = supervisor.send("/roster/shifts", **SHIFT | {"ends_at": TIMES["starts_at"], "person_id": "p2"})
    assert supervisor.page.status_code == 422 and "结束时间须晚于开始时间" in page
    assert others.requests("dispatch", "/v1/roster")[-1].method == "GET"
    assert 'value="p2" selected' in page


def test_what_the_service_refuses_is_said(supervisor: Browser, others: StandIns) -> None:
    refused = problem(422, **{"entries/4/person_id": "does not work in engineering"})
    others.answers["dispatch"]["PUT /v1/roster"] = refused
    supervisor.open("/roster")
    page = supervisor.send("/roster/shifts", **SHIFT | {"person_id": "p2"})
    assert supervisor.page.status_code == 422 and "does not work in engineering" in page


def test_a_shift_that_somebody_else_planned_meanwhile_stays(supervisor: Browser, others: StandIns) -> None:
    others.answers["dispatch"]["PUT /v1/roster"] = problem(412, "changed")
    supervisor.open("/roster")
    supervisor.send("/roster/shifts", **SHIFT)
    asked = others.requests("dispatch", "/v1/roster")
    puts = [each for each in asked if each.method == "PUT"]
    assert [each.headers["If-Match"] for each in puts] == ['"5"'] * 3 and supervisor.page.status_code == 422
    assert len({each.headers["Idempotency-Key"] for each in puts}) == 3
    assert [each.method for each in asked[-2:]] == ["PUT", "GET"]  # which shows it as it is now


def test_an_absence_is_told_with_who_stands_in_and_ended(supervisor: Browser, others: StandIns) -> None:
    """DI-3."""
    supervisor.open("/roster")
    supervisor.send("/roster/absences", person_id="p1", substitute_id="p2", **TIMES)
    told = {"person_id": "p1", "substitute_id": "p2"} | in_utc("2026-11-24T00", "2026-11-24T12")
    assert others.said("dispatch", "/v1/roster/absences") == told
    supervisor.send(f"/roster/absences/{ABSENCE}/end")
    assert others.requests("dispatch", f"/v1/roster/absences/{ABSENCE}")[-1].method == "DELETE"


@pytest.mark.parametrize("away", ["tenants", "dispatch"])
def test_a_service_that_is_away_takes_only_its_share(supervisor: Browser, others: StandIns, away: str) -> None:
    """R28."""
    others.down.add(away)
    assert "值班" in supervisor.open("/roster") and supervisor.page.status_code == 200


def test_an_operator_has_no_roster(operator: Browser) -> None:
    operator.open("/roster")
    assert operator.page.status_code == 403


@pytest.mark.parametrize("wanted", [None, "soon", "2026-11-18", "9999-12-31"])
def test_a_week_begins_on_monday(wanted: str | None) -> None:
    assert monday_of(wanted, date(2026, 11, 21)) == date(2026, 11, 16)


def test_a_shift_over_midnight_stands_on_the_day_it_begins_or_the_weeks_first() -> None:
    read = shifts([entry("2026-11-22T20:00", "2026-11-23T08:00")], UTC)
    for monday in (date(2026, 11, 16), date(2026, 11, 23)):
        [[day]] = [list(days) for days in of_week(read, monday).values()]
        assert day == (date(2026, 11, 22) if monday.day == 16 else date(2026, 11, 23))
    assert of_week(shifts([entry("2026-11-22T20:00", "2026-11-23T00:00")], UTC), date(2026, 11, 23)) == {}


def test_the_next_shift_is_the_first_that_is_still_to_begin() -> None:
    read = shifts([entry("2026-11-23T08:00", "2026-11-23T20:00"), entry("2026-11-22T08:00", "2026-11-22T20:00")], UTC)
    assert next_of(read, datetime(2026, 11, 22, 9, tzinfo=UTC))["engineering"].starts_at.day == 23


@pytest.mark.parametrize(
    ("roles", "may"),
    [
        ({"front_line"}, []),
        ({"supervisor"}, ["a"]),
        ({"manager"}, ["a", "b"]),
        ({"auditor"}, []),
        ({"admin"}, ["a", "b"]),
    ],
)
def test_the_roster_is_planned_by_heads_coordination_and_management(roles: set[str], may: list[str]) -> None:
    assert plannable(roles, ["a"], ["a", "b"]) == may


def sent(others: StandIns) -> list[dict[str, str]]:
    [put] = [each for each in others.requests("dispatch", "/v1/roster") if each.method == "PUT"]
    assert put.url.params["department"] == "engineering"
    entries: list[dict[str, str]] = json.loads(put.content)["entries"]
    return entries


def in_utc(start: str, end: str) -> dict[str, str]:
    return {"starts_at": f"{start}:00:00Z", "ends_at": f"{end}:00:00Z"}


def entry(start: str, end: str) -> dict[str, str]:
    told = {"starts_at": f"{start}:00+00:00", "ends_at": f"{end}:00+00:00"}
    return {"person_id": "p1", "department": "engineering", "role": "duty"} | told
