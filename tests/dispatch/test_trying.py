"""A Procedure is tried before it is published: on one complaint (DI-1, IN-6) and on past cases (PO-4)."""

from copy import deepcopy
from datetime import timedelta

import pytest

from libs.common import migrate
from libs.common.procedure import presets
from libs.common.procedure.conditions import Facts
from libs.common.procedure.reading import read, yaml_from_mapping
from libs.common.testing.roles import give_roles
from services.dispatch import main
from services.dispatch.config import Config
from services.dispatch.domain.preview import PastCase, effect
from tests.dispatch.conftest import Firm

P1 = presets.load("p1-accommodation")
LEAK = {"text": "厨房水管漏水，地板湿了", "channel": "web"}


def test_a_tried_complaint_says_what_it_becomes_and_why(firm):
    tried = trying(firm, version=1, **LEAK).json
    assert (tried["category"], tried["department"]) == ("facility_repair", "engineering")
    assert tried["confidence"] > 0 and any("漏水" in reason["why"]["zh-Hans"] for reason in tried["reasons"])
    assert tried["assignee"]["name"] in ("li", "wang") and "least open work" in tried["assigned_as"]["en"]


def test_a_rule_that_is_not_published_is_tried_with_its_reason(firm):
    tried = trying(firm, document=leaks_to_security(), **LEAK).json
    assert (tried["department"], tried["major"]) == ("security", True)
    assert {"rule": "leaks", "why": {"zh-Hans": "提到“漏水”", "en": "mentions “漏水”"}} in tried["reasons"]


def test_what_a_person_chose_is_not_questioned(firm):
    tried = trying(firm, yaml=yaml_from_mapping(P1), category="safety", **LEAK).json
    assert (tried["category"], tried["confidence"], tried["department"]) == ("safety", 1.0, "security")


def test_who_a_rule_names_would_get_it(firm):
    """DI-1"""
    tried = trying(firm, document=for_leaks({"assignee": "Wang"}), **LEAK).json
    assert (tried["assignee"]["name"], tried["assigned_as"]["en"]) == ("wang", "whom the routing rule names")


def test_who_a_rule_names_and_is_not_known_is_passed_over_with_the_reason(firm):
    tried = trying(firm, document=for_leaks({"assignee": "nobody"}), **LEAK).json
    assert tried["assignee"]["name"] in ("li", "wang") and "least open work" in tried["assigned_as"]["en"]
    assert tried["reasons"][-1]["why"]["en"] == "nobody, whom a rule names, is away or not known"


def test_a_rule_for_a_building_is_tried_on_one_and_previewed_on_its_cases(firm):
    """DI-1, PO-4"""
    document = deepcopy(P1)
    document["routing"]["rules"].insert(0, {"id": "b", "when": {"building": "3号楼"}, "department": "security"})
    assert trying(firm, document=document, building="3 号楼", **LEAK).json["department"] == "security"
    there, _ = firm.register(in_building="3号楼"), firm.register(in_building="4号楼")
    rows = previewing(firm, document=document).json["items"]
    assert [row["complaint_id"] for row in rows] == [str(there)]


def test_trying_leaves_nothing_behind(firm):
    before = firm.service.plumbing.outbox, len(firm.said())
    trying(firm, version=1, **LEAK)
    assert len(firm.said()) == before[1] and firm.get("zhao", "/v1/cases?view=all").json["items"] == []


