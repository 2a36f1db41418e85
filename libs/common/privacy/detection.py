"""Where free text holds what leads to a person: phones, resident ids, e-mail addresses, known values."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from stdnum.cn import ric
from stdnum.exceptions import ValidationError


@dataclass(frozen=True)
class Found:
    """A stretch of the text. `text` is its plain form: ASCII digits, single spaces, ordinary dashes."""

    start: int
    end: int
    kind: str  # phone | identity | email | literal
    text: str


SEPARATOR = r"[ \t._()·-]{0,3}"
CHINA = rf"(?:(?:\+|00)?{SEPARATOR}86{SEPARATOR})"
WORD = r"[0-9a-zà-öø-ɏ]"


def _anywhere(pattern: str) -> re.Pattern[str]:
    """Finds matches that overlap, too: one of two readings of the same digits may be the real number."""
    return re.compile(rf"(?=({pattern}))", re.IGNORECASE)


PHONES = tuple(
    _anywhere(rf"(?<!\d){pattern}(?!\d)")
    for pattern in (
        rf"{CHINA}?0?1{SEPARATOR}[3-9](?:{SEPARATOR}\d){{9}}",
        rf"{CHINA}?0(?:10|2\d|[3-9]\d{{2}}){SEPARATOR}[2-9](?:{SEPARATOR}\d){{6,7}}",
        rf"\+{SEPARATOR}[1-9](?:{SEPARATOR}\d){{7,14}}",
        rf"00(?:852|853|886)(?:{SEPARATOR}\d){{7,10}}",
        rf"09\d{{2}}{SEPARATOR}\d{{3}}{SEPARATOR}\d{{3}}",
        r"\(?(?![48]00)[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}",
    )
)
RESIDENT_ID = _anywhere(rf"(?<!\d)[1-9](?:{SEPARATOR}\d){{16}}{SEPARATOR}[\dx](?!\d)")
LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}"
DOMAIN = r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{2,63}"
# Chinese before or after an address is text around it, unless the address itself is in Chinese (RFC 6531).
WIDE_LOCAL = r"[\w.+-]{0,63}[^\W\x00-\x7f]"
WIDE_DOMAIN = r"(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}"
EMAIL = re.compile(rf"{LOCAL}@{DOMAIN}|{LOCAL}@{WIDE_DOMAIN}|{WIDE_LOCAL}@{WIDE_DOMAIN}", re.IGNORECASE)
NOT_A_DIGIT = re.compile(r"\D+")
FEWEST_DIGITS = 8  # of a number that PHONES finds: one with a plus
SPOKEN_DIGITS = str.maketrans("零〇○幺一二三四五六七八九", "0001123456789")


def find_personal(text: str) -> Iterator[Found]:
    """Phone numbers, mainland resident ids and e-mail addresses, in whatever digits they are written."""
    plain = plain_form(text)
    spoken = plain.translate(SPOKEN_DIGITS)
    for reading in (plain,) if spoken == plain else (plain, spoken):
        # Most texts have no number in them; looking for its seven ways of writing would cost more than the rest.
        if len(_digits_only(reading)) >= FEWEST_DIGITS:
            for pattern in PHONES:
                yield from _matches(pattern, reading, "phone")
            yield from _matches(RESIDENT_ID, reading, "identity", is_resident_id)
    if "@" in plain:
        for match in EMAIL.finditer(plain):
            yield Found(*match.span(), "email", match[0])


def find_literals(text: str, values: Iterable[str]) -> Iterator[Found]:
    """Where the text says one of the values: in any case, width and spacing, but as a whole word."""
    plain = plain_form(text)
    digits, letters = _digits_only(plain), _letters_only(plain)
    for value in values:
        sought = plain_form(value)
        # Most texts do not name their writer; a pattern is made only for those that may.
        may_be_there = _letters_only(sought) in letters or _national(_digits_only(sought)) in digits
        pattern = _literal(value) if may_be_there else None
        if pattern:
            yield from _matches(pattern, plain, "literal")


def _digits_only(plain: str) -> str:
    return NOT_A_DIGIT.sub("", plain)


def _letters_only(plain: str) -> str:
    return "".join(plain.split()).casefold()


def _national(digits: str) -> str:
    """Mainland numbers without their country code, since a text may leave it out."""
    return re.sub(r"^(?:00)?86(?=[01]\d{9})", "", digits)


def is_resident_id(number: str) -> bool:
    """Whether 17 digits and a check character hold a real date of birth and the right checksum (GB 11643).

    The county is not looked up: papers name counties that were abolished long ago.
    """
    compact = re.sub(r"[^0-9X]", "", number.upper())
    if len(compact) != 18 or compact[-1] != ric.calc_check_digit(compact):
        return False
    try:
        return 1880 <= int(ric.get_birth_date(compact).year) <= 2100
    except ValidationError:
        return False


def plain_form(text: str) -> str:
    """The text, character for character, with all kinds of digits, dashes, spaces and widths made plain."""
    return text if text.isascii() else text.translate(_PLAIN)


class _PlainForms(dict[int, str]):
    """The plain form of each character met so far; there are no more than Unicode has."""

    def __missing__(self, code: int) -> str:
        self[code] = _plain_character(chr(code))
        return self[code]


def _plain_character(character: str) -> str:
    code = ord(character)
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    category = unicodedata.category(character)
    if category == "Pd" or character == "−":
        return "-"
    # Invisible characters between digits, and what turns a digit into a keycap picture, separate nothing.
    return " " if category in ("Zs", "Cf") or code in (0xFE0F, 0x20E3) else character


_PLAIN = _PlainForms()


def _matches(
    pattern: re.Pattern[str], plain: str, kind: str, holds: Callable[[str], bool] | None = None
) -> Iterator[Found]:
    for match in pattern.finditer(plain):
        if holds is None or holds(match[1]):
            yield Found(*match.span(1), kind, match[1])


def _literal(value: str) -> re.Pattern[str] | None:
    plain = plain_form(value).strip()
    digits = re.sub(r"\D", "", plain)
    if len(digits) >= 7 and not re.search(r"[^\d\s._()+-]", plain):
        return _anywhere(rf"(?<!\d){SEPARATOR.join(_national(digits))}(?!\d)")
    letters = "".join(plain.split())
    if len(letters) < 2 or not any(map(str.isalnum, letters)):
        return None
    spaced = r"[ \t]{0,3}".join(map(re.escape, letters)) if not letters.isascii() else _spaced(plain)
    before = rf"(?<!{WORD})" if re.match(WORD, letters[0], re.IGNORECASE) else ""
    after = rf"(?!{WORD})" if re.match(WORD, letters[-1], re.IGNORECASE) else ""
    return _anywhere(before + spaced + after)


def _spaced(plain: str) -> str:
    return r"\s{1,5}".join(map(re.escape, plain.split()))
