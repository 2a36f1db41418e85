"""Lanes, approvals, money, reopening and call-backs: read, written back, refused where they stand."""

import copy
from datetime import timedelta
from typing import Any

import pytest

from libs.common.procedure import presets
from libs.common.procedure.differences import differences
from libs.common.procedure.duration import Share, Span
from libs.common.procedure.reading import ProcedureRefused, as_document, read

SECTIONS: dict[str, Any] = {
    "lanes": [{"id": "gm", "people": ["manager", "duty_manager"], "acknowledge_within": "10min"}],
    "approvals": [
        {"id": "archive", "name": {"zh-Hans": "批示", "en": "approval"}, "before": "archived", "by": "manager"}
    ],
    "compensation": {
        "currency": "CNY",
        "approval": [{"up_to": 50_000, "by": "supervisor"}, {"by": ["manager"]}],
        "advance_up_to": 20_000,
    },
    "reopening": {"within": "30d", "again": ["planned", "carried_out"], "levels": ["department_head", "manager"]},
    "oversight": {
        "callbacks": {"share": "20%", "every": "quarter"},
        "reviews": {"share": "5%", "every": "half-year", "by": ["manager", "auditor"]},
        "ledger": {"every": "half-year"},
    },
    "disclosure": {"every": "month", "shown": ["received", "satisfaction"], "cases": True},
    "likeness": {
        "repeat": {"within": "30d", "same": ["person"]},
        "group": {"at_least": 5, "within": "24h"},
    },
}


def test_all_of_it_is_read_and_written_back_the_same():
    procedure = read(document())
    assert read(as_document(procedure)) == procedure
    assert procedure.lane("gm").acknowledge_within == Span(10, "min")
    assert procedure.oversight.callbacks.share == Share(20)
    assert procedure.oversight.reviews.by == ("manager", "auditor")
    assert procedure.reopening.again == ("planned", "carried_out")


def test_likeness_is_counted_by_the_clock_in_one_building_unless_it_says_otherwise():
    """IN-8"""
    likeness = read(document()).likeness
    assert (likeness.repeat.span, likeness.repeat.same) == (timedelta(days=30), ("person",))
    assert (likeness.group.span, likeness.group.at) == (timedelta(hours=24), "building")


def test_what_changes_about_likeness_is_said_in_words():
    """PO-4"""
    before, after = read(document()), document()
    after["likeness"]["group"]["at_least"] = 3
    [difference] = differences(before, read(after))
    assert difference.words["en"] == "Likeness: one of a group › at least 5 becomes 3"


def test_what_changes_about_looking_back_is_said_in_words():
    """PO-4"""
    before, after = read(document()), document()
    after["oversight"]["callbacks"]["share"] = "30%"
    after["disclosure"]["shown"].append("closed")
    said = [difference.words["en"] for difference in differences(before, read(after))]
    assert said == [
        "Oversight: call-backs › share 20% becomes 30%",
        "Public disclosure: figures shown gains closed",
    ]


def test_a_ledger_is_only_checked_where_money_is_promised():
    """DI-10"""
    without = {section: content for section, content in document().items() if section != "compensation"}
    with pytest.raises(ProcedureRefused) as refused:
        read(without)
    assert [mistake.path for mistake in refused.value.mistakes] == ["oversight.ledger"]


def test_money_is_approved_by_the_lowest_level_that_reaches_so_far_and_those_above():
    rules = read(document()).compensation
    assert [rules.approvers(amount) for amount in (1, 50_000, 50_001)] == [
        ("supervisor", "manager"),
        ("supervisor", "manager"),
        ("manager",),
    ]


def test_a_limit_says_whom_it_waits_for_and_how_it_is_extended():
    changed = document()
    changed["limits"][0] |= {"pause": "third_party", "extension": {"by": "manager", "at_most": "3wd", "times": 2}}
    limit = read(changed).limits[0]
    assert (limit.pause, limit.extension.by, limit.extension.at_most) == (("third_party",), ("manager",), Span(3, "wd"))


@pytest.mark.parametrize(
    ("path", "value", "mistaken"),
    [
        ("lanes.0.acknowledge_within", "1wd", "lanes[0].acknowledge_within"),
        ("lanes.0.people", [], "lanes[0].people"),
        ("approvals.0.before", "archve", "approvals[0].before"),
        ("compensation.approval", [{"up_to": 5, "by": "manager"}], "compensation.approval[0].up_to"),
        ("compensation.approval", [{"by": "manager"}, {"by": "admin"}], "compensation.approval[1].up_to"),
        ("compensation.currency", "yuan", "compensation.currency"),
        ("reopening.again", ["plannd"], "reopening.again[0]"),
        ("reopening.again", ["planned", "received"], "reopening.again[1]"),
        ("reopening.again", "reopened", "reopening.again"),
        ("approvals.0.before", "registered", "approvals[0].before"),
        ("steps.0.milestone", "reopened", "steps[0]"),
        ("survey.department", "customer_service", "survey.department"),
        ("callbacks", {"share": "20%", "every": "month"}, "callbacks"),
        ("oversight.callbacks.share", "0%", "oversight.callbacks.share"),
        ("oversight.callbacks.every", "half-year", "oversight.callbacks.every"),
        ("oversight.reviews.share", "101%", "oversight.reviews.share"),
        ("oversight.reviews.by", ["manager", "auditr"], "oversight.reviews.by[1]"),
        ("oversight.reviews.by", "front_line", "oversight.reviews.by"),
        ("oversight.reviews.by", [], "oversight.reviews.by"),
        ("oversight.ledger.every", "yearly", "oversight.ledger.every"),
        ("oversight.reviws", {}, "oversight.reviws"),
        ("disclosure.shown", [], "disclosure.shown"),
        ("disclosure.shown", ["received", "recieved"], "disclosure.shown[1]"),
        ("disclosure.every", "day", "disclosure.every"),
        ("limits.0.per_department", True, "limits[0].from"),
        ("limits.0.from", "assigned", "limits[0].from"),
        ("routing.rules.0.joint", ["nobody"], "routing.rules[0].joint[0]"),
        ("routing.rules.0.lane", "mg", "routing.rules[0].lane"),
        ("survey.satisfied_from", 6, "survey.satisfied_from"),
        ("likeness", {}, "likeness"),
        ("likeness.repeat.within", "30wd", "likeness.repeat.within"),
        ("likeness.repeat.same", ["persn"], "likeness.repeat.same[0]"),
        ("likeness.group.at_least", 1, "likeness.group.at_least"),
        ("likeness.group.within", "367d", "likeness.group.within"),
        ("likeness.group.at", "unit", "likeness.group.at"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(path, value, mistaken):
    changed = document()
    *way, last = path.split(".")
    place: Any = changed
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    with pytest.raises(ProcedureRefused) as refused:
        read(changed)
    assert mistaken in {mistake.path for mistake in refused.value.mistakes}


def document() -> dict[str, Any]:
    return presets.load("p1-accommodation") | copy.deepcopy(SECTIONS)