@pytest.mark.parametrize("name", ["li", "lin", "sun"])
def test_only_who_answers_for_rules_may_try_them(firm, name):
    """PO-4: front line, coordinator and auditor work under the Procedure; they do not write it."""
    assert trying(firm, name, version=1, **LEAK).status_code == 403
    assert previewing(firm, name).status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"version": 9}, "#/version"),
        ({"version": 2**40}, "#/version"),
        ({"yaml": "a: ["}, "#"),
        ({"document": P1 | {"retention": {"days": "x"}}}, "retention.days"),
        ({}, "#/document"),
        ({"document": P1, "version": 1}, "#/document"),
        ({"version": 1, "channel": "pigeon"}, "#/channel"),
        ({"version": 1, "category": "pigeons"}, "#/category"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_the_field(firm, given, field):
    refused = trying(firm, **{**LEAK, **given})
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [field]


def test_a_tenant_that_has_not_arrived_yet_is_told_so(empty_firm):
    assert trying(empty_firm, document=P1, **LEAK).status_code == 409
    assert previewing(empty_firm, document=P1).status_code == 409


def test_a_preview_counts_and_lists_what_would_be_different(firm):
    leak, _ = firm.register(), firm.register("保安态度很差", category="service_attitude")
    shown = previewing(firm, document=leaks_to_security()).json
    assert (shown["cases"], shown["cases_changed"], shown["more_cases"]) == (2, 1, False)
    counted = {name: count for name, count in shown["changes"].items() if count}
    assert counted == {"department": 1, "major": 1, "alerts": 1, "rules": 1}
    [row] = shown["items"]
    assert row["complaint_id"] == str(leak)
    assert row["changes"]["department"] == {"before": "engineering", "after": "security"}
    assert row["changes"]["major"] == {"before": False, "after": True}


def test_the_same_rules_change_nothing_whatever_people_decided(firm):
    firm.register("随便说说", category="service_attitude", urgency="urgent", major=True)
    moved = firm.register()
    assert firm.act("zhao", moved, "reclassify", category="safety", reason="门锁坏了").status_code == 200
    assert previewing(firm, document=P1).json["cases_changed"] == 0


def test_what_a_person_decided_stays_decided(firm):
    """IN-6: a person's correction wins, also over words of the new Procedure."""
    document = deepcopy(P1)
    next(each for each in document["categories"] if each["id"] == "safety")["words"].append("随便")
    firm.register("随便说说", category="service_attitude")
    assert previewing(firm, document=document).json["changes"]["category"] == 0


def test_a_case_that_a_rule_made_major_is_not_major_without_the_rule():
    past = PastCase(Facts(channel="web", text=LEAK["text"]), "facility_repair", "general", major=True)
    assert effect(past, read(leaks_to_security()), read(P1))["major"] == (True, False)
    assert "major" not in effect(past, read(P1), read(P1))


@pytest.mark.parametrize(
    ("outcome", "name", "becomes"),
    [
        ({"joint": ["security"]}, "joint", ["security"]),
        ({"alert": ["manager"]}, "alerts", ["manager"]),
        ({"lane": "at-once"}, "lanes", ["at-once"]),
    ],
)
def test_whoever_else_would_be_brought_in_is_a_change(firm, outcome, name, becomes):
    firm.register()
    document = for_leaks(outcome)
    [row] = previewing(firm, document=document).json["items"]
    assert row["changes"][name] == {"before": [], "after": becomes}
    assert trying(firm, document=document, **LEAK).json[name] == becomes


def test_roles_in_another_order_change_nothing():
    past = PastCase(Facts(channel="web", text=LEAK["text"]), "facility_repair", "general", major=False)
    one, other = (
        read(for_leaks({"alert": roles})) for roles in (["manager", "coordinator"], ["coordinator", "manager"])
    )
    assert not effect(past, one, other)


def test_a_case_of_a_group_event_is_previewed_under_the_plan_for_them(firm):
    """IN-8"""
    firm.register()
    [grouped, _] = [firm.register(), firm.register()]
    assert firm.act("zhao", grouped, "reclassify", group=True, reason="整栋楼都停水").status_code == 200
    document = deepcopy(P1)
    rule = {"id": "plan", "when": {"group": True}, "alert": ["manager"]}
    document["routing"]["rules"].insert(0, rule)
    [row] = previewing(firm, document=document).json["items"]
    assert row["complaint_id"] == str(grouped) and "plan" in row["changes"]["rules"]["after"]


def test_a_preview_looks_at_the_span_it_is_given(firm):
    firm.register()
    firm.register(received_at=firm.clock.now() - timedelta(days=2))
    assert previewing(firm, hours=1).json["cases"] == 1
    assert previewing(firm, hours=72).json["cases"] == 2


def test_the_changed_rows_come_in_parts_without_gap_or_repeat(firm):
    registered = [str(firm.register()) for _ in range(5)]
    seen, cursor = [], 0
    while cursor is not None:
        part = previewing(firm, document=leaks_to_security(), rows=2, cursor=cursor).json
        assert part["cases_changed"] == 5
        seen += [row["complaint_id"] for row in part["items"]]
        cursor = part["next_cursor"]
    assert sorted(seen) == sorted(registered)


def test_a_preview_says_when_there_are_more_cases_than_it_looked_at(firm):
    for _ in range(3):
        firm.register()
    looked = previewing(firm, limit=2).json
    assert (looked["cases"], looked["more_cases"]) == (2, True)
    assert previewing(firm, limit=3).json["more_cases"] is False


def test_a_supervisor_previews_the_cases_they_may_see(firm):
    """PR-2"""
    firm.register()
    assert previewing(firm, "he").json["cases"] == 1
    assert previewing(firm, "fang").json["cases"] == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [({"from": "2026-03-03T00:00:00Z", "to": "2026-03-03T00:00:00Z"}, "#/to"), ({"limit": 10_001}, "#/limit")],
)
def test_a_preview_of_no_span_or_too_much_is_refused(firm, given, field):
    refused = previewing(firm, **given)
    assert refused.status_code == 422 and refused.json["errors"][0]["pointer"] == field


def test_both_are_answered_by_postgresql_as_well(on_postgresql):
    """There rows are read on by the server while versions are asked for."""
    on_postgresql.register()
    assert previewing(on_postgresql, document=leaks_to_security()).json["cases_changed"] == 1
    assert trying(on_postgresql, version=1, **LEAK).json["department"] == "engineering"


@pytest.fixture
def on_postgresql(postgres_database, keys, ticking):
    """The firm on a PostgreSQL of its own."""
    urls = give_roles(postgres_database, "dispatch")
    migrate.upgrade("dispatch", urls.owner, main.METADATA)
    built = main.build(Config(database_url=urls.web, worker_database_url=urls.worker, keys_dir=keys), ticking)
    yield Firm(built, keys, ticking).found()
    built.database.close()
    built.units.database.close()


def trying(firm, name="zhao", **given):
    return firm.service.app.test_client().post("/v1/procedures/try", json=given, headers=firm.headers(name))


def previewing(firm, name="zhao", hours=24, **given):
    """The last hours, by the Procedure in force unless told otherwise."""
    end = firm.clock.now() + timedelta(minutes=1)
    span = {"from": (end - timedelta(hours=hours)).isoformat(), "to": end.isoformat()}
    body = span | ({} if "document" in given else {"version": 1}) | given
    return firm.service.app.test_client().post("/v1/procedures/preview", json=body, headers=firm.headers(name))


def for_leaks(outcome):
    """P1 with a rule for leaks."""
    document = deepcopy(P1)
    document["lanes"] = [{"id": "at-once", "people": ["manager"], "acknowledge_within": "15min"}]
    document["routing"]["rules"].append({"id": "leaks", "when": {"words": ["漏水"]}} | outcome)
    return document


def leaks_to_security():
    document = deepcopy(P1)
    rule = {"id": "leaks", "when": {"words": ["漏水"]}, "department": "security", "major": True}
    document["routing"]["rules"].insert(0, rule)
    return document
