"""A case that several departments handle (DI-5)."""

from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import CaseOpened, GroupLed, PartChanged
from libs.common.events.sla import ClockBreached, EscalationDue
from libs.common.procedure import presets
from tests.dispatch.rules import only, stepping

FLOOD = "爆管了，水管漏水，还有陌生人进入楼内"
JOINT = {"id": "flood", "when": {"words": ["爆管"]}, "department": "engineering", "joint": ["security", "engineering"]}
WORDS = {"when": {"words": ["陌生人"]}, "joint": ["security", "customer_service"]}
BOTH = [JOINT, {"id": "stranger", **WORDS}]


def sharing():
    document = presets.load("p1-accommodation") | {"routing": {"match": "all", "rules": BOTH}}
    return stepping(document, only("carried_out"))


@pytest.fixture
def firm(empty_firm):
    return empty_firm.found(sharing())


def test_every_matching_rule_brings_its_departments_each_once(firm):
    """DI-5, DI-1: the leading department is not among them."""
    case = firm.case(firm.register(FLOOD))
    assert {(part["department"], part["lead"]) for part in case["parts"]} == {
        ("engineering", True),
        ("security", False),
        ("customer_service", False),
    }
    assert firm.said(CaseOpened)[0].joint == ("security", "customer_service")


def test_each_part_has_its_own_people_and_is_told_of(firm):
    """DI-5, DI-3."""
    complaint_id = firm.register(FLOOD)
    part = part_of(firm, complaint_id, "customer_service")
    assert (part["assignee"]["name"], part["head"]["name"], part["state"]) == ("zhou", "fang", "assigned")
    said = [each for each in firm.said(PartChanged) if each.department == "customer_service"][-1]
    assert (str(said.part_id), said.assignee_id, said.lead) == (part["part_id"], firm.person("zhou"), False)


def test_people_of_a_parts_department_see_the_case_and_have_it_in_their_lists(firm):
    """DI-5, PR-2."""
    complaint_id = firm.register(FLOOD)
    for name, view in (("zhou", "mine"), ("zhou", "department"), ("fang", "department"), ("fang", "all")):
        assert listed(firm, name, view) == [str(complaint_id)]
    assert listed(firm, "fang", "mine") == []
    assert {step["action"] for step in firm.case(complaint_id, "zhou")["next_steps"]} == set()
    assert firm.act("zhou", complaint_id, "accept").status_code == 403


def test_a_correction_lets_go_whom_no_rule_wants_any_more_unless_they_accepted(empty_firm):
    """DI-5, SL-7"""
    repair = {"id": "repair", "when": {"category": "facility_repair"}, "joint": ["security", "customer_service"]}
    rules = {
        "match": "all",
        "rules": [repair, {"id": "mixed", "when": {"words": ["水管"]}, "department": "engineering"}],
    }
    firm = empty_firm.found(stepping(presets.load("p1-accommodation") | {"routing": rules}, only("carried_out")))
    complaint_id = firm.register()
    on_part(firm, "gao", complaint_id, "security", "accept")
    case = firm.did("lin", complaint_id, "reclassify", category="suggestion", reason="是建议")
    assert {part["department"]: part["state"] for part in case["parts"] if not part["lead"]} == {
        "security": "accepted",
        "customer_service": "dropped",
    }
    assert case["missing_to_close"] == ["carried_out", "part:security", "result"]
    last = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json["items"][-1]
    assert (last["action"], last["details"]["dropped"]) == ("reclassified", ["customer_service"])


def test_a_dropped_part_takes_the_case_out_of_the_departments_sight(firm):
    complaint_id = firm.register(FLOOD)
    on_part(firm, "lin", complaint_id, "customer_service", "drop", reason="与服务无关")
    assert listed(firm, "zhou", "all") == []
    assert firm.get("zhou", f"/v1/cases/{complaint_id}").status_code == 404


