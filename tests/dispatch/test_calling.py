"""Who must know of a case at once: people alerted (DI-1), people of a lane called until one answers (DI-8)."""

from datetime import timedelta

import pytest

from libs.common.events.dispatch import CaseAlerted, CaseSummoned, SummonsAnswered
from libs.common.procedure import presets

LANE = {"id": "now", "people": ["manager", "duty_manager", "coordinator"], "acknowledge_within": "10min"}
RULES = [
    {"id": "major", "when": {"major": True}, "lane": "now", "alert": ["department_head", "coordinator"]},
    {"id": "vip", "when": {"vip": True}, "lane": "now", "alert": ["manager", "coordinator"]},
    {"id": "urgent", "when": {"urgency": "urgent"}, "alert": ["duty_manager"], "lane": "now"},
]


def calling():
    rules = {"lanes": [LANE], "routing": {"match": "all", "rules": RULES}}
    return presets.load("p1-accommodation") | rules


@pytest.fixture
def firm(empty_firm):
    return empty_firm.found(calling())


def test_the_people_whom_the_rules_alert_are_told_each_once(firm):
    """DI-1."""
    complaint_id = firm.register(major=True, vip=True)
    [alerted] = firm.said(CaseAlerted)
    assert alerted.people == tuple(firm.person(name) for name in ("he", "lin", "zhao"))
    assert (alerted.rules, alerted.subject) == (("major", "vip"), complaint_id)
    assert evidence(firm, complaint_id)[1]["details"]["alerted"] == [str(each) for each in alerted.people]


def test_an_alert_for_which_nobody_is_there_is_an_incident(firm):
    firm.employ("he", active=False)
    complaint_id = firm.register(major=True)
    assert firm.said(CaseAlerted)[0].people == (firm.person("lin"),)
    assert firm.case(complaint_id)["incident"] is True


def test_a_rule_that_holds_since_a_correction_alerts_then(firm):
    """DI-1, SL-7: who was alerted before is not alerted again for the same rule."""
    complaint_id = firm.register("灯坏了", major=True, urgency="general")
    firm.did("he", complaint_id, "reclassify", urgency="urgent", reason="漏电")
    assert [each.rules for each in firm.said(CaseAlerted)] == [("major",), ("urgent",)]
    firm.did("he", complaint_id, "reclassify", urgency="general", reason="不漏电")
    assert len(firm.said(CaseAlerted)) == 2


def test_a_case_without_such_a_rule_alerts_and_calls_nobody(firm):
    firm.register("灯坏了", urgency="general")
    assert firm.said(CaseAlerted, CaseSummoned) == []


@pytest.mark.parametrize("facts", [{"major": True}, {"vip": True}])
def test_a_major_case_or_a_vip_calls_the_manager_at_once(firm, facts):
    """DI-8 (P4)."""
    complaint_id = firm.register(**facts)
    [called] = firm.said(CaseSummoned)
    assert (called.person_id, called.lane, called.turn) == (firm.person("zhao"), "now", 1)
    assert called.acknowledge_by == firm.clock.now() + timedelta(minutes=10)
    [shown] = firm.case(complaint_id)["summons"]
    assert (shown["person"]["name"], shown["answered_at"]) == ("zhao", None)


def test_when_the_manager_is_absent_the_duty_manager_is_called(firm):
    """DI-8 (P4)."""
    firm.plan("lin", "security", firm.duty("fang", role="duty_manager"))
    away(firm, "zhao")
    firm.register(major=True)
    assert firm.said(CaseSummoned)[0].person_id == firm.person("fang")


def test_who_does_not_answer_in_time_is_passed_over(firm):
    """DI-8."""
    complaint_id = firm.register(major=True)
    later(firm, minutes=9)
    assert len(firm.said(CaseSummoned)) == 1
    later(firm, minutes=1)
    assert [(each.person_id, each.turn) for each in firm.said(CaseSummoned)] == [
        (firm.person("zhao"), 1),
        (firm.person("lin"), 2),
    ]
    assert evidence(firm, complaint_id)[-1]["details"]["unanswered_by"] == str(firm.person("zhao"))
    assert firm.case(complaint_id)["incident"] is False


def test_after_the_last_of_the_list_it_begins_again_as_an_incident(firm):
    """DI-8."""
    complaint_id = firm.register(major=True)
    for _ in range(2):
        later(firm, minutes=10)
    assert firm.said(CaseSummoned)[-1].person_id == firm.person("zhao")
    assert firm.case(complaint_id)["incident"] is True
    later(firm, minutes=10)
    assert firm.said(CaseSummoned)[-1].person_id == firm.person("lin")


