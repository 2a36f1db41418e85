"""P6, the standard for service providers: five classes, four limits, both ways of telling, money with its voucher, and
evidence that shows whoever touches it.

Source procedure 4.
"""

import hashlib
import sqlite3
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from deploy.callers import Refused, asked
from deploy.demo import PNG
from deploy.demo_tenants import Firm, Staff
from tests.journeys.conftest import BEIJING, at_work
from tests.platforms.embedded import Embedded

PROVIDER = Firm(
    slug="hengxin",
    name="恒信家政服务",
    kind="property",
    preset="p6-service-provider",
    places=(("恒信家政", "城东站"),),
    staff=(
        Staff("agent", "邵平 Shao Ping", ("front_line",), ("service",)),
        Staff("service-head", "钟意 Zhong Yi", ("supervisor",), ("service",)),
        Staff("clerk", "毕清 Bi Qing", ("front_line",), ("finance",)),
        Staff("finance-head", "钱多多 Qian Duoduo", ("supervisor",), ("finance",)),
        Staff("lawyer", "方正 Fang Zheng", ("front_line",), ("legal",)),
        Staff("inspector", "严格 Yan Ge", ("front_line",), ("quality",)),
        Staff("desk", "温馨 Wen Xin", ("front_line",), ("customer_service",)),
        Staff("coordinator", "安排 An Pai", ("coordinator",)),
        Staff("manager", "高见 Gao Jian", ("manager",)),
        Staff("auditor", "明察 Ming Cha", ("auditor",)),
    ),
)
OCTOBER = {"from": "2026-09-01", "to": "2026-10-31"}


@pytest.fixture(scope="module")
def journey():
    with at_work(Embedded(), PROVIDER.slug, PROVIDER) as journey:
        yield journey


def test_each_of_the_five_classes_has_its_boundary_and_its_helpers(journey):
    """IN-6, DI-1, DI-5: who served is responsible; finance, legal and quality have their part."""
    five = {
        "师傅操作失误把水管弄坏了": ("service_quality", []),
        "师傅言语粗鲁，问一句骂一句": ("attitude", []),
        "账单重复计费，多收了两次": ("fee_dispute", ["finance"]),
        "合同约定每周两次，擅自改成一次，属于违约": ("breach_of_contract", ["legal"]),
        "热水器装好后漏电，非常危险": ("safety_hazard", ["quality"]),
    }
    receipts = [journey.firm.guest().complain(text, **form(journey)) for text in five]
    journey.rest()
    cases = [journey.case(receipt) for receipt in receipts]
    assert [(case["category"], joint(case)) for case in cases] == list(five.values())
    assert {case["department"] for case in cases} == {"service"}
    assert [case["urgency"] for case in cases].count("high_risk") == 1
    for receipt in receipts:
        withdrawn(journey, receipt)


def test_a_threat_starts_the_emergency_response(journey):
    """IN-7, DI-1, NO-1: whoever is threatened is not alone: head, coordination and management know at once."""
    receipt = taken(journey, "再不退钱我就放火，弄死你们", category="fee_dispute")
    case = journey.case(receipt)
    assert (case["urgency"], case["alerts"]) == ("high_risk", ["department_head", "coordinator", "manager"])
    alerted = [each for each in journey.notices(receipt) if each["kind"] == "alerted"]
    assert [each["state"] for each in alerted] == ["handed"] * 3


def test_a_call_written_down_too_late_shows_as_late(journey):
    """IN-4, SL-1, SL-4: the hour counts from the call, not from when it was typed in."""
    in_time = taken(journey, "返工两次还没修好", received_at=ago(journey, minutes=50))
    late = taken(journey, "约好周五，没来也没电话", received_at=ago(journey, minutes=90))
    assert journey.clocks(in_time)["register"]["state"] == "met"
    assert journey.clocks(late)["register"]["state"] == "met_late"
    (breach,) = breaches(journey, late)
    assert breach["limit_id"] == "register" and breach["met_at"] == late["registered_at"]


def test_facts_are_found_within_a_day_and_told_both_ways(journey):
    """DI-7, DI-11, DI-13, DI-15, SL-1: report in 24 h, a plan by the head, written and spoken before the end."""
    receipt = taken(journey, "擦窗超时三小时，还弄坏了窗帘")
    planned(journey, receipt)
    journey.act("agent", receipt, "milestones", milestone="carried_out", note="已赔换窗帘")
    journey.act("agent", receipt, "result", text="窗帘已换新，本次免收费用", written=True)
    with pytest.raises(Refused, match="result_spoken"):
        journey.act("agent", receipt, "close", outcome="solved")
    journey.act("agent", receipt, "result", text="窗帘已换新，本次免收费用", spoken=True)
    journey.act("agent", receipt, "close", outcome="solved", satisfied=True)
    assert states(journey, receipt) == {"register": "met", "verify": "met", "plan": "met"}


