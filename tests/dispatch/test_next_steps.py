"""What a person is offered is exactly what the API accepts from them now."""

import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from libs.common.events.intake import ComplaintLinked
from libs.common.events.sla import ClockStarted
from libs.common.procedure import presets
from services.dispatch.domain import compensation, together
from services.dispatch.domain.permissions import STEPS
from tests.dispatch.rules import LIMIT, every_section
from tests.simulation.steps import PATHS

TEXTS = ("水管漏水", "电梯困人，漏水，房间淹了", "前台态度差", "陌生人进入楼内", "建议增加晾衣架")
ACTIONS = (*together.REQUIRED, *(action for action in STEPS if action != "milestone"), *compensation.REQUIRED)
SOMEBODY = ("li", "wang", "he", "zhou", "fang", "gao", "lin", "zhao", "xu", "sun")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rules", ["p1-accommodation", "hotel-in-house", "every section"])
def test_every_offered_step_succeeds_and_no_other_does(empty_firm, rules, seed):
    """A walk through the life of a case, each time by somebody else, each time by an offered step."""
    document, chance = document_of(rules), random.Random(seed)
    firm = empty_firm.found(document)
    complaint_id = firm.register(chance.choice(TEXTS))
    repeat_another(firm, complaint_id)
    start_clock(firm, complaint_id)
    for _ in range(14):
        firm.pass_time(minutes=5)
        name = chance.choice(SOMEBODY)
        offered = offered_to(firm, name, complaint_id)
        for action, milestone in everything(document):
            if (action, milestone) not in {(step["action"], step.get("milestone")) for step in offered}:
                step = {"action": action, "milestone": milestone, "required": []}
                assert take(firm, name, complaint_id, step, document).status_code in (403, 404, 409, 422)
        if offered:
            step = chance.choice(offered)
            assert take(firm, name, complaint_id, step, document, bare=True).status_code == 200, step


@pytest.mark.parametrize("name", ["xu", "sun"])
def test_who_only_reads_is_offered_nothing(firm, name):
    assert firm.case(firm.register(), name)["next_steps"] == []


def test_the_first_steps_of_a_case(firm):
    offered = firm.case(firm.register(), "li")["next_steps"]
    assert offered == [
        {"action": "accept", "required": []},
        {"action": "refuse", "required": ["reason"]},
        {"action": "transfer", "required": ["to_department", "reason", "handover"]},
        {"action": "reclassify", "required": ["reason"], "one_of": ["category", "urgency"]},
        {"action": "wait", "for": "complainant", "required": ["reason"]},
        {"action": "wait", "for": "third_party", "required": ["reason", "party"]},
        {"action": "merge", "required": ["into", "reason"]},
        {"action": "note", "required": ["note"]},
        {"action": "close", "required": ["outcome", "text"], "outcomes": ["unfounded"]},
        {"action": "close", "required": ["outcome", "note"], "outcomes": ["withdrawn", "unreachable"]},
    ]


def test_after_the_work_the_result_is_offered_and_then_every_outcome(firm):
    complaint_id = firm.register()
    firm.solve(complaint_id)
    assert {"action": "result", "required": ["text"]} in firm.case(complaint_id, "li")["next_steps"]
    firm.did("li", complaint_id, "result", text="已修", spoken=True)
    assert firm.case(complaint_id, "li")["next_steps"][-1] == {
        "action": "close",
        "required": ["outcome"],
        "outcomes": ["solved", "partly_solved", "unfounded", "withdrawn", "unreachable"],
    }


def document_of(rules):
    return every_section() if rules == "every section" else presets.load(rules)


def start_clock(firm, complaint_id):
    firm.hear(
        ClockStarted,
        complaint_id,
        clock_id=uuid4(),
        limit_id=LIMIT,
        milestone_from="received",
        milestone_to="on_site",
        started_at=firm.clock.now(),
        due_at=firm.clock.now() + timedelta(hours=4),
        provisional=False,
        department="engineering",
    )


def repeat_another(firm, complaint_id):
    firm.hear(ComplaintLinked, complaint_id, other_id=firm.register("灯坏了"), relation="repeats", same="person")


def other_case(firm):
    """The number of an open case, a new one."""
    return firm.case(firm.register("灯坏了"))["number"]


