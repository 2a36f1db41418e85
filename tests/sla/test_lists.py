"""What is due next (SL-3), and what was not kept and by whom (SL-4)."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from libs.common import auth
from libs.common.events.sla import ClockBreached
from services.sla import tables

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])
LI, HEAD, LATER, ASKING, EARLIER = UUID(int=11), UUID(int=12), UUID(int=13), UUID(int=7), UUID(int=14)
MARCH = "/v1/appraisals?from=2026-03-01&to=2026-03-31"


@ON_BOTH
def test_what_is_due_comes_the_earliest_first_a_page_at_a_time(firm):
    firm.open()
    firm.open(at=firm.clock.at - HOUR)
    found, cursor = [], ""
    while cursor is not None:
        page = due(firm, f"&limit=2{cursor and f'&cursor={cursor}'}", "manager")
        found += [clock["due_at"] for clock in page["items"]]
        cursor = page["next_cursor"]
    assert len(found) == 6 and found == sorted(found)


def test_only_what_is_due_by_then_and_still_counts_is_listed(patient):
    complaint = patient.open()
    patient.reach(complaint, "on_site")
    assert {clock["limit_id"] for clock in due(patient, "", "manager")["items"]} == {"urgent-first-measures", "10h"}
    patient.pause(complaint)
    assert {clock["limit_id"] for clock in due(patient, "", "manager")["items"]} == {"urgent-first-measures"}


def test_front_line_sees_its_departments_clocks_and_its_own_and_no_others(firm):
    complaint = firm.open()
    assert due(firm, "", "front_line", departments=("security",))["items"] == []
    assert len(due(firm, "", "front_line", departments=("engineering",))["items"]) == 3
    firm.assign(complaint, LI)
    assert len(due(firm, "", "front_line", person=LI)["items"]) == 3


def test_one_may_ask_for_one_department_or_one_person(firm):
    firm.assign(firm.open(), LI)
    firm.open(department="security")
    assert {clock["department"] for clock in due(firm, "&department=security", "manager")["items"]} == {"security"}
    assert {clock["assignee_id"] for clock in due(firm, f"&person={LI}", "manager")["items"]} == {str(LI)}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/clocks/due", "until"),
        ("/v1/clocks/due?until=tomorrow", "until"),
        ("/v1/clocks/due?until=9999-12-31T23:59:59Z", "until"),
        ("/v1/clocks/due?until=2026-03-02T00:00:00Z&cursor=7", "cursor"),
        ("/v1/clocks/due?until=2026-03-02T00:00:00Z&cursor=2026-03-02T00:00:00_7", "cursor"),
        ("/v1/clocks/due?until=2026-03-02T00:00:00Z&department=A%20B", "department"),
        ("/v1/appraisals?from=2026-03-02&to=2026-03-01", "from"),
        ("/v1/appraisals?from=2016-03-02&to=2026-03-01", "to"),
        ("/v1/appraisals?from=2026-02-30&to=2026-03-01", "from"),
        ("/v1/appraisals?from=2026-03-01&to=2026-03-01&person=Li", "person"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_field(firm, path, field):
    answer = firm.get(path, "manager")
    assert answer.status_code == 422 and field in str(answer.json["errors"])


@ON_BOTH
def test_a_breach_is_set_down_against_those_who_had_the_case_then(firm):
    """SL-4: who takes it over later has not missed the limit."""
    complaint = firm.open()
    firm.assign(complaint, LI, HEAD)
    firm.sweep(after=2 * HOUR)
    firm.assign(complaint, LATER, HEAD)
    kept = firm.get(MARCH, "auditor").json
    (breach,) = kept["items"]
    assert (breach["limit_id"], breach["assignee_id"], breach["head_id"]) == ("urgent-on-site", str(LI), str(HEAD))
    counts = {each["person_id"]: (each["as_assignee"], each["as_head"]) for each in kept["people"]}
    assert counts == {str(LI): (1, 0), str(HEAD): (0, 1)}


@ON_BOTH
def test_a_breach_found_late_is_set_down_against_those_who_had_the_case_at_its_end(firm):
    """SL-4: handed on an hour after the end, before anybody looked."""
    complaint = firm.open()
    firm.assign(complaint, EARLIER, HEAD)
    firm.clock.at += HOUR
    firm.assign(complaint, LI, HEAD)
    firm.clock.at += 2 * HOUR
    firm.transfer(complaint, "security")
    firm.assign(complaint, LATER, None)
    (said,) = [each for each in firm.sweep() if isinstance(each, ClockBreached) and each.limit_id == "urgent-on-site"]
    (kept,) = [each for each in firm.get(MARCH, "auditor").json["items"] if each["limit_id"] == "urgent-on-site"]
    assert (said.department, said.assignee_id, said.head_id) == ("engineering", LI, HEAD)
    assert (kept["department"], kept["assignee_id"], kept["head_id"]) == ("engineering", str(LI), str(HEAD))


def test_a_milestone_heard_late_is_late_of_those_who_had_the_case_at_the_end(firm):
    """SL-4"""
    complaint = firm.open()
    firm.assign(complaint, LI, HEAD)
    firm.clock.at += 3 * HOUR
    firm.assign(complaint, LATER, HEAD)
    firm.reach(complaint, "on_site")
    assert [each["assignee_id"] for each in firm.get(MARCH, "auditor").json["items"]] == [str(LI)]


def test_a_breach_says_when_it_was_met_after_all(firm):
    complaint = firm.open()
    firm.assign(complaint, LI)
    firm.sweep(after=3 * HOUR)
    firm.reach(complaint, "on_site")
    kept = firm.get(MARCH, "manager").json
    assert [at(breach["met_at"]) for breach in kept["items"]] == [firm.clock.at]
    assert [each["met_late"] for each in kept["people"]] == [1]


def test_what_was_met_late_before_anybody_looked_is_a_breach_too(firm):
    complaint = firm.open()
    firm.reach(complaint, "on_site", at=firm.clock.at + 3 * HOUR)
    assert [breach["limit_id"] for breach in firm.get(MARCH, "manager").json["items"]] == ["urgent-on-site"]


def test_what_turns_out_to_have_been_in_time_was_no_breach(firm):
    complaint = firm.open()
    reached_at = firm.clock.at + HOUR
    firm.sweep(after=3 * HOUR)
    firm.reach(complaint, "on_site", at=reached_at)
    assert firm.get(MARCH, "manager").json["items"] == []


def test_one_person_is_asked_about_alone(firm):
    firm.assign(firm.open(), LI, HEAD)
    firm.assign(firm.open(), LATER, HEAD)
    firm.sweep(after=2 * HOUR)
    kept = firm.get(f"{MARCH}&person={LI}", "manager").json
    assert [breach["assignee_id"] for breach in kept["items"]] == [str(LI)]
    assert [each["person_id"] for each in kept["people"]] == [str(LI)]


def test_days_are_those_of_the_firms_own_zone_and_pages_follow_each_other(firm):
    for hour in range(3):
        firm.open(at=firm.clock.at + timedelta(hours=hour))
    firm.sweep(after=5 * DAY)
    first = firm.get("/v1/appraisals?from=2026-03-02&to=2026-03-02&limit=5", "manager").json
    rest = firm.get(f"/v1/appraisals?from=2026-03-02&to=2026-03-02&cursor={first['next_cursor']}", "manager").json
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (5, 4, None)
    assert firm.get("/v1/appraisals?from=2026-03-03&to=2026-03-03", "manager").json["items"] == []


@pytest.mark.parametrize("role", ["front_line", "supervisor", "coordinator", "admin"])
def test_appraisals_are_for_managers_and_auditors(firm, role):
    assert firm.get(MARCH, role).status_code == 403


@ON_BOTH
def test_nobody_sees_another_firms_clocks_or_breaches(firm, new_firm):
    firm.open()
    firm.sweep(after=2 * HOUR)
    stranger = new_firm()
    stranger.hear(stranger.created(), stranger.published())
    assert due(stranger, "", "manager")["items"] == []
    assert stranger.get(MARCH, "manager").json == {"people": [], "items": [], "next_cursor": None}


def test_another_version_of_the_procedure_erases_no_breach(firm):
    """A peer's bug: with the policy went the history of what it had measured."""
    firm.open()
    firm.sweep(after=2 * HOUR)
    before = firm.rows(tables.breaches)
    firm.hear(firm.published(version=2))
    assert firm.rows(tables.breaches) == before != []


def due(firm, more, role, departments=(), person=ASKING) -> dict:
    """What is due within a day."""
    who = auth.Principal(firm.id, person, "周敏", roles=frozenset({role}), departments=frozenset(departments))
    signed = auth.Issuer("tenants", firm.keys).sign(who, firm.clock.at, timedelta(minutes=5))
    until = (firm.clock.at + 12 * HOUR).isoformat().replace("+00:00", "Z")
    path = f"/v1/clocks/due?until={until}{more}"
    answer = firm.service.app.test_client().get(path, headers={"Authorization": f"Bearer {signed}"})
    assert answer.status_code == 200, answer.json
    return answer.json


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