def test_money_is_paid_in_advance_against_a_voucher_and_the_books_agree(journey):
    """DI-5, DI-10: facts clear and blame clear, so before the result; who proposes does not decide; finance pays."""
    receipt = taken(journey, "搬家多收两百，退款没人管", category="fee_dispute")
    planned(journey, receipt)
    advance = {"kind": "advance", "amount": 150_000, "reason": "事实清楚、责任明确"}
    with pytest.raises(Refused, match="more than may be advanced"):
        journey.act("agent", receipt, "compensation/propose", **advance | {"amount": 200_001})
    journey.act("agent", receipt, "compensation/propose", **advance)
    (entry,) = journey.case(receipt)["compensations"]
    about = {"compensation_id": entry["compensation_id"]}
    with pytest.raises(Refused, match="coordinator"):
        journey.act("service-head", receipt, "compensation/approve", **about)
    journey.act("coordinator", receipt, "compensation/approve", **about)
    with pytest.raises(Refused, match="voucher_id"):
        journey.act("agent", receipt, "compensation/pay", **about, amount=150_000)
    with pytest.raises(Refused, match="department"):
        journey.act("clerk", receipt, "compensation/withdraw", **about, reason="不付")
    voucher = journey.keep("clerk", receipt, "凭证.png", PNG)
    journey.act("clerk", receipt, "compensation/pay", **about, amount=150_000, voucher_id=voucher)
    (entry,) = journey.case(receipt)["compensations"]
    assert (entry["state"], entry["paid"], entry["payments"][0]["voucher_id"]) == ("paid", 150_000, voucher)

    part_done(journey, receipt, "clerk")
    finished(journey, receipt)
    booked = f"number,amount,paid_at,reference\n{receipt['number']},1500.00,2026-09-28,V-1\n"
    clean = reconciled(journey, booked)
    assert (clean["matched"], clean["different"], clean["missing_here"], clean["missing_there"]) == (1, 0, 0, 0)
    (wrong,) = reconciled(journey, booked.replace("1500.00", "1600.00"))["found"]["different"]
    assert (wrong["here"]["number"], wrong["there"]["amount"]) == (receipt["number"], "1600.00")


def test_whoever_changes_the_evidence_is_found_out(journey):
    """PR-4: from registration to the end each step is linked to the one before; a changed row is named."""
    receipt = next(each for each in closed(journey) if journey.case(each)["outcome"] == "solved")
    path = f"/cases/{receipt['complaint_id']}/evidence"
    chain = journey.person("auditor").get("dispatch", path)
    actions = [step["action"] for step in chain["items"]]
    assert chain["intact"] and {"opened", "accepted", "result_given", "closed"} <= {*actions}

    n = actions.index("result_given")
    with tampered(journey, receipt, chain["items"][n]["n"]):
        found = journey.person("auditor").get("dispatch", path)
        assert (found["intact"], found["first_bad"]) == (False, chain["items"][n]["n"])
    assert journey.person("auditor").get("dispatch", path)["intact"]


def test_a_major_complaint_waits_for_managements_decision(journey):
    """DI-8, SL-1, SL-2, DI-13: a large claim; seven working days over the holiday; nothing is done before."""
    receipt = journey.firm.guest().complain("装修毁了地板，要求赔偿", **form(journey), claimed_amount=1_200_000)
    journey.rest()
    case = journey.case(receipt)
    assert (case["major"], case["alerts"]) == (True, ["coordinator", "manager"])
    assert due(journey, receipt, "major-decision") == datetime(2026, 10, 14, tzinfo=BEIJING)
    assert "plan" not in journey.clocks(receipt)

    planned(journey, receipt)
    carried_out = {"milestone": "carried_out", "note": "重铺地板"}
    with pytest.raises(Refused, match="approved"):
        journey.act("agent", receipt, "milestones", **carried_out)
    review = {"approval_id": "management-review"}
    journey.act("service-head", receipt, "approval/ask", **review, note="重铺加赔偿")
    with pytest.raises(Refused, match="manager"):
        journey.act("coordinator", receipt, "approval/approve", **review)
    journey.act("manager", receipt, "approval/approve", **review, note="会议决议：重铺，赔偿八千")
    assert journey.clocks(receipt)["major-decision"]["state"] == "met"
    journey.act("agent", receipt, "milestones", **carried_out)
    finished(journey, receipt)