def test_a_part_goes_from_assigned_to_carried_out(firm):
    complaint_id = firm.register(FLOOD)
    offered = part_of(firm, complaint_id, "security", "gao")["next_steps"]
    assert [step["action"] for step in offered] == ["accept_part", "refuse_part"]
    on_part(firm, "gao", complaint_id, "security", "accept")
    assert part_of(firm, complaint_id, "security", "gao")["next_steps"] == [
        {"action": "carry_out_part", "required": ["note"]},
        {"action": "wait_part", "for": "complainant", "required": ["reason"]},
        {"action": "wait_part", "for": "third_party", "required": ["reason", "party"]},
        {"action": "refuse_part", "required": ["reason"]},
    ]
    photo = firm.kept(complaint_id, sha256="ab" * 32)
    done = {"note": "陌生人已离开，电话13912345678", "attachments": [photo]}
    on_part(firm, "gao", complaint_id, "security", "carried-out", **done)
    part = part_of(firm, complaint_id, "security")
    assert part["state"] == "carried_out" and "13912345678" not in part["words"]
    assert part["attachments"] == [photo]
    assert evidence(firm, complaint_id)[-1]["details"]["attachments"] == ["ab" * 32]


def test_a_department_that_is_late_with_its_part_is_brought_to_its_own_head(firm):
    """DI-5, SL-4: not to the leading department's."""
    complaint_id = firm.register(FLOOD)
    part = part_of(firm, complaint_id, "customer_service")
    clock = {"clock_id": uuid4(), "limit_id": "part-done", "due_at": firm.clock.now(), "part_id": UUID(part["part_id"])}
    firm.hear(ClockBreached, complaint_id, **clock, department="customer_service")
    firm.hear(EscalationDue, complaint_id, **clock, department="customer_service", level=1, to_role="department_head")
    assert [each["name"] for each in firm.case(complaint_id)["escalations"][0]["people"]] == ["fang"]
    late = next(each for each in evidence(firm, complaint_id) if each["action"] == "limit_passed")
    assert late["details"]["assignee"] == str(firm.person("zhou"))


@pytest.mark.parametrize(
    ("step", "given"),
    [
        ("transfer", {"to_department": "customer_service", "reason": "回访由客服做", "handover": "已修好，待回访"}),
        ("reclassify", {"category": "service_attitude", "reason": "实为态度问题"}),
        ("assign", {"person_id": str(UUID(int=2)), "reason": "换人回访"}),
    ],
)
def test_what_was_carried_out_stays_so_in_other_hands(firm, step, given):
    """DI-5, DI-6: nobody could report it again, so nobody is late with it."""
    complaint_id = firm.register("水管漏水")
    firm.did("li", complaint_id, "accept")
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    case = firm.did("zhao", complaint_id, step, **given)
    assert [part["state"] for part in case["parts"] if part["lead"]][-1] == "carried_out"
    holder = case["assignee"]["name"]
    (lead,) = [part for part in firm.did(holder, complaint_id, "accept")["parts"] if part["state"] != "dropped"]
    assert (lead["department"], lead["state"]) == (case["department"], "carried_out")


def test_a_refused_part_is_its_heads_until_somebody_accepts_it(firm):
    complaint_id = firm.register(FLOOD)
    on_part(firm, "zhou", complaint_id, "customer_service", "refuse", reason="不归我")
    part = part_of(firm, complaint_id, "customer_service")
    assert (part["state"], part["assignee"]["name"]) == ("refused", "fang")
    on_part(firm, "fang", complaint_id, "customer_service", "accept")
    assert part_of(firm, complaint_id, "customer_service")["state"] == "accepted"


def test_a_part_is_handed_back_to_who_leads_the_group_once_it_was_accepted(firm):
    """DI-5."""
    complaint_id = firm.register(FLOOD)
    on_part(firm, "zhou", complaint_id, "customer_service", "accept")
    on_part(firm, "zhou", complaint_id, "customer_service", "refuse", reason="不归我")
    part = part_of(firm, complaint_id, "customer_service", "lin")
    assert (part["state"], part["assignee"]["name"]) == ("refused", "lin")
    assert [step["action"] for step in part["next_steps"]] == ["accept_part", "assign_part", "drop_part"]


