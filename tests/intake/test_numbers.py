"""IN-3: a number that can be read out over the phone and notices when it was heard wrong."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.intake.domain.numbers import (
    NotAComplaintNumber,
    is_valid,
    new_number,
    normalise,
    numbers_in,
)

times = st.datetimes(timezones=st.just(UTC))
seven_digits = st.from_regex(r"\A[0-9]{7}\Z")
numbers = st.builds(new_number, times, seven_digits)


def test_a_number_begins_with_the_month_where_the_tenant_is() -> None:
    midnight = datetime(2026, 2, 28, 16, 30, tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    assert new_number(midnight, "1234567").startswith("2603-1234-567")


def test_the_check_digit_is_the_standards() -> None:
    """ISO 7064 Mod 11,10: 9 makes the eleven digits before it come out as 1."""
    assert new_number(datetime(2026, 3, 1, tzinfo=UTC), "1234567") == "2603-1234-5679"


@given(numbers)
def test_a_number_is_three_groups_of_four_digits(number: str) -> None:
    assert re.fullmatch(r"\d{4}-\d{4}-\d{4}", number)
    assert is_valid(number)


@given(numbers, st.sampled_from(["", " ", "-", "　", "–", "－", "."]), st.booleans())
def test_a_number_is_understood_in_any_spelling(number: str, separator: str, wide: bool) -> None:
    spelt = f" {number} ".replace("-", separator)
    full_width = str.maketrans("0123456789", "０１２３４５６７８９")
    assert normalise(spelt.translate(full_width) if wide else spelt) == number


@given(numbers, st.integers(0, 11), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(number: str, place: int, step: int) -> None:
    digits = number.replace("-", "")
    wrong = str((int(digits[place]) + step) % 10)
    assert not is_valid(digits[:place] + wrong + digits[place + 1 :])


@given(numbers, st.integers(0, 10))
def test_two_swapped_neighbours_are_noticed(number: str, place: int) -> None:
    """Where Mod 11,10 promises it: for digits that do not follow each other on the circle 0 … 9 0."""
    digits = number.replace("-", "")
    one, two = digits[place], digits[place + 1]
    assume((int(one) - int(two)) % 10 not in (0, 1, 9))
    assert not is_valid(digits[:place] + two + one + digits[place + 2 :])


@pytest.mark.parametrize("given_as", ["", "2603", "2603-1234-56793", "2603-1234-567X", "2600-1234-5671", "abc"])
def test_what_is_no_number_is_refused_with_a_reason(given_as: str) -> None:
    with pytest.raises(NotAComplaintNumber, match="complaint number"):
        normalise(given_as)


@pytest.mark.parametrize("random_digits", ["123456", "12345678", "12345６7", "abcdefg"])
def test_a_number_needs_seven_plain_digits(random_digits: str) -> None:
    with pytest.raises(ValueError, match="7 random digits"):
        new_number(datetime(2026, 3, 1, tzinfo=UTC), random_digits)


def test_the_numbers_in_a_subject_are_found() -> None:
    subject = "Re: 回复：投诉２６０３-1234-5679，另见 260312345679 和 2603-1234-5674，订单 12603-1234-5679"
    assert numbers_in(subject) == ["2603-1234-5679"]