def test_many_against_one_cause_are_owed_a_public_statement(journey):
    """SL-1, SL-7: what staff find to be a group event has 72 hours from when the first word came."""
    receipt = taken(journey, "我们三十户联名投诉保洁集体失约，已联系记者")
    assert journey.case(receipt)["major"]
    journey.act("coordinator", receipt, "reclassify", group=True, reason="三十户同一原因")
    assert due(journey, receipt, "statement") == datetime.fromisoformat(receipt["received_at"]) + timedelta(hours=72)
    journey.act("agent", receipt, "accept")
    journey.act("agent", receipt, "milestones", milestone="verified", report="同一班组失约")
    with pytest.raises(Refused, match="statement"):
        journey.act(
            "service-head", receipt, "milestones", milestone="planned", plan="compensate", plan_text="补做并退款"
        )
    journey.act("coordinator", receipt, "milestones", milestone="statement", note="已召开说明会")
    assert journey.clocks(receipt)["statement"]["state"] == "met"


def test_a_plan_has_three_working_days_and_lateness_climbs_the_ladder(journey):
    """SL-2, SL-3, SL-4: National Day is skipped, the Saturday worked; then the ladder, and whose it was."""
    journey.until(datetime(2026, 9, 30, 15, tzinfo=BEIJING))
    receipt = taken(journey, "保洁太慢，四小时只做了一间")
    end = datetime(2026, 10, 11, tzinfo=BEIJING)
    assert due(journey, receipt, "plan") == end
    assert any(
        "10-10" in line["en"] or "10 Oct" in line["en"] for line in journey.clocks(receipt)["plan"]["explanation"]
    )
    journey.act("agent", receipt, "accept")
    journey.act("agent", receipt, "milestones", milestone="verified", report="工时记录属实")

    journey.until(end - timedelta(hours=4))
    assert journey.case(receipt)["near_limit"]
    for moment, level in ((timedelta(minutes=1), 1), (timedelta(hours=4), 2), (timedelta(hours=24), 3)):
        journey.until(end + moment + timedelta(minutes=1))
        assert len(journey.case(receipt)["escalations"]) == level
    people = [each["people"][0]["name"].split()[0] for each in journey.case(receipt)["escalations"]]
    assert people == ["钟意", "安排", "高见"]
    (breach,) = breaches(journey, receipt)
    assert breach["assignee_id"] == journey.person("agent").profile["id"]
    assert breach["head_id"] == journey.person("service-head").profile["id"]


