"""Who is away and who stands in, how departments find their people, who is on duty now (DI-3)."""

from uuid import UUID

import pytest

from libs.common.events.dispatch import CaseAssigned, CaseEscalated
from libs.common.events.sla import EscalationDue
from libs.common.procedure import presets


def test_an_absent_person_gets_no_new_case(firm):
    """DI-3."""
    away(firm, "li")
    assert {holder(firm, firm.register()) for _ in range(3)} == {"wang"}


def test_the_substitute_of_who_is_on_duty_stands_in(firm):
    firm.plan("he", "engineering", firm.duty("li"))
    away(firm, "li", "gao")
    assert holder(firm, firm.register()) == "gao"


def test_a_substitute_who_is_away_has_a_substitute_too(firm):
    """DI-3: along the whole chain."""
    firm.plan("he", "engineering", firm.duty("li"))
    for name, substitute in (("li", "gao"), ("gao", "zhou")):
        away(firm, name, substitute)
    assert holder(firm, firm.register()) == "zhou"


def test_substitutes_who_name_each_other_stand_in_for_nobody(firm):
    firm.plan("he", "engineering", firm.duty("li"))
    for name, substitute in (("li", "wang"), ("wang", "li")):
        away(firm, name, substitute)
    assert holder(firm, firm.register()) == "he"


def test_standing_in_ends_when_the_absence_does(firm):
    firm.plan("he", "engineering", firm.duty("li", hours=48))
    away(firm, "li", "gao", hours=2)
    firm.pass_time(hours=2)
    assert holder(firm, firm.register()) == "li"


def test_who_is_back_early_gets_cases_again(firm):
    firm.plan("he", "engineering", firm.duty("li"))
    absence = away(firm, "li", "gao")
    answer = delete(firm, "li", absence)
    assert (answer.status_code, answer.json["items"]) == (200, [])
    assert holder(firm, firm.register()) == "li"


def test_a_planned_absence_begins_when_it_begins(firm):
    firm.plan("he", "engineering", firm.duty("li", hours=48))
    away(firm, "li", "gao", begins=3)
    assert holder(firm, firm.register()) == "li"
    firm.pass_time(hours=3)
    assert holder(firm, firm.register()) == "gao"


def test_a_case_that_lies_with_somebody_away_is_listed_and_not_moved(firm):
    """DI-3."""
    theirs = firm.register()
    firm.register()
    assert listed(firm, "he") == []
    away(firm, "li", "wang")
    assert listed(firm, "he") == [str(theirs)] and holder(firm, theirs) == "li"
    assert listed(firm, "fang") == []


def test_who_stands_in_is_called_in_too(firm):
    """SL-4."""
    away(firm, "he", "gao")
    escalated(firm, "department_head")
    assert firm.said(CaseEscalated)[0].people == (firm.person("gao"),)


def test_who_is_called_in_from_another_department_sees_the_case_and_no_other(firm):
    """SL-4."""
    away(firm, "he", "fang")
    other, complaint_id = firm.register(), escalated(firm, "department_head")
    statuses = [firm.get("fang", f"/v1/cases/{each}").status_code for each in (complaint_id, other)]
    assert statuses == [200, 404]
    listed = firm.get("fang", "/v1/cases?view=all").json["items"]
    assert [row["complaint_id"] for row in listed] == [str(complaint_id)]


def test_a_level_whose_people_are_all_away_is_an_incident(firm):
    away(firm, "he")
    complaint_id = escalated(firm, "department_head")
    assert firm.said(CaseEscalated)[0].people == () and firm.case(complaint_id)["incident"] is True


def test_a_refused_case_goes_to_who_stands_in_for_the_head(firm):
    away(firm, "he", "fang")
    complaint_id = firm.register()
    assert firm.did("li", complaint_id, "refuse", reason="不会")["assignee"]["name"] == "fang"