def test_the_head_hands_back_what_is_not_the_departments(firm):
    """DI-5."""
    complaint_id = firm.register(FLOOD)
    for name in ("zhou", "fang"):
        on_part(firm, name, complaint_id, "customer_service", "refuse", reason="不归我部门")
    assert part_of(firm, complaint_id, "customer_service")["assignee"]["name"] == "lin"


@pytest.mark.parametrize(("name", "status"), [("fang", 200), ("lin", 200), ("zhou", 403), ("he", 403)])
def test_a_part_is_given_to_somebody_by_its_head(firm, name, status):
    """DI-3, DI-5: they are told as who is given a case is."""
    firm.employ("gao", departments=("customer_service",))
    complaint_id = firm.register(FLOOD)
    part, other = part_of(firm, complaint_id, "customer_service"), firm.person("gao")
    other = firm.person("zhou") if part["assignee"]["name"] == "gao" else other
    path = f"parts/{part['part_id']}/assign"
    assert firm.act(name, complaint_id, path, person_id=str(other), reason="换人").status_code == status
    now = part_of(firm, complaint_id, "customer_service")
    assert (now["assignee"]["id"] == str(other)) is (status == 200)
    if status == 200:
        assert firm.said(PartChanged)[-1].state == "assigned"


@pytest.mark.parametrize("whom", ["li", "zhou", "sun"])
def test_a_part_is_given_only_to_somebody_else_of_its_department(firm, whom):
    complaint_id = firm.register(FLOOD)
    path = f"parts/{part_of(firm, complaint_id, 'customer_service')['part_id']}/assign"
    answer = firm.act("fang", complaint_id, path, person_id=str(firm.person(whom)), reason="换人")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/person_id")


@pytest.mark.parametrize(
    ("name", "step", "body", "status"),
    [
        ("zhou", "accept", {}, 403),
        ("li", "accept", {}, 403),
        ("gao", "drop", {"reason": "不必"}, 403),
        ("gao", "refuse", {}, 422),
        ("gao", "carried-out", {"note": "好了"}, 409),
        ("sun", "accept", {}, 403),
        ("lin", "refuse", {"reason": "不必"}, 403),
    ],
)
def test_a_step_on_a_part_is_for_its_people_and_in_its_order(firm, name, step, body, status):
    complaint_id = firm.register(FLOOD)
    part = part_of(firm, complaint_id, "security")
    before = firm.case(complaint_id)
    assert firm.act(name, complaint_id, f"parts/{part['part_id']}/{step}", **body).status_code == status
    assert firm.case(complaint_id) == before


def test_the_leading_part_moves_with_the_case(firm):
    complaint_id = firm.register(FLOOD)
    lead = part_of(firm, complaint_id, "engineering")
    firm.did("li", complaint_id, "accept")
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    states = [(each.state, each.lead) for each in firm.said(PartChanged) if str(each.part_id) == lead["part_id"]]
    assert states == [("assigned", True), ("accepted", True), ("carried_out", True)]
    assert firm.act("li", complaint_id, f"parts/{lead['part_id']}/accept").status_code == 409


def test_a_refused_case_is_a_refused_leading_part(firm):
    complaint_id = firm.register("水管漏水", category="facility_repair")
    firm.did("li", complaint_id, "refuse", reason="不会修")
    said = firm.said(PartChanged)[-1]
    assert (said.state, said.lead, said.assignee_id) == ("refused", True, firm.person("he"))


def test_a_transfer_drops_the_old_leading_part_and_gives_the_next_department_one(firm):
    """DI-6."""
    complaint_id = firm.register("水管漏水", category="facility_repair")
    firm.did("li", complaint_id, "transfer", to_department="security", reason="门禁", handover="见照片")
    old, new = firm.said(PartChanged)[-2:]
    assert (old.department, old.state, old.lead) == ("engineering", "dropped", True)
    assert (new.department, new.state, new.assignee_id) == ("security", "assigned", firm.person("gao"))


