"""PO-4: what changed between two Procedures is said in sentences, and nothing that changed is left out."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.procedure import presets
from libs.common.procedure.differences import Difference, differences
from libs.common.procedure.reading import ProcedureRefused, as_document, read

P1 = presets.load("p1-accommodation")
DOCUMENTS = [presets.load(name) for name in presets.names()]


def test_a_changed_limit_is_one_sentence_in_both_languages() -> None:
    [found] = after(lambda document: document["limits"][0].update(within="5wd"))
    assert found.words == {
        "zh-Hans": "时限 *urgent-on-site*：期限由2h改为5wd",
        "en": "Limit *urgent-on-site*: within 2h becomes 5wd",
    }
    assert (found.section, found.id, found.field) == ("limits", "urgent-on-site", "within")


def test_what_is_new_and_what_is_gone_is_named() -> None:
    added = {"id": "smoke", "name": {"zh-Hans": "烟味", "zh-Hant": "煙味", "en": "Smoke"}, "department": "security"}
    [found] = after(lambda document: document["categories"].append(added))
    assert found.words["en"] == "Category *smoke* is new: (name Smoke, department security)"
    assert found.words["zh-Hans"] == "类别 *smoke*：新增，(名称 烟味、部门 security)"
    assert english(after(lambda document: document["notices"].pop())) == [f"Notice *{P1['notices'][-1]['id']}* is gone"]


def test_rules_in_another_order_are_a_change_because_the_first_that_holds_decides() -> None:
    [said] = english(after(lambda document: document["routing"]["rules"].reverse()))
    assert said.startswith("Rule: the order becomes ")


def test_a_new_rule_before_others_says_where_it_stands() -> None:
    rule = {"id": "late", "when": {"channel": "letter"}, "department": "security"}
    said = english(after(lambda document: document["routing"]["rules"].insert(0, rule)))
    assert said[0] == "Rule *late* is new: (when (channel letter), department security)"
    assert said[1].startswith("Rule: the order becomes late, ")


def test_a_new_limit_says_what_it_is() -> None:
    limit = {
        "id": "told",
        "name": {"zh-Hans": "告知", "en": "told"},
        "from": "received",
        "to": "contacted",
        "within": "2h",
    }
    [said] = english(after(lambda document: document["limits"].append(limit)))
    content = "name told, from received, to contacted, within 2h, calendar default, per department no"
    assert said == f"Limit *told* is new: ({content})"


@pytest.mark.parametrize(
    ("added", "removed", "said"),
    [
        (["smell", "fumes"], [], "gains smell, fumes"),
        ([], ["rude"], "loses rude"),
        (["smell"], ["rude", "attitude"], "loses rude, attitude, gains smell"),
    ],
)
def test_of_a_list_of_words_only_those_that_came_and_went_are_said(
    added: list[str], removed: list[str], said: str
) -> None:
    def change(document: Any) -> None:
        words = next(each for each in document["urgencies"] if each["id"] == "general")["words"]
        words[:] = [word for word in words if word not in removed] + added

    assert english(after(change)) == [f"Urgency *general*: words {said}"]


def test_words_in_another_order_are_said_as_they_are_now() -> None:
    [said] = english(after(lambda document: document["languages"].reverse()))
    assert said.endswith("zh-Hans, en becomes en, zh-Hans")


def test_a_field_of_a_section_is_named_by_its_own_words() -> None:
    days = P1["retention"]["days"]
    assert english(after(lambda document: document["retention"].update(days=days + 1))) == [
        f"Retention: days {days} becomes {days + 1}"
    ]


@pytest.mark.parametrize("name", presets.names())
def test_a_procedure_does_not_differ_from_itself(name: str) -> None:
    procedure = read(presets.load(name))
    assert differences(procedure, read(as_document(procedure))) == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_there_is_a_difference_exactly_when_two_procedures_are_not_the_same(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    before = read(document)
    change_something(data, document)
    try:
        changed = read(document)
    except ProcedureRefused:
        return
    assert bool(differences(before, changed)) == (before != changed)
    assert differences(changed, changed) == ()


def change_something(data: st.DataObject, document: Any) -> None:
    """Drop, repeat or swap an entry, or put one value of the document in the place of another."""
    places = list(places_in(document))
    holder, key = data.draw(st.sampled_from(places))
    how = data.draw(st.sampled_from(["drop", "copy", "reverse", "tweak"]))
    if how == "drop":
        del holder[key]
    elif how == "copy":
        other, name = data.draw(st.sampled_from(places))
        holder[key] = copy.deepcopy(other[name])
    elif how == "reverse" and isinstance(holder, list):
        holder.reverse()
    elif isinstance(holder[key], bool):
        holder[key] = not holder[key]
    elif isinstance(holder[key], int):
        holder[key] += 1
    elif isinstance(holder[key], str):
        holder[key] += "x"


def places_in(value: Any) -> Any:
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places_in(inner)


def after(change: Any) -> tuple[Difference, ...]:
    document = copy.deepcopy(P1)
    change(document)
    return differences(read(P1), read(document))


def english(found: tuple[Difference, ...]) -> list[str]:
    return [difference.words["en"] for difference in found]