@pytest.mark.parametrize(
    ("name", "whose", "status"),
    [
        ("li", "li", 201),
        ("li", "wang", 403),
        ("he", "li", 201),
        ("fang", "li", 403),
        ("lin", "li", 201),
        ("zhao", "he", 201),
        ("xu", "li", 201),
        ("sun", "li", 403),
    ],
)
def test_an_absence_is_planned_by_the_person_their_supervisor_or_coordination(firm, name, whose, status):
    assert firm.plan_absence(name, whose).status_code == status


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"ends_at": "2026-03-02T00:30:00Z"}, "#/ends_at"),
        ({"ends_at": "tomorrow"}, "#/ends_at"),
        ({"person_id": str(UUID(int=99))}, "#/person_id"),
        ({"substitute_id": str(UUID(int=99))}, "#/substitute_id"),
        ({"substitute_id": str(UUID(int=1))}, "#/substitute_id"),
        ({"why": "年假"}, "#/why"),
    ],
)
def test_an_absence_that_cannot_be_is_named(firm, changes, pointer):
    answer = firm.plan_absence("lin", "li", **changes)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_two_absences_of_one_person_do_not_overlap(firm):
    away(firm, "li")
    answer = firm.plan_absence("lin", "li", begins=2)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/starts_at")


def test_another_firms_absence_is_not_found_and_nobody_ends_a_colleagues(firm, other_firm):
    """PR-2."""
    absence = away(firm, "li")
    assert delete(other_firm, "lin", absence).status_code == 404
    assert delete(firm, "wang", absence).status_code == 403


def test_who_is_on_duty_now_with_substitutes_in_their_place(firm):
    """DI-3, PO-2."""
    firm.plan("he", "engineering", firm.duty("li"), firm.duty("wang", begins=5), firm.duty("zhao", role="duty_manager"))
    away(firm, "li", "gao")
    [engineering] = firm.get("li", "/v1/roster/now?department=engineering").json["items"]
    assert [(each["name"], each["in_place_of"]["name"]) for each in engineering["on_duty"]] == [("gao", "li")]
    assert ([each["name"] for each in engineering["duty_managers"]], engineering["rostered"]) == (["zhao"], True)
    everywhere = {each["department"]: each for each in firm.get("li", "/v1/roster/now").json["items"]}
    assert [each["name"] for each in everywhere["security"]["on_duty"]] == ["gao"]
    assert everywhere["security"]["rostered"] is False


def test_a_department_that_takes_turns_gives_the_case_to_who_waited_longest(empty_firm):
    """DI-3: however much open work they have."""
    firm = empty_firm.found(assigning("round_robin"))
    names = []
    for _ in range(4):
        names.append(holder(firm, firm.register()))
        firm.pass_time(minutes=5)
    assert names == ["li", "wang", "li", "wang"]
    assert firm.said(CaseAssigned)[-1].reason == "round_robin"


def test_a_department_that_asks_for_skill_gives_the_case_to_who_knows_the_category(empty_firm):
    """DI-3: of those, to the one with the least open work; the page says why."""
    firm = empty_firm.found(assigning("skill"))
    firm.employ("wang", skills=("facility_repair",))
    cases = [firm.register() for _ in range(2)]
    assert [holder(firm, each) for each in cases] == ["wang", "wang"]
    assert "skilled" in firm.case(cases[0])["reasons"][-1]["why"]["en"]


def test_when_nobody_has_the_skill_the_least_busy_gets_it_and_the_reason_says_so(empty_firm):
    firm = empty_firm.found(assigning("skill"))
    complaint_id = firm.register()
    assert holder(firm, complaint_id) == "li"
    assert "nobody on duty is skilled" in firm.case(complaint_id)["reasons"][-1]["why"]["en"]
    assert "无人熟悉" in firm.case(complaint_id)["reasons"][-1]["why"]["zh-Hans"]


def assigning(way):
    document = presets.load("p1-accommodation")
    document["departments"] = [each | {"assign": way} for each in document["departments"]]
    return document


def away(firm, name, substitute=None, **span):
    answer = firm.plan_absence(
        "lin", name, **({"substitute_id": str(firm.person(substitute))} if substitute else {}), **span
    )
    assert answer.status_code == 201, answer.json
    return answer.json["absence_id"]


def delete(firm, by, absence_id):
    return firm.service.app.test_client().delete(f"/v1/roster/absences/{absence_id}", headers=firm.headers(by))


def escalated(firm, role):
    complaint_id = firm.register()
    late = {"clock_id": UUID(int=5), "limit_id": "on-site", "due_at": firm.clock.now()}
    firm.hear(EscalationDue, complaint_id, **late, level=1, to_role=role, department="engineering")
    return complaint_id


def holder(firm, complaint_id):
    return firm.case(complaint_id)["assignee"]["name"]


def listed(firm, name):
    return [row["complaint_id"] for row in firm.get(name, "/v1/cases?view=absent").json["items"]]