def test_a_department_that_has_a_part_goes_on_with_it_when_the_case_becomes_its_own(firm):
    complaint_id = firm.register(FLOOD)
    part = part_of(firm, complaint_id, "security")
    firm.did("li", complaint_id, "transfer", to_department="security", reason="门禁", handover="见照片")
    [now] = [each for each in firm.case(complaint_id)["parts"] if each["department"] == "security"]
    assert (now["part_id"], now["lead"]) == (part["part_id"], True)


def test_a_case_is_not_solved_while_a_part_is_open(firm):
    """DI-5: the refusal names the open parts."""
    complaint_id = solved_but_for_its_parts(firm)
    answer = firm.act("li", complaint_id, "close", outcome="solved")
    detail = answer.json["errors"][0]["detail"]
    assert answer.status_code == 422 and "the part of security, the part of customer_service" in detail
    for name, department in (("gao", "security"), ("zhou", "customer_service")):
        on_part(firm, name, complaint_id, department, "accept")
        on_part(firm, name, complaint_id, department, "carried-out", note="已完成")
    assert firm.did("li", complaint_id, "close", outcome="solved")["state"] == "closed"


def test_closing_early_drops_the_parts_still_open(firm):
    complaint_id = firm.register(FLOOD)
    firm.did("li", complaint_id, "close", outcome="unfounded", text="误报")
    states = {part["state"] for part in firm.case(complaint_id)["parts"] if not part["lead"]}
    assert states == {"dropped"} and listed(firm, "zhou", "mine") == []


def test_a_person_adds_a_part_with_a_reason(firm):
    complaint_id = firm.register("水管漏水", category="facility_repair")
    case = firm.did("he", complaint_id, "parts", department="customer_service", reason="需要安抚住户")
    [part] = [each for each in case["parts"] if not each["lead"]]
    assert (part["assignee"]["name"], part["words"]) == ("zhou", "需要安抚住户")
    assert evidence(firm, complaint_id)[-1]["action"] == "part_added"


@pytest.mark.parametrize(
    ("name", "status"),
    [("he", 200), ("lin", 200), ("zhao", 200), ("li", 403), ("xu", 403), ("sun", 403), ("fang", 404)],
)
def test_parts_are_added_by_the_leading_supervisor_coordination_and_management(firm, name, status):
    complaint_id = firm.register("水管漏水", category="facility_repair")
    assert firm.act(name, complaint_id, "parts", department="security", reason="门锁").status_code == status


@pytest.mark.parametrize("department", ["engineering", "security", "kitchen"])
def test_a_department_has_one_part_at_a_time(firm, department):
    answer = firm.act("lin", firm.register(FLOOD), "parts", department=department, reason="再看")
    # FLOOD takes every department of this firm: there is none left to add.
    assert answer.status_code == 409
    added = firm.register("水管漏水，爆管", category="facility_repair")
    answer = firm.act("lin", added, "parts", department=department, reason="再看")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/department")


def test_the_coordinator_leads_the_group_until_a_person_is_named(firm):
    """DI-5."""
    complaint_id = firm.register(FLOOD)
    assert firm.case(complaint_id)["group_leader"]["name"] == "lin"
    led = firm.did("he", complaint_id, "group-leader", person_id=str(firm.person("gao")), reason="最熟悉")
    assert led["group_leader"]["name"] == "gao"
    assert firm.said(GroupLed)[-1].person_id == firm.person("gao")
    assert evidence(firm, complaint_id)[-1]["details"]["to"] == str(firm.person("gao"))