def test_a_fifth_of_the_quarters_complainants_is_called_back_and_anybody_can_repeat_the_draw(journey):
    """RE-4: drawn after the quarter by seed and hash; the auditor calls."""
    journey.slow_jobs()
    (line,) = journey.person("auditor").get("reporting", "/callbacks")["items"]
    assert (line["from"], line["to"], line["share_percent"]) == ("2026-07-01", "2026-09-30", 20)
    draw = journey.person("auditor").get("reporting", f"/callbacks/{line['draw_id']}")
    in_quarter = {each["complaint_id"] for each in closed(journey)}
    assert set(draw["population"]) == in_quarter
    ranked = sorted(in_quarter, key=lambda id: hashlib.sha256(f"{draw['seed']}:{id}".encode()).hexdigest())
    drawn = [call["complaint_id"] for call in draw["drawn"]]
    assert drawn == ranked[: -(-len(ranked) // 5)]

    path, said = f"/callbacks/{line['draw_id']}/complaints/{drawn[0]}", {"reached": True, "satisfied": True}
    journey.person("auditor").put("reporting", path, **said)
    (line,) = journey.person("manager").get("reporting", "/callbacks")["items"]
    assert (line["called"], line["satisfaction"]["numerator"], line["satisfaction"]["denominator"]) == (1, 1, 1)


def test_a_sample_is_reviewed_and_everybody_reads_how_complaints_are_handled(journey):
    """RE-4, RE-7: the auditor reviews what was drawn; the public page needs no sign-in."""
    journey.slow_jobs()
    auditor = journey.person("auditor")
    (line,) = auditor.get("reporting", "/reviews")["items"]
    draw = auditor.get("reporting", f"/reviews/{line['draw_id']}")
    assert draw["roles"] == ["manager", "auditor"]
    path = f"/reviews/{line['draw_id']}/complaints/{draw['drawn'][0]['complaint_id']}"
    assert auditor.put("reporting", path, kept=True)["kept"] is True
    published = auditor.get("reporting", f"/disclosure/{journey.firm.slug}")
    assert [figure["name"] for figure in published["periods"][0]["figures"]][:2] == ["received", "closed"]


def form(journey):
    yesterday = (journey.now() - timedelta(days=1)).isoformat()
    return {"name": "赖女士", "phone": "13900007777", "happened_at": yesterday, "asked_for": "按规定处理"}


def taken(journey, text, **given):
    """By telephone, where the desk says what it is."""
    given = {"channel": "phone", "category": "service_quality", **form(journey), **given}
    receipt = journey.person("desk").post("intake", "/complaints", text=text, **given)
    journey.rest()
    return receipt


def planned(journey, receipt):
    journey.act("agent", receipt, "accept")
    with pytest.raises(Refused, match="report"):
        journey.act("agent", receipt, "milestones", milestone="verified")
    journey.later(minutes=10)
    journey.act("agent", receipt, "milestones", milestone="verified", report="录像与服务记录一致，属实")
    plan = {"milestone": "planned", "plan": "compensate", "plan_text": "换新并退费"}
    with pytest.raises(Refused, match="supervisor"):
        journey.act("agent", receipt, "milestones", **plan)
    journey.act("service-head", receipt, "milestones", **plan)


def approved(journey, receipt):
    journey.act("service-head", receipt, "approval/ask", approval_id="management-review")
    journey.act("manager", receipt, "approval/approve", approval_id="management-review")


def finished(journey, receipt):
    if "carried_out" not in {each["milestone"] for each in journey.case(receipt)["milestones"]}:
        journey.act("agent", receipt, "milestones", milestone="carried_out", note="已办")
    journey.act("agent", receipt, "result", text="已按方案处理", written=True, spoken=True)
    journey.act("agent", receipt, "close", outcome="solved", satisfied=True)


def part_done(journey, receipt, login):
    part = next(each for each in journey.case(receipt)["parts"] if not each["lead"])
    journey.act(login, receipt, f"parts/{part['part_id']}/accept")
    journey.act(login, receipt, f"parts/{part['part_id']}/carried-out", note="已核账")


def withdrawn(journey, receipt):
    known = {"number": receipt["number"], "secret": receipt["tracking_secret"]}
    with journey.platform.client("intake") as intake:
        asked(intake.post(f"/public/{PROVIDER.slug}/progress/withdraw", json=known))


def reconciled(journey, books):
    person = journey.person("auditor").sign_in()
    with journey.platform.client("dispatch") as dispatch:
        path, headers = (
            "/compensation/reconcile",
            {"Authorization": f"Bearer {person.token}", "Content-Type": "text/csv"},
        )
        return asked(dispatch.post(path, params=OCTOBER, content=books.encode(), headers=headers))


@contextmanager
def tampered(journey, receipt, n):
    """Somebody with the database in hand changes one step, and puts it back."""
    row = (UUID(receipt["complaint_id"]).hex, n)
    with closing(sqlite3.connect(journey.platform.folder / "dispatch.sqlite", isolation_level=None)) as database:
        (said,) = database.execute("SELECT details FROM evidence WHERE complaint_id = ? AND n = ?", row).fetchone()
        change = "UPDATE evidence SET details = ? WHERE complaint_id = ? AND n = ?"
        database.execute(change, (said.replace("true", "false"), *row))
        yield
        database.execute(change, (said, *row))


def closed(journey):
    return journey.person("coordinator").get("dispatch", "/cases", view="all", state="closed", limit=200)["items"]


def breaches(journey, receipt):
    found = journey.person("manager").get("sla", "/appraisals", **OCTOBER)["items"]
    return [each for each in found if each["complaint_id"] == receipt["complaint_id"]]


def states(journey, receipt):
    return {limit: clock["state"] for limit, clock in journey.clocks(receipt).items()}


def due(journey, receipt, limit_id):
    return datetime.fromisoformat(journey.clocks(receipt)[limit_id]["due_at"]).astimezone(BEIJING)


def ago(journey, **span):
    return (journey.now() - timedelta(**span)).isoformat()


def joint(case):
    return [part["department"] for part in case["parts"] if not part["lead"]]
