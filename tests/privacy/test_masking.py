"""PR-1: what of a person is shown to those who may not see it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from libs.common.privacy.masking import (
    COMPOUND_SURNAMES,
    mask_email,
    mask_identity,
    mask_name,
    mask_phone,
    mask_text,
    mask_unit,
)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("段正淳", "段**"),
        ("欧阳娜娜", "欧阳**"),
        ("歐陽修", "歐陽*"),
        ("欧阳", "欧*"),
        ("张 三", "张*"),
        ("阿依古丽·买买提", "阿**"),
        ("田中さくら", "田**"),
        ("John Smith", "J***"),
        ("李", "*"),
        ("😀小明", "***"),
        ("", ""),
    ],
)
def test_a_name_shows_its_surname_or_first_letter(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_a_western_name_does_not_tell_its_length() -> None:
    assert mask_name("Al") == mask_name("Alexandra Papadopoulou")


@given(st.sampled_from(sorted(COMPOUND_SURNAMES)), st.text("娜静伟芳", min_size=1, max_size=3))
def test_a_compound_surname_is_kept_whole(surname: str, own: str) -> None:
    assert mask_name(surname + own) == surname + "*" * min(len(own), 2)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("18049531999", "180****1999"),
        ("+86 180-4953-1999", "180****1999"),
        ("0086 180 4953 1999", "180****1999"),
        ("１８０４９５３１９９９", "180****1999"),
        ("09157518479", "0915*****79"),
        ("(021) 6234 5678", "021*****78"),
        ("0755-1234 5678转123", "0755*****78"),
        ("+852 9123 4567", "*****67"),
        ("*13812345678", "138****5678"),
        ("8012", "****"),
        ("", ""),
    ],
)
def test_a_phone_keeps_what_tells_two_numbers_apart(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("zhang.san@gmail.com.cn", "z***@gmail.com.cn"),
        ("ab@example.com", "a***@example.com"),
        ("d@example.com", "***@example.com"),
        ("no address", "***"),
        ("", ""),
    ],
)
def test_an_email_shows_at_most_its_first_letter(email: str, masked: str) -> None:
    assert mask_email(email) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("51343620000320711x", "5***************1X"),
        ("E12345678", "E1*****78"),
        ("A1234", "****"),
        ("", ""),
    ],
)
def test_an_identity_number_keeps_its_ends(number: str, masked: str) -> None:
    assert mask_identity(number) == masked


@pytest.mark.parametrize(
    ("unit", "masked"),
    [
        ("3栋2单元1502室", "3栋***"),
        ("12号楼1203", "12号楼***"),
        ("A座1502", "A座***"),
        ("3-2-1502", "3-***"),
        ("Building 7, room 15", "Building 7***"),
        ("1208", "***"),
        ("", ""),
    ],
)
def test_a_unit_shows_no_more_than_the_building(unit: str, masked: str) -> None:
    assert mask_unit(unit) == masked


@pytest.mark.parametrize("mask", [mask_name, mask_phone, mask_email, mask_identity, mask_unit, mask_text])
@given(text=st.text(st.sampled_from("欧阳娜A b1380座栋-@.*+Xé·"), max_size=24))
def test_masking_twice_changes_nothing_more(mask, text) -> None:  # type: ignore[no-untyped-def]
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "1380013 8000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "138–0013–8000",
        "１３８００１３８０００",
        "１３８　００１３　８０００",
        "+8613800138000",
        "＋86 138 0013 8000",
        "0086-13800138000",
        "(+86)138.0013.8000",
        "138\u200b0013\u200b8000",
        "幺三八零零一三八零零零",
        "一三八 〇〇一三 八〇〇〇",
    ],
)
def test_a_mobile_number_is_found_however_it_is_written(written: str) -> None:
    masked = mask_text(f"请打{written}，我姓李")
    assert masked.endswith("138****8000，我姓李")


@pytest.mark.parametrize("written", ["0755-6234 5678", "0755）62345678", "0086 0755 62345678"])
def test_a_landline_is_found(written: str) -> None:
    assert mask_text(f"电话{written}。") == "电话0755*****78。"


@pytest.mark.parametrize("written", ["+852 9123 4567", "0912-345-678", "(202) 555-0143", "+44 20 7946 0958"])
def test_a_number_from_elsewhere_is_found(written: str) -> None:
    assert mask_text(f"call {written} please") == f"call *****{written[-2:]} please"


@pytest.mark.parametrize(
    "kept",
    [
        "订单号202403011234567890",
        "110105194912310021",
        "2026-03-15 13:45，共 ¥13,800.50",
        "02-28-2026 15:30",
        "热线 400-820-8820",
        "3栋1502 至 1508",
        "第十一项、二十三日",
    ],
)
def test_order_numbers_dates_and_amounts_stay(kept: str) -> None:
    assert mask_text(kept) == kept


@pytest.mark.parametrize("written", ["11010519491231002X", "110105 19491231 002x", "１１０１０５19491231002Ｘ"])
def test_a_resident_id_is_found_by_its_checksum(written: str) -> None:
    assert mask_text(f"身份证{written}。") == "身份证1***************2X。"


def test_an_email_is_found_between_chinese_characters() -> None:
    assert mask_text("邮箱zhang.san@163.com谢谢") == "邮箱z***@163.com谢谢"
    assert mask_text("写到 li＠example．com") == "写到 l***@example.com"
    assert "张三" not in mask_text("写到 张三@例子.中国 吧")


def test_what_is_known_of_the_person_is_hidden_as_a_whole_word() -> None:
    also = ("欧阳娜娜", "Ann", "1502", "0755-26001234", None, "")
    text = "我是欧阳 娜娜（ANN），住1502，cannot wait，费用15020元，总机26001234/075526001234"
    assert mask_text(text, also) == "我是***（***），住***，cannot wait，费用15020元，总机26001234/0755*****34"


def test_a_number_read_two_ways_is_hidden_in_both() -> None:
    assert mask_text("1502 1380013 8000") == "***"


around = st.text(st.sampled_from("房间漏水 ，。：ab()12 -\n*+零一"), max_size=12)
separators = st.sampled_from(["", " ", "-", " - ", "－", "　", ".", "\u00a0"])
full_width = str.maketrans("0123456789", "０１２３４５６７８９")
shapes = st.sampled_from([{}, full_width])


@given(around, around, st.from_regex(r"\A1[3-9][0-9]{9}\Z"), separators, shapes)
def test_no_planted_phone_survives(before, after, phone, separator, shape) -> None:  # type: ignore[no-untyped-def]
    middle_and_end = separator.join((phone[3:7], phone[7:])).translate(shape)
    written = phone[:3].translate(shape) + separator + middle_and_end
    assert middle_and_end not in mask_text(f"{before}：{written}；{after}")


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    born = draw(st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 1, 1)))
    body = f"{draw(st.integers(110000, 659999))}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + ric.calc_check_digit(body + "0")


@given(around, around, resident_ids(), separators)
def test_no_planted_resident_id_survives(before, after, number, separator) -> None:  # type: ignore[no-untyped-def]
    written = separator.join((number[:6], number[6:14], number[14:]))
    assert number[6:14] not in mask_text(f"{before}，{written}。{after}")


@given(around, around, st.from_regex(r"\A[a-z0-9]{2,10}(\.[a-z]{1,5})?@[a-z]{2,10}\.(com|cn|co\.uk)\Z"))
def test_no_planted_email_survives(before: str, after: str, email: str) -> None:
    assert email not in mask_text(f"{before}：{email}，{after}")


@given(around, around, st.sampled_from(["欧阳娜娜", "司徒美玲", "Mary-Ann", "B12 1208"]))
def test_no_known_value_survives(before: str, after: str, value: str) -> None:
    assert value not in mask_text(f"{before}，{value}。{after}", [value])
