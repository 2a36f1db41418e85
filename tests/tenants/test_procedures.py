"""Procedures: checked as a whole, published as versions."""

from copy import deepcopy
from datetime import datetime
from importlib import resources

import pytest

from libs.common.events.tenants import ProcedurePublished
from libs.common.procedure import presets
from libs.common.procedure.reading import mapping_from_yaml

HOTEL = presets.load("hotel-in-house")
YAML = resources.files(presets).joinpath("hotel-in-house.yaml").read_text(encoding="utf-8")


def test_every_publication_is_a_new_version(firm, admin, clerk, clock):
    published = admin.post("/v1/procedures", document=HOTEL, accept_warnings=True)
    assert published.status_code == 201
    assert published.get_json()["version"] == 2
    said = firm.said()[-1]
    assert isinstance(said, ProcedurePublished) and said.subject == firm.tenant_id
    assert (said.version, said.active_from, said.document) == (2, clock.now(), HOTEL)
    in_force = clerk.get("/v1/procedure").get_json()
    assert (in_force["version"], in_force["document"]) == (2, HOTEL)


def test_a_procedure_may_be_given_as_yaml(firm, admin):
    assert admin.post("/v1/procedures", yaml=YAML, accept_warnings=True).status_code == 201
    assert firm.said()[-1].document == HOTEL


def test_a_version_waits_for_its_time(firm, admin, clerk, clock):
    begins = "2026-04-01T00:00:00+08:00"
    published = admin.post("/v1/procedures", document=HOTEL, accept_warnings=True, active_from=begins).get_json()
    assert datetime.fromisoformat(published["active_from"]) == datetime.fromisoformat(begins)
    assert clerk.get("/v1/procedure").get_json()["version"] == 1
    clock.advance(days=30)
    assert clerk.get("/v1/procedure").get_json()["version"] == 2


