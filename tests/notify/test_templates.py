import contextlib
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.procedure.slots import mistakes_in
from libs.common.procedure.vocabulary import SLOTS
from services.notify.domain.sms import VariableRules, check_variables, mainland_segments, sms_segments
from services.notify.domain.templates import (
    LONGEST_TEXT,
    SlotMissing,
    TemplateRefused,
    TextTooLong,
    as_text,
    one_line,
    render,
    slots_of,
)

DUE = datetime(2026, 3, 5, 14, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_slots_are_filled():
    text = render("您的投诉{number}将于{deadline}前答复。", {"number": "R-17", "deadline": DUE}, "zh-Hans")
    assert text == "您的投诉R-17将于2026年3月5日14:05前答复。"


def test_a_time_is_written_in_the_words_of_the_language():
    assert as_text(DUE, "en") == "5 March 2026, 14:05"
    assert as_text(DUE, "zh-Hant") == "2026年3月5日14:05"


def test_an_unknown_slot_is_refused_by_name():
    with pytest.raises(TemplateRefused, match=r"no slot \{nubmer\}; the slots are number, "):
        render("{nubmer}", {"number": "R-17"}, "en")


@pytest.mark.parametrize("hole", ["{", "}", "{{number}", "{number", "{}", "{0}", "{number!r}", "{number.x}"])
def test_there_is_nothing_but_slots(hole):
    """T15: no formatting language, no attribute."""
    with pytest.raises(TemplateRefused):
        slots_of(f"R {hole}")


@pytest.mark.parametrize("slots", [{}, {"number": ""}, {"number": " \n\0"}])
def test_a_missing_value_is_an_error_and_not_a_hole(slots):
    with pytest.raises(SlotMissing, match="number"):
        render("{number}", slots, "en")


def test_a_doubled_brace_is_a_brace():
    assert render("{{{number}}} {{x}}", {"number": "R-17"}, "en") == "{R-17} {x}"


def test_values_stay_plain_text():
    assert render("{result}", {"result": "{number} <b> ${x} {{ y }}"}, "en") == "{number} <b> ${x} {{ y }}"


def test_only_the_result_may_have_several_lines():
    slots = {"number": "R\r\n17", "result": "Fixed.\r\nSorry.\u2028Bye."}
    assert render("{number}\n{result}", slots, "en") == "R 17\nFixed.\nSorry.\nBye."
    assert render("{number}\n{result}", slots, "en", single_line=True) == "R 17 Fixed. Sorry. Bye."


def test_what_cannot_be_seen_is_left_out():
    assert one_line("a\0b\u202ec\ud800\x9f d") == "abc d"


def test_a_text_has_a_greatest_length():
    with pytest.raises(TextTooLong):
        render("{result}" * 11, {"result": "x" * (LONGEST_TEXT // 10)}, "en")


pieces = st.lists(
    st.sampled_from([*(f"{{{slot}}}" for slot in SLOTS), "{", "}", "{{", "%s", "${number}", "{% if %}"])
    | st.text(max_size=5),
    max_size=30,
).map("".join)


@settings(max_examples=500)
@given(template=pieces, value=st.text(alphabet="VWX", min_size=1))
def test_any_template_gives_only_its_text_and_its_values(template, value):
    """T15."""
    with contextlib.suppress(TemplateRefused):
        text = render(template, dict.fromkeys(SLOTS, value), "en")
        assert text == template.format(**dict.fromkeys(SLOTS, value))


@settings(max_examples=500)
@given(template=pieces)
def test_every_template_a_procedure_may_hold_can_be_rendered(template):
    """NO-2: what passed when the Procedure was published cannot fail on the way out."""
    found = [mistake.message for mistake in mistakes_in(template, on="result", to=("complainant",))]
    if all("promises" in message for message in found):
        render(template, dict.fromkeys(SLOTS, "x"), "en")


@pytest.mark.parametrize("character", ["{", "}", "{}", "{{", "a", "{number}", " "])
def test_a_hostile_template_is_read_at_once(character):
    """T15."""
    begun = time.process_time()
    with contextlib.suppress(TemplateRefused, TextTooLong):
        render(character * 50_000, {"number": "R-17"}, "en")
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("汉" * 70, 1),
        ("汉" * 71, 2),
        ("汉" * 134, 2),
        ("汉" * 135, 3),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 159 + "€", 2),
        ("a" * 158 + "€", 1),
        (
            "a" * 152 + "€" + "a" * 152,
            3,
        ),  # the escaped character is not split, so the first part is one short
        ("a" * 70 + "’", 2),
        ("汉" * 68 + "😀", 1),
        ("汉" * 69 + "😀", 2),
        ("汉" * 66 + "😀" + "汉" * 66, 3),  # nor is the pair
    ],
)
def test_segments_are_counted_as_carriers_do(text, segments):
    assert sms_segments(text) == segments


@pytest.mark.parametrize(("length", "segments"), [(0, 0), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_mainland_carriers_count_letters_like_han(length, segments):
    assert mainland_segments("a" * length) == segments


@pytest.mark.parametrize(
    "value",
    [
        *(
            "R-20260305-0017",
            "2026年3月5日14:05",
            "5 March 2026, 14:05",
            "工程部",
            "3.5 小时",
            "Mr.Wang",
            "A-1203",
        ),
    ],
)
def test_ordinary_values_pass_the_provider(value):
    assert check_variables({"v": value}) == []


@pytest.mark.parametrize(
    "value",
    [
        *("https://x.example/1", "www.x.example", "详见hotel.com/a", "ＷＷＷ．a．cn", "a@b.example"),
        *(
            "13900001111",
            "139 0000 1111",
            "１３９００００１１１１",
            "+852 5111 2222",
            "021-55556666",
            "400-800-1234",
        ),
        *("QQ:123456", "微信号abc_12345", "加VX abc12345"),
        *("", " ", "x" * 36, "a\nb", "【a】", "￥50", "★", "好😀"),
    ],
)
def test_values_a_provider_would_refuse_are_found_first(value):
    assert check_variables({"v": value})


def test_a_mistake_does_not_repeat_the_value():
    assert "1390" not in "".join(check_variables({"v": "13900001111"}))


def test_a_granted_exception_lets_links_and_numbers_in():
    rules = VariableRules(longest=60, links_in=frozenset({"link"}), phones_in=frozenset({"phone"}))
    assert check_variables({"link": "https://x.example/1", "phone": "400-800-1234"}, rules) == []
    assert len(check_variables({"phone": "https://x.example/1"}, rules)) == 1
