"""What a complaint is taken for (IN-6, IN-7)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.procedure import presets
from libs.common.procedure.reading import read
from libs.common.procedure.vocabulary import CHANNELS
from services.dispatch.domain.classification import suggest

P1 = read(presets.load("p1-accommodation"))
WORDS = [word for category in P1.categories for word in category.words]
WORDS += [word for urgency in P1.urgencies for word in urgency.words]


@pytest.mark.parametrize(
    ("text", "category", "urgency"),
    [
        ("房间空调坏了，还漏水", "facility_repair", "general"),
        ("房間空調壞了，還漏水", "facility_repair", "general"),
        ("The air conditioner is broken", "facility_repair", "general"),
        ("水龙头滴水，不急，有空再修", "facility_repair", "non_urgent"),
        ("The tap leaks a bit. Not urgent.", "facility_repair", "non_urgent"),
        ("楼道冒烟，有煤气味", "safety", "urgent"),
        ("樓道冒煙，有煤氣味", "safety", "urgent"),
        ("SMOKE in the corridor", "safety", "urgent"),
        ("电梯故障，有人被困", "facility_repair", "urgent"),
        ("水管爆裂，房间淹了无法居住", "facility_repair", "urgent"),
        ("前台态度很差，不耐烦", "service_attitude", "general"),
        ("The receptionist was rude", "service_attitude", "general"),
        ("隔壁太吵了，扰民", "noise", "general"),
        ("建议增加一台微波炉", "suggestion", "non_urgent"),
        ("I suggest more bicycle racks", "suggestion", "non_urgent"),
        ("No rush, but there is a smell of gas", "safety", "urgent"),
        ("There was no fire, the light is just broken", "facility_repair", "general"),
        ("The fire drill woke me, the alarm was too loud", "noise", "general"),
    ],
)
def test_the_words_of_the_procedure_decide(text: str, category: str, urgency: str) -> None:
    found = suggest(P1, text, "web")
    assert (found.category, found.urgency) == (category, urgency)


def test_calling_it_urgent_does_not_make_it_so() -> None:
    assert suggest(P1, "紧急！！！ URGENT", "web").urgency == "general"


def test_where_words_tell_nothing_the_stated_default_is_taken_and_said() -> None:
    found = suggest(P1, "？？", "web")
    assert (found.category, found.urgency, found.confidence) == ("service_quality", "general", 0.0)
    assert all("default" in reason["en"] and "默认" in reason["zh-Hans"] for reason in found.reasons)


def test_where_words_tell_nothing_the_channel_may() -> None:
    found = suggest(P1, "？？", "suggestion_box")
    assert (found.category, found.urgency) == ("suggestion", "non_urgent")
    assert found.reasons[0]["en"] == "Suggestion: came by suggestion box"


def test_the_reason_quotes_the_words_that_decided() -> None:
    found = suggest(P1, "空调坏了", "web")
    assert found.reasons[0]["zh-Hans"] == "设施维修：提到“空调”、“坏了”"
    assert found.reasons[0]["en"] == "Facilities and repair: mentions “空调”, “坏了”"


def test_more_words_for_one_category_make_it_surer_and_words_for_another_less_sure() -> None:
    one, two, torn = (suggest(P1, text, "web").confidence for text in ("漏水", "漏水，停电", "漏水，态度差"))
    assert torn < one < two < 1


def test_of_equally_many_words_what_is_said_first_counts() -> None:
    assert suggest(P1, "漏水，保安没来", "web").category == "facility_repair"
    assert suggest(P1, "保安没来，漏水", "web").category == "safety"


def test_the_same_word_in_two_categories_goes_to_the_first_of_them() -> None:
    first, second, *_ = P1.categories
    both = replace(P1, categories=(replace(first, words=("锅炉",)), replace(second, words=("锅炉",))))
    assert suggest(both, "锅炉", "web").category == first.id


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*WORDS, " ", "。", "not", "没有"]) | st.text(max_size=5), max_size=12),
    st.sampled_from(CHANNELS),
)
def test_every_text_gets_one_answer_of_the_procedure(parts: list[str], channel: str) -> None:
    text = "".join(parts)
    found = suggest(P1, text, channel)
    assert found == suggest(P1, text, channel)
    assert P1.category(found.category) and P1.urgency(found.urgency)
    assert 0 <= found.confidence <= 1 and len(found.reasons) == 2