@pytest.mark.parametrize(
    "active_from",
    ["2026-03-02T01:29:59Z", "2026-04-01T00:00:00", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"],
)
def test_rules_do_not_begin_in_the_past_or_at_no_time(admin, wrong_fields, active_from):
    refused = admin.post("/v1/procedures", document=HOTEL, accept_warnings=True, active_from=active_from)
    assert refused.status_code == 422 and list(wrong_fields(refused)) == ["#/active_from"]
    assert admin.get("/v1/procedure").get_json()["version"] == 1


def test_every_mistake_is_named_with_its_path_at_once(firm, admin, wrong_fields):
    said = len(firm.said())
    refused = admin.post("/v1/procedures", yaml=broken_yaml())
    assert refused.status_code == 422
    wrong = wrong_fields(refused)
    assert wrong["categories[0].department"].endswith("did you mean engineering?")
    assert "limits[2].within" in wrong and len(wrong) == 2
    assert len(firm.said()) == said and admin.get("/v1/procedure").get_json()["version"] == 1


def test_mistakes_can_be_had_without_publishing(firm, admin):
    said = len(firm.said())
    mistakes = admin.post("/v1/procedures/check", yaml=broken_yaml()).get_json()["mistakes"]
    assert [(mistake["path"], mistake["suggestion"]) for mistake in mistakes] == [
        ("categories[0].department", "engineering"),
        ("limits[2].within", None),
    ]
    assert admin.post("/v1/procedures/check", document=HOTEL).get_json()["mistakes"] == []
    assert len(firm.said()) == said


@pytest.mark.parametrize("text", ["a: [", "- 1", "", "a: &x 1\nb: *x", "a: 1\na: 2"])
def test_what_is_no_yaml_document_is_refused(admin, text):
    refused = admin.post("/v1/procedures", yaml=text)
    assert refused.status_code == 422 and refused.get_json()["errors"]


def test_a_json_document_is_checked_like_yaml(admin, wrong_fields):
    document = deepcopy(HOTEL)
    document["survey"]["after"] = "carriedout"
    refused = admin.post("/v1/procedures", document=document)
    assert list(wrong_fields(refused)) == ["survey.after"]


@pytest.mark.parametrize("body", [{}, {"document": HOTEL, "yaml": YAML}])
def test_a_procedure_is_given_once(admin, wrong_fields, body):
    for path in ("/v1/procedures", "/v1/procedures/check"):
        refused = admin.post(path, **body or {"document": None})
        assert refused.status_code == 422 and list(wrong_fields(refused)) == ["#/document"]


def test_what_does_not_fit_into_one_event_is_refused(admin, wrong_fields):
    document = deepcopy(HOTEL)
    words = [f"{'长' * 55}{number}" for number in range(400)]
    for category in document["categories"][:4]:
        category["words"] = words
    assert "larger than" in wrong_fields(admin.post("/v1/procedures", document=document))["#"]


def test_departments_without_people_are_warned_about(firm, admin):
    firm.hire("mei", "front_line", departments=("engineering",))
    firm.hire("lan", "supervisor", departments=("security",))
    gone = firm.hire("wei", "supervisor", departments=("engineering", "customer_service"))
    admin.patch(f"/v1/people/{gone}", active=False)
    warned = admin.post("/v1/procedures/check", document=presets.load("p1-accommodation")).get_json()["warnings"]
    assert [each for each in warned if each["path"].startswith("departments")] == [
        {
            "path": "departments[0]",
            "message": "engineering has no supervisor: nobody is called in at a breach",
        },
        {"path": "departments[2]", "message": "nobody is in customer_service: its cases find no one"},
    ]


def test_a_role_that_nobody_holds_is_warned_about_where_it_is_needed(firm, admin):
    """SL-4, DI-10: a ladder that calls nobody in, money that nobody may approve."""
    document = deepcopy(HOTEL) | {"compensation": {"currency": "CNY", "approval": [{"by": ["auditor", "manager"]}]}}
    before = warned_paths(admin, document)
    assert "compensation.approval[0].by" in before and any(path.startswith("ladders") for path in before)
    firm.hire("gm", "manager")
    assert "compensation.approval[0].by" not in warned_paths(admin, document)


def test_a_person_whom_a_rule_names_and_who_is_not_there_is_warned_about(firm, admin):
    """DI-1"""
    document = deepcopy(HOTEL)
    document["routing"]["rules"] = [{"id": "his", "assignee": "Wei"}, {"id": "hers", "assignee": "Mei"}]
    firm.hire("mei", "front_line", departments=("engineering",))
    assert {path for path in warned_paths(admin, document) if "assignee" in path} == {"routing.rules[0].assignee"}


def test_a_place_that_is_nowhere_is_warned_about_where_places_are_listed(admin):
    """DI-1"""
    document = deepcopy(HOTEL)
    document["routing"]["rules"][0]["when"] = {"place": ["3号楼", "9号楼"], "building": "3号楼"}
    assert not any("when.place" in path for path in warned_paths(admin, document))
    assert admin.post("/v1/places", kind="property", name="北苑 3 号楼").status_code == 201
    assert {path for path in warned_paths(admin, document) if "when.place" in path} == {
        "routing.rules[0].when.place[1]"
    }


@pytest.mark.parametrize(
    ("occasion", "path"),
    [
        ("registered", "notices"),
        ("result", "notices"),
        ("alerted", "routing.rules[1].alert"),
        ("summoned", "routing.rules[1].lane"),
        ("escalated", "limits[0].ladder"),
        ("warned", "limits[0].warn"),
        ("extended", "limits[0].extension"),
        ("waiting", "limits[6].pause"),
        ("survey", "survey"),
    ],
)
def test_what_no_notice_tells_of_is_warned_about_once(admin, occasion, path):
    """NO-1"""
    document = deepcopy(presets.load("p7-online-guests"))
    document["limits"][0] |= {"extension": {"by": "manager", "at_most": "1d"}}
    document["notices"] = [each for each in document["notices"] if each["on"] != occasion]
    warned = admin.post("/v1/procedures/check", document=document).get_json()["warnings"]
    assert [each["path"] for each in warned if f"no notice on {occasion} " in each["message"]] == [path]


def test_a_preset_tells_everybody_of_what_it_asks_for(admin):
    for name in presets.names():
        warned = admin.post("/v1/procedures/check", document=presets.load(name)).get_json()["warnings"]
        assert [each for each in warned if each["message"].startswith(("no notice", "no step"))] == [], name


@pytest.mark.parametrize(
    ("step", "limit", "warned"),
    [
        ({"when": {"urgency": "serious"}}, {}, True),
        ({"when": {"urgency": "serious"}}, {"when": {"urgency": "serious"}}, False),
        ({"when": {"urgency": ["serious", "ordinary"]}}, {"when": {"urgency": "ordinary", "vip": True}}, False),
        ({"when": {"vip": True}}, {"when": {"vip": False}}, True),
        ({"when": {"time_of_day": {"from": "08:00", "to": "18:00"}}}, {}, True),
        ({}, {"when": {"urgency": "serious"}}, False),
    ],
)
def test_a_limit_to_a_step_of_fewer_cases_is_warned_about(admin, step, limit, warned):
    document = deepcopy(presets.load("p3-bar"))
    document["steps"].append({"milestone": "first_measures"} | step)
    ends = {"id": "quick", "name": {"zh-Hans": "快", "en": "quick"}, "from": "accepted", "to": "first_measures"}
    document["limits"] = [ends | {"within": "1h"} | limit]
    assert ("limits[0].to" in warned_paths(admin, document)) is warned


def test_two_steps_together_report_for_every_case(admin):
    document = deepcopy(presets.load("p1-accommodation"))
    assert "limits[0].to" not in warned_paths(admin, document)
    document["steps"] = [
        each for each in document["steps"] if each.get("when", {}).get("department") != "customer_service"
    ]
    assert "limits[0].to" in warned_paths(admin, document)


def test_a_survey_after_what_some_cases_never_reach_is_warned_about(admin):
    """NO-5"""
    document = deepcopy(presets.load("p1-accommodation"))
    next(each for each in document["steps"] if each["milestone"] == "carried_out")["when"] = {"urgency": "urgent"}
    assert "survey.after" in warned_paths(admin, document)


def test_what_is_warned_about_is_published_only_when_it_is_accepted(firm, admin, wrong_fields):
    refused = admin.post("/v1/procedures", document=HOTEL)
    assert refused.status_code == 409 and "accept_warnings" in refused.get_json()["detail"]
    assert wrong_fields(refused)["departments[0]"].startswith("nobody is in ")
    assert admin.get("/v1/procedure").get_json()["version"] == 1
    accepted = admin.post("/v1/procedures", document=HOTEL, accept_warnings=True)
    assert accepted.status_code == 201 and accepted.get_json()["warnings"]


def test_a_version_is_read_and_exported_and_reads_back_the_same(firm, admin, clerk):
    assert clerk.get("/v1/procedures/1").get_json()["document"] == presets.load("p1-accommodation")
    text = clerk.get("/v1/procedures/1/yaml").get_json()["yaml"]
    assert mapping_from_yaml(text) == presets.load("p1-accommodation")


@pytest.mark.parametrize("path", ["0", "2", "99999999999999999999", "2/yaml", "1/changes/2", "2/changes/1"])
def test_a_version_that_was_never_published_is_not_there(clerk, path):
    assert clerk.get(f"/v1/procedures/{path}").status_code == 404


def test_what_changed_between_two_versions_is_said_in_sentences(firm, admin, clerk):
    document = presets.load("p1-accommodation")
    document["limits"][0]["within"] = "90min"
    admin.post("/v1/procedures", document=document, accept_warnings=True)
    [change] = clerk.get("/v1/procedures/1/changes/2").get_json()["items"]
    assert change["words"]["en"] == "Limit *urgent-on-site*: within 2h becomes 90min"
    assert clerk.get("/v1/procedures/2/changes/2").get_json()["items"] == []


def test_presets_are_offered_by_name_and_title(admin, operator, clerk):
    offered = admin.get("/v1/presets").get_json()["items"]
    assert [preset["name"] for preset in offered] == list(presets.names())
    assert all(preset["title"]["en"] for preset in offered)
    assert operator.get("/v1/presets").status_code == 200 and clerk.get("/v1/presets").status_code == 403


def test_all_versions_are_listed_the_newest_first(firm, admin, clerk, clock):
    clock.advance(hours=1)
    for _ in range(2):
        admin.post("/v1/procedures", document=HOTEL, accept_warnings=True)
    first = clerk.get("/v1/procedures?limit=2").get_json()
    second = clerk.get(f"/v1/procedures?limit=2&cursor={first['next_cursor']}").get_json()
    versions = first["items"] + second["items"]
    assert [version["version"] for version in versions] == [3, 2, 1] and second["next_cursor"] is None
    assert {datetime.fromisoformat(versions[0][name]) for name in ("active_from", "published_at")} == {clock.now()}
    assert versions[0]["published_by"] == str(firm.admin_id)
    assert versions[2]["published_by"] is None


def test_without_a_procedure_there_is_none_in_force(found):
    clerk = found("qingquan", preset=None).as_role("front_line")
    assert clerk.get("/v1/procedure").status_code == 404
    assert clerk.get("/v1/procedures").get_json() == {"items": [], "next_cursor": None}


def test_the_same_request_twice_publishes_once(admin, clock):
    first = admin.post("/v1/procedures", key="k1", document=HOTEL, accept_warnings=True)
    clock.advance(minutes=1)
    again = admin.post("/v1/procedures", key="k1", document=HOTEL, accept_warnings=True)
    assert first.get_json() == again.get_json()
    assert len(admin.get("/v1/procedures").get_json()["items"]) == 2


def warned_paths(admin, document):
    warned = admin.post("/v1/procedures/check", document=document).get_json()["warnings"]
    return {warning["path"] for warning in warned}


def broken_yaml():
    text = YAML.replace("department: engineering", "department: enginering", 1)
    return text.replace("within: 1h", "within: soon", 1)