def test_who_leads_the_group_gives_assigns_and_drops_parts(firm):
    """DI-5: of whatever department and role they are."""
    complaint_id = firm.register("水管漏水", category="facility_repair")
    firm.did("lin", complaint_id, "parts", department="security", reason="疏散")
    firm.did("lin", complaint_id, "group-leader", person_id=str(firm.person("zhou")), reason="最熟悉")
    steps = {step["action"] for step in firm.case(complaint_id, "zhou")["next_steps"]}
    assert steps == {"add_part", "lead_group"}
    part = part_of(firm, complaint_id, "security", "zhou")
    assert [step["action"] for step in part["next_steps"]] == ["assign_part", "drop_part"]
    firm.did("zhou", complaint_id, "parts", department="customer_service", reason="安抚")
    on_part(firm, "zhou", complaint_id, "security", "drop", reason="不需要")
    firm.did("lin", complaint_id, "group-leader", person_id=str(firm.person("lin")), reason="接手")
    assert firm.act("zhou", complaint_id, "parts", department="security", reason="再看").status_code == 403


@pytest.mark.parametrize("way", ["by rule", "by hand"])
def test_the_procedure_has_a_manager_lead_the_group(empty_firm, way):
    """DI-5, P6."""
    document = sharing()
    firm = empty_firm.found(document | {"routing": document["routing"] | {"group_leader": "manager"}})
    complaint_id = firm.register(FLOOD if way == "by rule" else "水管漏水", category="facility_repair")
    if way == "by hand":
        firm.did("lin", complaint_id, "parts", department="security", reason="疏散")
    assert firm.case(complaint_id)["group_leader"]["name"] == "zhao"


def test_a_case_of_one_department_has_no_group_to_lead(firm):
    complaint_id = firm.register("水管漏水", category="facility_repair")
    assert firm.case(complaint_id)["group_leader"] is None
    answer = firm.act("lin", complaint_id, "group-leader", person_id=str(firm.person("gao")), reason="最熟悉")
    assert answer.status_code == 409


def test_an_unknown_leader_or_part_is_refused(firm, other_firm):
    complaint_id = firm.register(FLOOD)
    nobody = "00000000-0000-0000-0000-0000000000ff"
    answer = firm.act("lin", complaint_id, "group-leader", person_id=nobody, reason="最熟悉")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/person_id")
    assert firm.act("lin", complaint_id, f"parts/{nobody}/accept").status_code == 404


def test_open_parts_count_as_work(firm):
    """DI-3: who has parts of other cases is given the next one later."""
    firm.employ("fang", roles=("front_line",), departments=("customer_service",))
    firm.register(FLOOD)
    assert firm.case(firm.register("态度差", category="staff_attitude"))["assignee"]["name"] == "fang"


def test_on_postgresql_as_on_sqlite(firm_on_postgresql):
    """DI-5: lists, sight and open work."""
    firm = firm_on_postgresql.found(sharing())
    complaint_id = firm.register(FLOOD)
    for name, view in (("zhou", "mine"), ("fang", "department"), ("gao", "all")):
        assert listed(firm, name, view) == [str(complaint_id)]
    assert listed(firm, "zhou", "absent") == []
    on_part(firm, "zhou", complaint_id, "customer_service", "accept")
    firm.did("li", complaint_id, "transfer", to_department="security", reason="门禁", handover="见照片")
    firm.did("gao", complaint_id, "close", outcome="unfounded", text="误报")
    assert {part["state"] for part in firm.case(complaint_id)["parts"]} == {"assigned", "dropped"}


def solved_but_for_its_parts(firm):
    complaint_id = firm.register(FLOOD)
    firm.did("li", complaint_id, "accept")
    firm.did("li", complaint_id, "milestones", milestone="carried_out")
    firm.did("li", complaint_id, "result", text="已修好", spoken=True)
    return complaint_id


def part_of(firm, complaint_id, department, name="zhao"):
    return next(part for part in firm.case(complaint_id, name)["parts"] if part["department"] == department)


def on_part(firm, name, complaint_id, department, step, **body):
    part = part_of(firm, complaint_id, department)
    return firm.did(name, complaint_id, f"parts/{part['part_id']}/{step}", **body)


def listed(firm, name, view):
    return [row["complaint_id"] for row in firm.get(name, "/v1/cases", view=view).json["items"]]


def evidence(firm, complaint_id):
    shown = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    assert shown["intact"] is True
    return shown["items"]
