"""No way through a Procedure is a trap (DI-13): wherever offered steps led a case, offered steps solve and file it."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest

from libs.common.events.notify import SurveyAnswered
from libs.common.events.sla import ClockStarted
from libs.common.procedure import presets
from tests.dispatch.rules import every_section
from tests.simulation.everything import with_everything
from tests.simulation.steps import PATHS

DOCUMENTS = {"every section": every_section, "everything": with_everything}
WORDS = dict.fromkeys(
    ("note", "report", "cause_text", "plan_text", "text", "prevention", "reason", "handover", "party"), "按规定办理"
)
FIXED = {**WORDS, "cause": "process", "plan": "fix", "finding": "confirmed", "written": True, "spoken": True}
ABOUT = ("milestone", "limit_id", "extension_id", "decision", "approval_id", "compensation_id", "for")
ONWARD = ("accept", "accept_part", "carry_out_part", "ask_approval", "approve")
CORRECTED = ("category", "urgency", "major", "vip", "complex", "group")
TAKEN_BACK = ("decline_compensation", "withdraw_compensation")


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("rules", [*DOCUMENTS, *presets.names()])
def test_wherever_offered_steps_led_a_case_offered_steps_solve_and_file_it(empty_firm, monkeypatch, rules, seed):
    """DI-13, PR-4"""
    walk = Walk(empty_firm, monkeypatch, rules, random.Random(f"{rules} {seed}"))
    for _ in range(18):
        walk.wander()
    walk.solve()
    assert walk.case()["outcome"] == "solved"
    walk.file()
    assert "archived" in {each["milestone"] for each in walk.case()["milestones"] if each["counts"]}
    assert walk.firm.get("zhao", f"/v1/cases/{walk.complaint_id}/evidence").json["intact"]


NAMELESS = [name for name in presets.names() if presets.load(name)["intake"]["anonymous"]["allowed"]]


@pytest.mark.parametrize("rules", NAMELESS)
def test_a_case_of_somebody_without_a_name_is_solved_and_filed_without_calling_or_asking_them(
    empty_firm, monkeypatch, rules
):
    """DI-13, IN-5"""
    walk = Walk(empty_firm, monkeypatch, rules, random.Random(rules), anonymous=True)
    assert not {"contacted", "result_spoken", "surveyed"} & set(walk.case()["missing_to_close"])
    walk.solve()
    walk.file()
    assert "archived" in {each["milestone"] for each in walk.case()["milestones"]}


class Walk:
    """One case of a firm whose people have every role in every department."""

    def __init__(self, firm, monkeypatch, rules, chance, anonymous=None):
        self.document = DOCUMENTS[rules]() if rules in DOCUMENTS else presets.load(rules)
        self.departments = [each["id"] for each in self.document["departments"]]
        staff = {"zhao": (("manager",), ()), "lin": (("coordinator",), ())}
        for department in self.departments:
            staff[f"head of {department}"] = (("supervisor",), (department,))
            staff[f"worker of {department}"] = (("front_line",), (department,))
        monkeypatch.setattr("tests.dispatch.conftest.STAFF", staff)
        self.names, self.chance, self.firm = list(staff), chance, firm.found(self.document)
        marks = {mark: chance.random() < 0.3 for mark in ("vip", "major")}
        some = self.document["intake"]["anonymous"]["allowed"] and chance.random() < 0.3
        marks["anonymous"] = some if anonymous is None else anonymous
        category = chance.choice([each["id"] for each in self.document["categories"]])
        self.complaint_id = self.firm.register("水管漏水", category=category, **marks)
        self.start_clock()

    def case(self, name="zhao"):
        return self.firm.case(self.complaint_id, name)

    def wander(self):
        """Somebody takes a step that they are offered; now and then the complainant answers or somebody is away."""
        self.firm.pass_time(minutes=5)
        if self.chance.random() < 0.1:
            self.answer_survey()
        if self.chance.random() < 0.1:
            name = self.chance.choice(self.names)
            self.firm.plan_absence("zhao", name, hours=1)
        name = self.chance.choice(self.names)
        offered = [step for step in self.offered(name) if self.chance.random() < 0.3 or step["action"] != "close"]
        offered = [step for step in offered if self.chance.random() < 0.1 or step["action"] not in ("merge", "note")]
        # Not everybody sees the case that goes on.
        offered = [step for step in offered if step["action"] != "merge" or name in ("lin", "zhao")]
        if offered:
            step = self.chance.choice(offered)
            answer = self.take(name, step)
            assert answer.status_code == 200, (name, step, answer.json)
            if step["action"] == "merge":
                self.complaint_id = self.other

    def solve(self):
        """Only what still stands between the case and its end."""
        for _ in range(150):
            if self.case()["state"] == "closed" and self.case()["outcome"] == "solved":
                return
            assert self.onward(), (self.case()["missing_to_close"], {n: self.offered(n) for n in self.names})
        raise AssertionError(self.case()["missing_to_close"])

    def onward(self):
        """Whether somebody could take a step that brings the case nearer to its end."""
        missing = set(self.case()["missing_to_close"])
        for name in self.names:
            for step in self.offered(name):
                if self.leads_on(step, missing):
                    answer = self.take(name, step, **self.told(step, missing))
                    assert answer.status_code == 200, (name, step, answer.json)
                    return True
        return False

    def leads_on(self, step, missing):
        action = step["action"]
        if action == "milestone":
            return step["milestone"] in missing
        if action == "result":
            return (
                bool(missing & {"result", "result_written", "result_spoken"}) and self.told(step, missing) is not None
            )
        if action == "close":
            return "solved" in step["outcomes"]
        if action == "reopen":
            return not missing and "wrongly_closed" in step["reasons"]
        return action in ONWARD or (action in TAKEN_BACK and "compensation" in missing)

    def told(self, step, missing):
        """The ways of telling that are still wanted, and open: a Procedure may want one long after the other."""
        if step["action"] == "close":
            return {"outcome": "solved"}
        if step["action"] != "result":
            return {}
        before = [each["milestone"] for each in self.document["steps"]]
        first = min((before.index(each) for each in missing if each in before), default=0)
        ways = [each for each in ("result_written", "result_spoken") if each in missing]
        now = [each for each in ways if before.index(each) == first or len(missing - {*ways, "result"}) == 0]
        if not now and "result" not in missing:
            return None
        return {each.removeprefix("result_"): True for each in now}

    def file(self):
        for _ in range(12):
            if "archived" in {each["milestone"] for each in self.case()["milestones"] if each["counts"]}:
                return
            wanted = {"ask_approval", "approve", *TAKEN_BACK, "milestone"}
            step_of = ((name, step) for name in self.names for step in self.offered(name) if step["action"] in wanted)
            name, step = next(step_of)
            answer = self.take(name, step)
            assert answer.status_code == 200, (name, step, answer.json)

    def offered(self, name):
        answer = self.firm.get(name, f"/v1/cases/{self.complaint_id}")
        if answer.status_code != 200:
            return []
        case = answer.json
        of_parts = [{**step, "part_id": part["part_id"]} for part in case["parts"] for step in part["next_steps"]]
        return [*case["next_steps"], *of_parts]

    def take(self, name, step, **chosen):
        address = PATHS.get(step["action"], step["action"]).format(**step)
        body = {field: FIXED[field] for field in step["required"] if field in FIXED}
        body |= {field: step[field] for field in ABOUT if field in step}
        body |= {"attachments": [self.firm.kept(self.complaint_id)]} if "attachments" in step["required"] else {}
        return self.firm.act(name, self.complaint_id, address, **body | self.choices(step) | chosen)

    def choices(self, step):
        """What this step lets choose."""
        case, choose, found = self.case(), self.chance.choice, {}
        at_work = {part["department"] for part in case["parts"] if part["state"] in ("assigned", "accepted", "refused")}
        others = [each for each in self.departments if each not in {case["department"], *at_work}]
        for field in (*step["required"], *([choose(step["one_of"])] if "one_of" in step else [])):
            if field == "to_department":
                found[field] = choose([each for each in self.departments if each != case["department"]])
            elif field == "department":
                found[field] = choose(others)
            elif field == "person_id":
                found[field] = self.somebody_else(case, step)
            elif field == "due_at":
                found[field] = (self.firm.clock.now() + timedelta(hours=4, minutes=1)).isoformat()
            elif field == "into":
                self.other = self.firm.register("灯坏了")
                found[field] = self.firm.case(self.other)["number"]
            elif field in CORRECTED:
                found |= self.correction(case, field)
        return found | self.named(step)

    def named(self, step):
        """Money, files, and one of what the step names itself."""
        lists = {"outcome": "outcomes", "kind": "kinds", "reason": "reasons"}
        named = {field: self.chance.choice(step[many]) for field, many in lists.items() if many in step}
        named |= {"amount": 1} if "amount" in step["required"] else {}
        return named | ({"voucher_id": self.firm.kept(self.complaint_id)} if "voucher_id" in step["required"] else {})

    def somebody_else(self, case, step):
        """Of a part its department's, of the case one of those who oversee all."""
        had, names = case, ("lin", "zhao")
        if step["action"] == "assign_part":
            had = next(each for each in case["parts"] if each["part_id"] == step["part_id"])
            names = [f"{who} of {had['department']}" for who in ("head", "worker")]
        holder = (had["assignee"] or {}).get("id")
        return self.chance.choice([each for each in map(str, map(self.firm.person, names)) if each != holder])

    def correction(self, case, field):
        if field not in ("category", "urgency"):
            return {field: not case[field]}
        section = {"category": "categories", "urgency": "urgencies"}[field]
        known = [each["id"] for each in self.document[section]]
        return {field: self.chance.choice([each for each in known if each != case[field]])}

    def answer_survey(self):
        satisfied = self.chance.random() < 0.5
        about = {"score": 5 if satisfied else 1, "scale": 5, "satisfied": satisfied, "comment": None}
        self.firm.hear(SurveyAnswered, self.complaint_id, survey_id=uuid4(), channel="web", by=None, **about)

    def start_clock(self):
        if not self.document.get("limits"):
            return
        limit, now = self.chance.choice(self.document["limits"]), self.firm.clock.now()
        self.firm.hear(
            ClockStarted,
            self.complaint_id,
            clock_id=uuid4(),
            limit_id=limit["id"],
            milestone_from=limit["from"],
            milestone_to=limit["to"],
            started_at=now,
            due_at=now + timedelta(hours=4),
            provisional=False,
            department=self.departments[0],
        )
