"""The complaint number `YYMM-DDDD-DDDC` (IN-3): short enough to read out, with a digit that notices mistakes.

`YYMM` is the month of registration in the tenant's zone, then seven random digits; `C` is the ISO 7064
Mod 11,10 check digit over the eleven before it. It notices every single wrong digit and every swap of two
neighbours, except a swap of digits that follow each other on the circle 0 … 9 0, of which it misses some.
"""

import re
import unicodedata
from datetime import datetime

from stdnum.iso7064 import mod_11_10

RANDOM_DIGITS = 7
DIGITS = 12
SEPARATORS = re.compile(r"[\s._‐-―−-]+")
WRITTEN = re.compile(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)", re.ASCII)


class NotAComplaintNumber(ValueError):
    """Not twelve digits, no such month, or the check digit does not fit."""


def new_number(now_local: datetime, random_digits: str) -> str:
    """The number of a complaint registered at `now_local`, a time in the tenant's zone.

    `random_digits` are seven digits drawn by the caller; anything else is a ValueError.
    """
    if not re.fullmatch(rf"[0-9]{{{RANDOM_DIGITS}}}", random_digits):
        raise ValueError(f"a complaint number needs {RANDOM_DIGITS} random digits, not {random_digits!r}")
    digits = f"{now_local:%y%m}{random_digits}"
    return _grouped(digits + mod_11_10.calc_check_digit(digits))


def normalise(given: str) -> str:
    """The number as it is stored, from any spelling: spaces, dashes and full-width digits are understood.

    Raises NotAComplaintNumber, whose text says what is wrong.
    """
    digits = SEPARATORS.sub("", unicodedata.normalize("NFKC", given))
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits):
        raise NotAComplaintNumber(f"a complaint number has {DIGITS} digits, such as 2603-1234-5678")
    if not 1 <= int(digits[2:4]) <= 12:
        raise NotAComplaintNumber("the third and fourth digit of a complaint number are a month")
    if not mod_11_10.is_valid(digits):
        raise NotAComplaintNumber("a digit of this complaint number is wrong, or two are swapped")
    return _grouped(digits)


def is_valid(given: str) -> bool:
    """Whether `given`, in any spelling, is a well-formed number; not whether it was ever handed out."""
    try:
        normalise(given)
    except NotAComplaintNumber:
        return False
    return True


def numbers_in(text: str) -> list[str]:
    """The complaint numbers a text names, each once, in order of appearance: for the subject of a mail."""
    written = WRITTEN.findall(unicodedata.normalize("NFKC", text))
    return list(dict.fromkeys(normalise(each) for each in written if is_valid(each)))


def _grouped(digits: str) -> str:
    return "-".join(digits[start : start + 4] for start in range(0, DIGITS, 4))