def test_a_lane_without_anybody_is_an_incident_and_tries_again(firm):
    for name in ("zhao", "lin"):
        firm.employ(name, active=False)
    complaint_id = firm.register(major=True)
    assert firm.said(CaseSummoned) == [] and firm.case(complaint_id, "xu")["incident"] is True
    firm.employ("zhao")
    later(firm, minutes=10)
    assert firm.said(CaseSummoned)[0].person_id == firm.person("zhao")


def test_who_acknowledges_ends_the_calling(firm):
    complaint_id = firm.register(major=True)
    assert firm.case(complaint_id, "zhao")["next_steps"][0]["action"] == "acknowledge"
    case = firm.did("zhao", complaint_id, "acknowledge", note="我来")
    later(firm, minutes=60)
    assert len(firm.said(CaseSummoned)) == 1
    [answered] = firm.said(SummonsAnswered)
    assert (answered.person_id, answered.turn, answered.in_time) == (firm.person("zhao"), 1, True)
    assert case["summons"][0]["answered_by"]["name"] == "zhao"
    kept = evidence(firm, complaint_id)[-1]["details"]
    assert (kept["lanes"], kept["note"]) == (["now"], "我来")


def test_who_was_passed_over_may_still_answer_but_not_in_time(firm):
    complaint_id = firm.register(major=True)
    later(firm, minutes=11)
    firm.did("zhao", complaint_id, "acknowledge")
    [answered] = firm.said(SummonsAnswered)
    assert (answered.turn, answered.in_time) == (1, False)
    later(firm, minutes=10)
    assert len(firm.said(CaseSummoned)) == 2


@pytest.mark.parametrize(("name", "status"), [("lin", 200), ("li", 403), ("he", 403), ("xu", 403), ("gao", 404)])
def test_anybody_of_the_lane_may_answer_and_nobody_else(firm, name, status):
    assert firm.act(name, firm.register(major=True), "acknowledge").status_code == status


def test_a_call_is_answered_once(firm):
    complaint_id = firm.register(major=True)
    firm.did("zhao", complaint_id, "acknowledge")
    assert firm.act("lin", complaint_id, "acknowledge").status_code == 409


def test_who_is_called_sees_the_case_though_it_is_no_department_of_theirs(firm):
    """DI-8, PR-2."""
    firm.plan("lin", "security", firm.duty("fang", role="duty_manager"))
    away(firm, "zhao")
    complaint_id = firm.register(major=True)
    assert firm.case(complaint_id, "fang")["number"]
    assert [row["complaint_id"] for row in firm.get("fang", "/v1/cases?view=all").json["items"]] == [str(complaint_id)]
    firm.did("fang", complaint_id, "acknowledge")


def test_a_closed_case_calls_nobody_any_more(firm):
    complaint_id = firm.register(major=True)
    firm.did("li", complaint_id, "close", outcome="unfounded", text="误报")
    later(firm, minutes=10)
    assert len(firm.said(CaseSummoned)) == 1
    assert firm.act("zhao", complaint_id, "acknowledge").status_code == 409


def test_calls_of_two_firms_are_their_own(firm, other_firm):
    """PR-2."""
    firm.register(major=True)
    later(firm, minutes=10)
    assert other_firm.said(CaseSummoned) == []
    assert len(firm.said(CaseSummoned)) == 2


def test_on_postgresql_as_on_sqlite(firm_on_postgresql):
    """DI-8, under the roles of a deployment: the worker takes due calls of all firms, the web one firm's."""
    firm = firm_on_postgresql.found(calling())
    complaint_id = firm.register(major=True)
    away(firm, "lin")
    for _ in range(2):
        later(firm, minutes=10)
    assert [each.person_id for each in firm.said(CaseSummoned)] == [firm.person("zhao")] * 3
    case = firm.did("zhao", complaint_id, "acknowledge")
    assert case["incident"] is True and case["summons"][-1]["answered_by"]["name"] == "zhao"
    later(firm, minutes=10)
    assert len(firm.said(CaseSummoned)) == 3


def later(firm, **span):
    """Time passes, and the service looks at what is due."""
    firm.pass_time(**span)
    [job] = [each for each in firm.service.jobs if each.name == "calls"]
    while job.run():
        pass


def away(firm, name):
    span = firm.duty(name) | {"substitute_id": None}
    span.pop("role")
    answer = firm.service.app.test_client().post("/v1/roster/absences", json=span, headers=firm.headers("lin"))
    assert answer.status_code == 201, answer.json


def evidence(firm, complaint_id):
    shown = firm.get("sun", f"/v1/cases/{complaint_id}/evidence").json
    assert shown["intact"] is True
    return shown["items"]
