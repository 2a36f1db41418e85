"""The two small languages inside a Procedure: spans of time, and conditions with their reasons."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.procedure.conditions import AtLeast, Condition, Facts, TimeOfDay
from libs.common.procedure.duration import UNITS, NotASpan, Share, Span, parse_span, parse_warning
from libs.common.procedure.words import mentions, places_of, plain

SHANGHAI = ZoneInfo("Asia/Shanghai")
FACTS = Facts(
    channel="phone",
    category="safety",
    urgency="urgent",
    department="security",
    vip=True,
    place_label="North Court · Building 1 · 502",
    text="走廊里有人打架 and a Fire alarm rang",
    claimed_amount=50_000,
    received_at=datetime(2026, 3, 2, 23, 15, tzinfo=SHANGHAI),
)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition(), True),
        (Condition(channel=("web", "phone")), True),
        (Condition(channel=("web",)), False),
        (Condition(category=("safety",), urgency=("general",)), False),
        (Condition(department=("security",)), True),
        (Condition(vip=True, major=False), True),
        (Condition(major=True), False),
        (Condition(place=("building 1",)), True),
        (Condition(place=("Building 50",)), False),
        (Condition(place=("Ｂuilding　1",)), True),
        (Condition(place=("Building",)), True),
        (Condition(words=("着火", "打架")), True),
        (Condition(words=("fire",)), True),
        (Condition(words=("ire",)), False),
        (Condition(claimed_amount=AtLeast(50_000)), True),
        (Condition(claimed_amount=AtLeast(50_001)), False),
        (Condition(time_of_day=TimeOfDay(time(22), time(6))), True),
        (Condition(time_of_day=TimeOfDay(time(6), time(22))), False),
        (Condition(time_of_day=TimeOfDay(time(23, 15), time(23, 16))), True),
        (Condition(time_of_day=TimeOfDay(time(22), time(23, 15))), False),
    ],
)
def test_a_condition_holds_when_all_it_names_holds(condition: Condition, holds: bool) -> None:
    """DI-1."""
    assert (condition.matches(FACTS) is not None) is holds


@pytest.mark.parametrize(
    "condition",
    [
        Condition(category=("safety",)),
        Condition(place=("Building",)),
        Condition(claimed_amount=AtLeast(0)),
        Condition(time_of_day=TimeOfDay(time(0), time(23))),
    ],
)
def test_nothing_holds_of_what_is_not_known(condition: Condition) -> None:
    assert condition.matches(Facts(channel="web")) is None


def test_a_match_says_why_in_both_languages_with_the_tenants_names() -> None:
    condition = Condition(channel=("phone",), category=("safety",), vip=True, words=("打架",))
    match = condition.matches(FACTS, {("category", "safety"): {"zh-Hans": "安全", "en": "Safety"}})
    assert match is not None
    assert match.why["zh-Hans"] == "渠道为电话，类别为安全，重要客人，提到“打架”"
    assert match.why["en"] == "channel is phone; category is Safety; VIP; mentions “打架”"


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("fire", "FIRE!", True),
        ("fire", "he was fired", False),
        ("A1", "block A10", False),
        ("A1", "在A1栋", True),
        ("wifi", "没有WiFi了", True),
        ("ＷＩＦＩ", "wifi", True),
        ("smell of gas", "a smell  of\ngas", True),
        ("漏水", "天花板漏水严重", True),
        ("", "anything", False),
    ],
)
def test_words_are_found_whole_in_spaced_scripts_and_anywhere_in_chinese(word: str, text: str, found: bool) -> None:
    assert mentions(word, plain(text)) is found


@settings(deadline=None)
@given(st.text(max_size=8), st.text(max_size=40))
def test_a_word_stands_where_it_is_said_to_stand(word: str, text: str) -> None:
    compared = plain(text)
    spans = places_of(word, compared)
    assert all(compared[start:end] == plain(word) for start, end in spans)
    assert all(earlier[1] <= later[0] for earlier, later in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30min", Span(30, "min")),
        ("2h", Span(2, "h")),
        ("4wh", Span(4, "wh")),
        ("3wd", Span(3, "wd")),
        ("7d", Span(7, "d")),
        ("3wd end-of-day", Span(3, "wd", end_of_day=True)),
    ],
)
def test_a_span_is_a_number_and_a_unit(text: str, span: Span) -> None:
    """SL-2."""
    assert parse_span(text) == span and str(span) == text


@pytest.mark.parametrize("text", ["", "h", "2 h", "2H", "-1h", "1.5h", "2w", "３h", "2h\n", "4wh end-of-day", "75%"])
def test_what_is_not_a_span_is_refused(text: str) -> None:
    with pytest.raises(NotASpan):
        parse_span(text)


@pytest.mark.parametrize("text", ["0%", "100%", "07%", "%", "1.5%"])
def test_a_share_lies_between_1_and_99_per_cent(text: str) -> None:
    assert parse_warning("75%") == Share(75) and parse_warning("30min") == Span(30, "min")
    with pytest.raises(NotASpan):
        parse_warning(text)


@settings(deadline=None)
@given(st.integers(0, 9999), st.sampled_from(UNITS))
def test_a_span_written_is_the_span_read(amount: int, unit: str) -> None:
    assert parse_span(str(Span(amount, unit))) == Span(amount, unit)


@settings(deadline=None)
@given(st.booleans(), st.booleans())
def test_a_flag_that_is_named_must_be_as_named(named: bool, major: bool) -> None:
    holds = Condition(major=named).matches(replace(FACTS, major=major)) is not None
    assert holds == (named == major)


@pytest.mark.parametrize("written", ["3号楼", "3 号楼", "３号楼", "北苑3号楼"])
def test_spaces_beside_chinese_and_full_width_forms_do_not_part_a_place_from_its_name(written: str) -> None:
    """DI-1"""
    condition = Condition(place=(written,))
    assert condition.matches(replace(FACTS, place_label="北苑 3 号楼 › 301"))
    assert not condition.matches(replace(FACTS, place_label="北苑 13 号楼 › 301"))
