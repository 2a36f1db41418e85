"""A Procedure is read whole or refused with every mistake."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.procedure import presets
from libs.common.procedure.calendars import Interval
from libs.common.procedure.duration import Share, Span
from libs.common.procedure.reading import (
    Mistake,
    ProcedureRefused,
    as_document,
    mapping_from_yaml,
    read,
    read_yaml,
    yaml_from_mapping,
)

Document = dict[str, Any]
Change = Callable[[Document], object]
REPAIR = "categories[0]"
WORDS = ["text", "en", "phone", "urgent", "repair", "3wd", "on_site", "manager", "email"]
# A path is written with these, so a key that has them could not be found by its path.
KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=".[]"), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])) | st.sampled_from(
    ["on", "08:30", "~", "7"]
)
LEAVES = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXTS
OF_DAY = "routing.rules[0].when.time_of_day"


def test_a_small_procedure_is_read_with_its_defaults() -> None:
    procedure = read(small())
    limit = procedure.limit("answer")
    assert limit is not None
    assert (limit.within, limit.warn, limit.calendar) == (Span(3, "wd"), Share(75), "default")
    assert (limit.milestone_from, limit.milestone_to) == ("received", "contacted")
    assert procedure.routing.match == "first" and procedure.limits[0].ladder is None


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_is_the_same_after_its_journey_as_json(name: str) -> None:
    document = presets.load(name)
    assert read(json.loads(json.dumps(document))) == read(document)


@pytest.mark.parametrize("name", presets.names())
def test_a_procedure_written_back_reads_the_same(name: str) -> None:
    procedure = read(presets.load(name))
    assert read(json.loads(json.dumps(as_document(procedure)))) == procedure


def test_every_mistake_is_reported_at_once_and_in_its_place() -> None:
    document = small()
    document["limits"][0] |= {"within": "3 weeks", "to": "contactd"}
    document["categories"][0]["department"] = "enginering"
    document["routing"] = {"rules": [{"id": "r", "when": {"urgency": ["urgnt"]}, "department": "engineering"}]}
    document["retention"]["days"] = 30
    document["nmae"] = {}
    assert set(paths(document)) == {
        "categories[0].department",
        "limits[0].to",
        "limits[0].within",
        "nmae",
        "retention.days",
        "routing.rules[0].when.urgency[0]",
    }


@pytest.mark.parametrize(
    ("change", "path", "suggestion"),
    [
        (
            lambda d: d["categories"][0].update(department="enginering"),
            "categories[0].department",
            "engineering",
        ),
        (lambda d: d["categories"][0].update(urgency="urgnt"), REPAIR + ".urgency", "urgent"),
        (lambda d: d["intake"].update(default_category="repairs"), "intake.default_category", "repair"),
        (lambda d: d["limits"][0].update(to="contcted"), "limits[0].to", "contacted"),
        (lambda d: d["limits"][0].update(ladder="standart"), "limits[0].ladder", "standard"),
        (lambda d: d["limits"][0].update(calendar="defualt"), "limits[0].calendar", "default"),
        (lambda d: d["limits"][0].update(when={"category": "repiar"}), "limits[0].when.category", "repair"),
        (lambda d: d["limits"][0].update(wihtin="2h"), "limits[0].wihtin", "within"),
        (lambda d: d["limits"][0].update(when={"chanel": "web"}), "limits[0].when.chanel", "channel"),
        (lambda d: d["limits"][0].update(when={"channel": "e-mail"}), "limits[0].when.channel", "email"),
        (lambda d: d["steps"].append({"milestone": "onsite"}), "steps[2].milestone", "on_site"),
        (lambda d: d["survey"].update(after="carriedout"), "survey.after", "carried_out"),
        (lambda d: d["intake"]["required"].update(web=["nmae"]), "intake.required.web[0]", "name"),
        (lambda d: d["intake"]["required"].update(wechta=["text"]), "intake.required.wechta", "wechat"),
        (lambda d: d["ladders"][0]["levels"][0].update(to="manger"), "ladders[0].levels[0].to", "manager"),
        (lambda d: d["calendars"]["default"].update(country="CM1"), "calendars.default.country", None),
        (
            lambda d: d["calendars"]["default"].update(time_zone="Asia/Shangai"),
            "calendars.default.time_zone",
            "Asia/Shanghai",
        ),
        (lambda d: d["notices"][0].update(on="registred"), "notices[0].on", "registered"),
        (
            lambda d: d["notices"][0]["templates"]["sms"].update(en="{numbr} {number} {deadline}"),
            "notices[0].templates.sms.en",
            "{number}",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(
    change: Change, path: str, suggestion: str | None
) -> None:
    (mistake,) = mistakes_after(change)
    assert mistake.path == path
    if suggestion is not None:
        assert mistake.suggestion == suggestion


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d["departments"].append(d["departments"][0]), "departments[1].id"),
        (lambda d: d["limits"].append(d["limits"][0]), "limits[1].id"),
        (lambda d: d["limits"][0].update(to="received"), "limits[0].to"),
        (lambda d: d["limits"][0].update(within="0h"), "limits[0].within"),
        (lambda d: d["limits"][0].update(within="2h end-of-day"), "limits[0].within"),
        (lambda d: d["limits"][0].update(within="99999d"), "limits[0].within"),
        (lambda d: d["limits"][0].update(within=3), "limits[0].within"),
        (lambda d: d["limits"][0].update(warn="100%"), "limits[0].warn"),
        (lambda d: d["limits"][0].update(within="2h", warn="2h"), "limits[0].warn"),
        (lambda d: d["limits"][0].update(when={"words": ["fire"]}), "limits[0].when.words"),
        (lambda d: d["limits"][0].update(when={"category": []}), "limits[0].when.category"),
        (lambda d: d["limits"][0].update(id="Answer me"), "limits[0].id"),
        (lambda d: d["limits"][0].update(id="answer\n"), "limits[0].id"),
        (lambda d: rule(d, when={"department": "engineering"}), "routing.rules[0].when.department"),
        (lambda d: rule(d, department=None), "routing.rules[0].department"),
        (lambda d: d.update(routing={"rules": [{"id": "r"}]}), "routing.rules[0]"),
        (lambda d: rule(d, when={"time_of_day": {"from": "9:00", "to": "10:00"}}), OF_DAY + ".from"),
        (lambda d: rule(d, when={"time_of_day": {"from": "09:00", "to": "09:00"}}), OF_DAY + ".to"),
        (lambda d: d["languages"].clear(), "languages"),
        (lambda d: d.pop("survey"), "survey"),
        (lambda d: d.update(limits={}), "limits"),
        (lambda d: d["calendars"].update(office=d["calendars"].pop("default")), "calendars.default"),
        (lambda d: d["name"].pop("en"), "name.en"),
        (lambda d: d["name"].update(fr="Plaintes"), "name.fr"),
        (lambda d: d["retention"].update(days=True), "retention.days"),
        (lambda d: d["retention"].update(days=365), "retention.days"),
        (lambda d: d["intake"]["anonymous"].update(answer_by=[]), "intake.anonymous.answer_by"),
        (lambda d: d["intake"]["required"].pop("default"), "intake.required.default"),
        (lambda d: d["categories"][0].update(words=["leak", "leak"]), "categories[0].words[1]"),
        (lambda d: d["categories"][0].update(words=[" "]), "categories[0].words[0]"),
        (lambda d: d["name"].update(en="\ud800"), "name.en"),
        (lambda d: d["name"].update(en="a\x00b"), "name.en"),
        (lambda d: d["retention"].update(days=1e400), "retention.days"),
    ],
)
def test_what_does_not_agree_is_refused_where_it_stands(change: Change, path: str) -> None:
    assert [mistake.path for mistake in mistakes_after(change)] == [path]


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        ("contacted", "received", True),
        ("registered", "received", True),
        ("carried_out", "contacted", True),
        ("received", "registered", False),
        ("contacted", "carried_out", False),
        ("reopened", "contacted", False),
        ("closed", "surveyed", False),
    ],
)
def test_a_limit_runs_forward(start: str, end: str, refused: bool) -> None:
    """SL-1"""
    document = small()
    document["limits"].append({**document["limits"][0], "id": "another", "from": start, "to": end, "within": 3})
    assert paths(document) == (["limits[1].to"] if refused else []) + ["limits[1].within"]


@pytest.mark.parametrize(
    ("change", "right"),
    [
        (lambda d: d.update(oversight={"callbacks": {"share": 20, "every": "month"}}), "write a share such as 20%"),
        (lambda d: d["limits"][0].update(within=3), "write a span of time, such as 2h or 3wd"),
        (lambda d: d["limits"][0].update(warn=75), "write a share such as 75%, or a span such as 30min"),
        (lambda d: d.update(limits="none"), "write a list: each entry on a line that begins with a dash"),
        (lambda d: d.pop("retention"), "is required"),
        (lambda d: d["retention"].update(days="long"), "write a whole number"),
        (lambda d: d["retention"].update(days=3), "write a whole number from 366 to 36600"),
        (lambda d: d["steps"][0].update(optional="perhaps"), "write true or false"),
        (lambda d: d.update(intake=[]), "write keys with their values here, as in key: value"),
        (lambda d: d["limits"][0].update(id=None), "is empty: write a value, or leave the key out"),
        (lambda d: d["survey"].update(scale=11), "write a whole number from 2 to 10"),
        (lambda d: d["notices"][0].update(to=[]), "name at least one"),
    ],
)
def test_a_mistake_says_what_would_be_right(change: Change, right: str) -> None:
    assert right in [mistake.message for mistake in mistakes_after(change)]


@pytest.mark.parametrize(("scale", "satisfied_from"), [(2, 2), (3, 3), (5, 4), (10, 8)])
def test_four_fifths_of_the_scale_are_satisfied_where_nothing_is_said(scale: int, satisfied_from: int) -> None:
    """NO-5"""
    document = small()
    document["survey"]["scale"] = scale
    assert read(document).survey.satisfied_from == satisfied_from


@pytest.mark.parametrize(
    ("delays", "path"),
    [
        (["1h", "30min"], "ladders[0].levels[1].after"),
        (["0min", "2h", "120min"], "ladders[0].levels[2].after"),
    ],
)
def test_the_delays_of_a_ladder_rise(delays: list[str], path: str) -> None:
    levels = [{"after": delay, "to": "manager"} for delay in delays]
    assert paths(small() | {"ladders": [{"id": "standard", "levels": levels}]}) == [path]


@pytest.mark.parametrize(
    ("hours", "path"),
    [
        ({"mon": ["08:00-12:00", "11:59-13:00"]}, "mon[1]"),
        ({"mon": ["12:00-08:00"]}, "mon[0]"),
        ({"mon": ["08:00-24:01"]}, "mon[0]"),
        ({"mon": ["08:60-12:00"]}, "mon[0]"),
        ({"mon-fri": ["08:00-12:00"], "fri": ["13:00-14:00"]}, "fri"),
        ({"fri-mon": ["08:00-12:00"]}, "fri-mon"),
        ({"monday": ["08:00-12:00"]}, "monday"),
    ],
)
def test_hours_that_overlap_or_are_none_are_refused(hours: Any, path: str) -> None:
    assert paths(with_calendar(hours=hours)) == [f"calendars.default.hours.{path}"]


def test_a_calendar_that_never_opens_is_refused() -> None:
    assert paths(with_calendar(hours={"mon": []})) == ["calendars.default.hours"]


def test_a_week_is_read_from_monday_with_its_intervals_in_order() -> None:
    calendar = read(with_calendar(hours={"tue": ["13:30-24:00", "08:30-12:00"]})).calendars["default"]
    assert calendar.hours[1] == (Interval(510, 720), Interval(810, 1440))
    assert calendar.hours[0] == () == calendar.hours[6]
    assert calendar.usual_hours == calendar.hours[1]


def test_an_override_closes_a_day_or_opens_it_with_its_own_or_the_usual_hours() -> None:
    overrides = [
        {"date": "2026-05-04", "open": False},
        {"date": "2026-05-09", "open": True, "hours": ["10:00-11:00"]},
        {"date": "2026-05-10", "open": True},
    ]
    calendar = read(with_calendar(overrides=overrides)).calendars["default"]
    closed, own, usual = (override.hours for override in calendar.overrides)
    assert (closed, own, usual) == ((), (Interval(600, 660),), (Interval(540, 1020),))


@pytest.mark.parametrize(
    ("override", "path"),
    [
        ({"date": "2026-05-04", "open": False, "hours": ["10:00-11:00"]}, "hours"),
        ({"date": "2026-05-04", "open": True, "hours": []}, "hours"),
        ({"date": "2026-02-30", "open": True}, "date"),
    ],
)
def test_an_override_that_contradicts_itself_is_refused(override: Document, path: str) -> None:
    assert paths(with_calendar(overrides=[override])) == [f"calendars.default.overrides[0].{path}"]


def test_a_day_overridden_twice_is_refused() -> None:
    closed = {"date": "2026-05-04", "open": False}
    assert paths(with_calendar(overrides=[closed, closed])) == ["calendars.default.overrides[1].date"]


def test_a_milestone_of_the_tenants_own_carries_a_name() -> None:
    named = {"milestone": "insurer_told", "name": {"zh-Hans": "已通知保险公司", "en": "insurer told"}}
    document = small()
    document["steps"].append(named)
    document["limits"][0]["to"] = "insurer_told"
    assert "insurer_told" in read(document).milestones


def test_anonymous_complaints_have_their_own_required_fields() -> None:
    """IN-5."""
    rules = read(presets.load("p1-accommodation")).intake
    assert rules.required_for("web") == ("text", "name", "contact", "place")
    assert rules.required_for("suggestion_box") == ("text",) == rules.required_for("web", anonymous=True)


@settings(deadline=None)
@given(st.data())
def test_whatever_stands_in_a_document_it_is_refused_or_can_be_written_back(data: st.DataObject) -> None:
    document = small()
    spots = list(places_in(document))
    container, key = data.draw(st.sampled_from(spots))
    container[key] = data.draw(VALUES)
    try:
        procedure = read(document)
    except ProcedureRefused as refused:
        assert refused.mistakes
        for mistake in refused.mistakes:
            assert leads_somewhere(mistake.path, document), mistake
    else:
        assert read(json.loads(json.dumps(as_document(procedure)))) == procedure


@pytest.mark.parametrize("name", presets.names())
def test_a_procedure_exported_as_yaml_reads_the_same(name: str) -> None:
    document = presets.load(name)
    assert mapping_from_yaml(yaml_from_mapping(document)) == document


@settings(deadline=None)
@given(st.dictionaries(TEXTS, st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner))))
def test_whatever_is_written_as_yaml_is_read_back_unchanged(document: Document) -> None:
    assert mapping_from_yaml(yaml_from_mapping(document)) == document


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d["steps"].pop(0), "limits[0].to"),
        (lambda d: d["limits"][0].update({"from": "on_site"}), "limits[0].from"),
        (lambda d: d["steps"].pop(1), "survey.after"),
        (lambda d: d.update(approvals=[approval("planned")]), "approvals[0].before"),
        (lambda d: d.update(reopening={"within": "30d", "again": ["verified"]}), "reopening.again[0]"),
        (lambda d: d["limits"].append(of_each_department()), "limits[1].per_department"),
    ],
)
def test_what_nobody_could_ever_reach_is_refused(change: Change, path: str) -> None:
    """SL-1, DI-5, DI-12: a clock that never starts or never ends is a slip, not a rule."""
    assert [mistake.path for mistake in mistakes_after(change)] == [path]


def test_what_is_there_for_what_counts_on_it_is_not_refused() -> None:
    document = small() | {"approvals": [approval("closed")]}
    document["limits"].append(of_each_department())
    rule(document, joint=["engineering"])
    assert read(document).limits[1].per_department


def test_keys_given_twice_are_each_refused_with_their_line() -> None:
    with pytest.raises(ProcedureRefused) as refused:
        read_yaml("procedure: a\nname: {en: x, en: y}\nprocedure: b\n")
    assert [mistake.path for mistake in refused.value.mistakes] == ["name.en", "procedure"]
    assert refused.value.mistakes[1].message.startswith("line 3")


def test_words_that_yaml_would_turn_into_something_else_stay_words() -> None:
    assert mapping_from_yaml("on: 08:30\nday: 2026-05-04\nno: yes\nn: 3\nt: true\ns: '3'") == {
        "on": "08:30",
        "day": "2026-05-04",
        "no": "yes",
        "n": 3,
        "t": True,
        "s": "3",
    }


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x",
        "a: !!python/object/apply:os.getcwd []",
        "a: !!timestamp 2026-05-04",
        "a: [",
        "- a",
        "",
        "a: 1\n---\nb: 2",
        "a: \x00",
        "? [a]\n: b",
        '"\\ud800": 1',
        "a: " + "[" * 5000,
        "a: " + "[" * 5000 + "]" * 5000,
    ],
)
def test_yaml_that_is_more_than_plain_values_is_refused(text: str) -> None:
    with pytest.raises(ProcedureRefused):
        read_yaml(text)


def paths(document: Document) -> list[str]:
    with pytest.raises(ProcedureRefused) as refused:
        read(document)
    return [mistake.path for mistake in refused.value.mistakes]


def mistakes_after(change: Change) -> tuple[Mistake, ...]:
    document = small()
    change(document)
    with pytest.raises(ProcedureRefused) as refused:
        read(document)
    return refused.value.mistakes


def rule(document: Document, **parts: Any) -> None:
    document["routing"] = {"rules": [{"id": "r", "department": "engineering"} | parts]}


def approval(before: str) -> Document:
    return {"id": "gm", "name": both("总经理审批", "approval"), "before": before, "by": ["manager"]}


def of_each_department() -> Document:
    ends = {"from": "assigned", "to": "carried_out", "within": "2h", "per_department": True}
    return {"id": "part", "name": both("部门处理", "part"), **ends}


def leads_somewhere(path: str, document: Any) -> bool:
    """Whether the path, or the part it would stand in, is in the document."""
    *way, _ = ["", *re.findall(r"[^.\[\]]+", path)]
    place: Any = document
    for step in way[1:]:
        try:
            place = place[int(step)] if isinstance(place, list) else place[step]
        except (KeyError, IndexError, ValueError, TypeError):
            return False
    return True


def with_calendar(**parts: Any) -> Document:
    document = small()
    document["calendars"]["default"] |= parts
    return document


def places_in(value: Any) -> Any:
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(entries):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places_in(inner)


def small() -> Document:
    return copy.deepcopy(SMALL)


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh-Hans": zh, "en": en}


SMALL: Document = {
    "procedure": "small",
    "name": both("小区投诉", "Estate complaints"),
    "languages": ["zh-Hans", "en"],
    "intake": {
        "required": {"default": ["text"]},
        "anonymous": {"allowed": True, "required": ["text"], "answer_by": ["none"]},
        "default_category": "repair",
        "default_urgency": "normal",
    },
    "departments": [{"id": "engineering", "name": both("工程部", "Engineering")}],
    "categories": [{"id": "repair", "name": both("维修", "Repair"), "department": "engineering"}],
    "urgencies": [
        {"id": "urgent", "name": both("紧急", "Urgent")},
        {"id": "normal", "name": both("一般", "Normal")},
    ],
    "steps": [{"milestone": "contacted"}, {"milestone": "carried_out"}],
    "limits": [
        {
            "id": "answer",
            "name": both("答复", "answer"),
            "from": "received",
            "to": "contacted",
            "within": "3wd",
            "warn": "75%",
        }
    ],
    "ladders": [{"id": "standard", "levels": [{"after": "0min", "to": "department_head"}]}],
    "notices": [
        {
            "id": "acknowledgement",
            "on": "registered",
            "to": "complainant",
            "channels": ["sms"],
            "templates": {"sms": both("{number} {step} {deadline}", "{number} {step} {deadline}")},
        }
    ],
    "survey": {"after": "carried_out", "question": both("满意吗？", "Satisfied?")},
    "retention": {"days": 366},
    "calendars": {"default": {"time_zone": "Asia/Shanghai", "country": "CN", "hours": {"mon-fri": ["09:00-17:00"]}}},
}
