"""P1, logistics accommodation, from the guest's form to the tenant's figures, on both modes.

Source procedure 1. Clause ids in the names and docstrings are those of the domain.
"""

from datetime import datetime

from tests.journeys.conftest import BEIJING


def test_an_urgent_leak_is_handled_in_time(journey):
    """IN-1, IN-3, DI-2, DI-4, SL-1, NO-1, RE-1: on site in 2 h, first measures in 4 h, result told, figures true."""
    receipt = journey.firm.guest().complain(
        "302室水管爆管，地板淹了，没法住", name="李建国", phone="13900003333", where="1号楼302室"
    )
    journey.rest()
    case = journey.case(receipt)
    assert (case["category"], case["urgency"], case["department"]) == ("facility_repair", "urgent", "engineering")
    assert case["people"]["head"]["name"].startswith("陆涛")
    engineer = login_of(case)

    clocks = journey.clocks(receipt)
    assert clocks["urgent-on-site"]["binding"], "SL-1: the earliest of two limits on one span binds"
    assert not clocks["engineering-on-site"]["binding"], "and the other stays visible"

    journey.act(engineer, receipt, "accept", note="马上到")
    journey.later(minutes=40)
    journey.act(engineer, receipt, "milestones", milestone="on_site")
    journey.act(engineer, receipt, "milestones", milestone="first_measures", note="已关总阀")
    work_to_the_end(journey, receipt, engineer)

    met = {limit: clock["state"] for limit, clock in journey.clocks(receipt).items()}
    assert met["urgent-on-site"] == met["engineering-on-site"] == met["urgent-first-measures"] == "met"
    told = [(notice["kind"], notice["state"]) for notice in journey.notices(receipt) if notice["to"] == "complainant"]
    assert ("registered", "handed") in told and ("result", "handed") in told
    progress = journey.firm.guest().progress(receipt)
    assert progress["stage"] == "closed" and progress["result"]
    figures = journey.figures()
    assert (figures["complaints"], figures["closed"], figures["breaches"]) == (1, 1, 0)
    assert (figures["timely"]["numerator"], figures["timely"]["denominator"]) == (1, 1)


def test_noise_that_nobody_answers_climbs_the_ladder(journey):
    """SL-3, SL-4, NO-1: warned at three quarters, breached after 24 h, then head, coordinator, manager in turn."""
    form = {"channel": "phone", "name": "孙丽华", "phone": "13900004444", "where": "2号楼508室"}
    receipt = journey.person("desk").post("intake", "/complaints", text="楼上每晚噪音扰民，孩子睡不着", **form)
    journey.rest()
    begun = journey.now()

    journey.later(hours=18.5)
    assert journey.case(receipt)["near_limit"], "SL-3: red before the limit"
    journey.later(hours=6)
    case = journey.case(receipt)
    assert case["breached"] and levels(case) >= {"department_head"}
    journey.later(hours=2)
    assert levels(journey.case(receipt)) >= {"department_head", "coordinator"}
    journey.later(hours=23)
    assert levels(journey.case(receipt)) == {"department_head", "coordinator", "manager"}

    work_to_the_end(journey, receipt, login_of(journey.case(receipt)))
    late = journey.clocks(receipt)["general-response"]
    assert late["state"] == "met_late" and begun < datetime.fromisoformat(late["due_at"]) < journey.now()
    figures = journey.figures()
    assert figures["breaches"] >= 1
    assert (figures["timely"]["numerator"], figures["timely"]["denominator"]) == (1, 2)


def test_a_suggestion_has_three_working_days_over_the_holiday(journey):
    """SL-2: National Day closes eight days, the Saturday after it is worked; nobody is asked for a name."""
    journey.until(datetime(2026, 9, 30, 15, tzinfo=BEIJING))
    form = {"channel": "suggestion_box", "text": "建议在大门口增设自行车棚"}
    receipt = journey.person("desk").post("intake", "/complaints", **form)
    journey.rest()

    clock = journey.clocks(receipt)["non-urgent-response"]
    due = datetime.fromisoformat(clock["due_at"]).astimezone(BEIJING)
    assert due == datetime(2026, 10, 11, tzinfo=BEIJING), "the end of Saturday, 10 October, a make-up day"
    assert any("10-10" in line["en"] or "10 Oct" in line["en"] for line in clock["explanation"])

    journey.until(datetime(2026, 10, 9, 15, tzinfo=BEIJING))
    work_to_the_end(journey, receipt, login_of(journey.case(receipt)))
    assert journey.clocks(receipt)["non-urgent-response"]["state"] == "met"
    assert journey.figures()["timely"]["numerator"] == 2


def work_to_the_end(journey, receipt, login):
    """Do each step the case offers, ten minutes apart, until it is closed."""
    for _ in range(20):
        offered = journey.case(receipt, login)["next_steps"]
        steps = [(step["action"], step.get("milestone")) for step in offered]
        if ("accept", None) in steps:
            journey.act(login, receipt, "accept", note="收到")
        elif milestone := next((m for m in ORDER if ("milestone", m) in steps), None):
            journey.act(login, receipt, "milestones", milestone=milestone, note="已完成")
        elif not may_be_closed(offered):
            told = {"text": "已处理完毕", "prevention": "纳入巡检", "written": True, "spoken": True}
            journey.act(login, receipt, "result", **told)
        else:
            journey.act(login, receipt, "close", outcome="solved", satisfied=True)
            return
        journey.later(minutes=10)
    raise AssertionError(f"never closed: {steps}")


def may_be_closed(offered):
    return any("solved" in step.get("outcomes", ()) for step in offered if step["action"] == "close")


ORDER = ("contacted", "on_site", "first_measures", "verified", "planned", "carried_out")


def levels(case):
    return {each["to_role"] for each in case["escalations"]}


def login_of(case):
    """Whoever holds the case; the head of the department when nobody does."""
    logins = {
        "马强": "engineer",
        "石磊": "engineer-2",
        "周敏": "desk",
        "何岚": "service-head",
        "陆涛": "engineering-head",
    }
    holder = (case["assignee"] or case["people"]["head"])["name"]
    return logins[holder.split()[0]]