def offered_to(firm, name, complaint_id):
    answer = firm.get(name, f"/v1/cases/{complaint_id}")
    return answer.json["next_steps"] if answer.status_code == 200 else []


def everything(document):
    yield from ((action, None) for action in ACTIONS)
    yield from (("milestone", milestone) for milestone in {step["milestone"] for step in document["steps"]})


def take(firm, name, complaint_id, step, document, *, bare=False):
    """The step with every field it could want; `bare`: with the required ones only."""
    body = filled(firm, firm.case(complaint_id), step, document)
    if bare:
        wanted = {*step["required"], *step.get("one_of", [])[:1]}
        body = {field: value for field, value in body.items() if field in wanted or field in step}
    return firm.act(name, complaint_id, PATHS.get(step["action"], step["action"]), **body)


def repeated(case):
    """The number of a case that this one repeats, else a number of none."""
    return next((link["number"] for link in case["links"] if link["relation"] == "repeats"), "x")


def filled(firm, case, step, document):
    other = {section: [each["id"] for each in document[section]] for section in ("departments", "categories")}
    holder = (case["assignee"] or {}).get("id")
    words = {"note": "已处理", "reason": "如实说明", "handover": "已到场，住户在家"}
    later = (firm.clock.now() + timedelta(hours=5)).isoformat()
    promise = {"compensation_id": step.get("compensation_id", str(uuid4()))}
    taken = {case["department"], *(part["department"] for part in case["parts"] if part["state"] != "dropped")}
    return {
        "acknowledge": {"note": words["note"]},
        "add_part": {
            "department": next((each for each in other["departments"] if each not in taken), case["department"]),
            "reason": words["reason"],
        },
        "lead_group": {"person_id": str(firm.person("zhao")), "reason": words["reason"]},
        "accept": {"note": words["note"]},
        "refuse": {"reason": words["reason"]},
        "milestone": {
            "milestone": step.get("milestone"),
            "note": words["note"],
            "report": "阀门老化",
            "cause": "product_service",
            "cause_text": "未按期更换",
            "finding": "confirmed",
        },
        "result": {"text": "已修好", "prevention": "每季检查"},
        "transfer": {
            "to_department": next(each for each in other["departments"] if each != case["department"]),
            "reason": words["reason"],
            "handover": words["handover"],
        },
        "reclassify": {
            "category": next(each for each in other["categories"] if each != case["category"]),
            "reason": words["reason"],
        },
        "assign": {
            "person_id": next(id for id in (str(firm.person(n)) for n in ("lin", "zhao")) if id != holder),
            "reason": words["reason"],
        },
        "wait": {"for": step.get("for", "complainant"), "party": "电梯公司", "reason": words["reason"]},
        "resume": {},
        "extend": {"limit_id": step.get("limit_id", LIMIT), "due_at": later, "reason": words["reason"]},
        "decide_extension": {
            "extension_id": step.get("extension_id", str(uuid4())),
            "decision": step.get("decision", "approve"),
            "reason": words["reason"],
        },
        "ask_approval": {"approval_id": step.get("approval_id", "plan")},
        "approve": {"approval_id": step.get("approval_id", "plan")},
        "return": {"approval_id": step.get("approval_id", "plan"), "reason": words["reason"]},
        "reopen": {"reason": step.get("reasons", ["unsatisfied"])[0], "note": words["note"]},
        "merge": {"into": other_case(firm) if step["action"] == "merge" else "", "reason": words["reason"]},
        "unlink": {"other": repeated(case), "reason": words["reason"]},
        "revise": {"milestone": step.get("milestone"), "note": words["note"], "report": "阀门老化，另有裂纹"},
        "note": {"note": words["note"]},
        "propose_compensation": {"kind": step.get("kinds", ["settlement"])[-1], "amount": 1, "reason": words["reason"]},
        "approve_compensation": promise,
        "decline_compensation": promise | {"reason": words["reason"]},
        "pay_compensation": promise | {"amount": 1, "voucher_id": firm.kept(UUID(case["complaint_id"]))},
        "withdraw_compensation": promise | {"reason": words["reason"]},
        "close": {"outcome": (step.get("outcomes") or ["solved"])[0], "note": words["note"], "text": "已核实并解释"},
    }[step["action"]]
