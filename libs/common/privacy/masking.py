"""What a person's data looks like to those who may not see it (PR-1). Every mask can be applied twice."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from libs.common.privacy.detection import Found, find_literals, find_personal

HIDDEN = "***"

COMPOUND = (
    "欧阳 歐陽 太史 端木 上官 司马 司馬 东方 東方 独孤 獨孤 南宫 南宮 万俟 萬俟 闻人 聞人 "
    "夏侯 诸葛 諸葛 尉迟 尉遲 公羊 赫连 赫連 澹台 澹臺 皇甫 宗政 濮阳 濮陽 公冶 太叔 申屠 "
    "公孙 公孫 慕容 仲孙 仲孫 钟离 鍾離 鐘離 长孙 長孫 宇文 司徒 鲜于 鮮于 司空 闾丘 閭丘 "
    "子车 子車 亓官 司寇 巫马 巫馬 公西 颛孙 顓孫 壤驷 壤駟 公良 漆雕 乐正 樂正 宰父 谷梁 "
    "穀梁 拓跋 拓拔 夹谷 夾谷 轩辕 軒轅 令狐 段干 百里 呼延 东郭 東郭 南门 南門 羊舌 微生 "
    "公仪 公儀 梁丘 左丘 西门 西門 第五 即墨 达奚 達奚 褚师 褚師 纳兰 納蘭 完颜 完顏 叶赫 "
    "葉赫 范姜 张简 張簡 "
)
COMPOUND_SURNAMES = frozenset(COMPOUND.split())

MASKED_PHONE = re.compile(r"\d{3}\*{4}\d{4}|0\d{2,3}\*{5}\d{2}|\*{5}\d{2}|\*{4}")
EXTENSION = re.compile(r"(?:转|轉|分机|分機|ext\.?|x|#)\s*\d{1,6}\s*$", re.IGNORECASE)
CHINA_MOBILE = re.compile(r"(?:0086|86|0)?(1[3-9]\d)\d{4}(\d{4})")
CHINA_LANDLINE = re.compile(r"(?:0086|86)?(010|02\d|0[3-9]\d{2})\d{5,6}(\d{2})")
RESIDENT_ID = re.compile(r"[\d*]{17}[\dX*]")
BUILDING = re.compile(r"(?:.*?(?:号楼|號樓|栋|棟|幢|座)|(?:building|block|tower|bldg\.?)\s*\w{1,8})", re.IGNORECASE)
DASHED_UNIT = re.compile(r"([0-9A-Za-z]{1,4})-(?:[^-]+-.+|\*{3})")


def mask_name(name: str) -> str:
    """The surname (compound ones whole) or the first letter, then stars that do not tell the length.

    One star stands for a given name of one character, two for any longer one; `***` for other scripts.
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    if len(plain) < 2:
        return "*" * len(plain)
    if not plain[0].isalpha():
        return HIDDEN
    if not _is_east_asian(plain[0]):
        return plain[0] + HIDDEN
    joined = "".join(plain.split())
    surname = joined[:2] if len(joined) > 2 and joined[:2] in COMPOUND_SURNAMES else joined[:1]
    return surname + ("*" if len(joined) - len(surname) < 2 else "**")


def mask_phone(phone: str) -> str:
    """A mainland mobile keeps three and four digits, a landline its area code and two, any other two."""
    plain = unicodedata.normalize("NFKC", phone).strip()
    if not plain or MASKED_PHONE.fullmatch(plain):
        return plain
    digits = _digits(EXTENSION.sub("", plain))
    if mobile := CHINA_MOBILE.fullmatch(digits):
        return f"{mobile[1]}****{mobile[2]}"
    if landline := CHINA_LANDLINE.fullmatch(digits):
        return f"{landline[1]}*****{landline[2]}"
    return f"*****{digits[-2:]}" if len(digits) > 6 else "****"


def mask_email(email: str) -> str:
    """The first character and the domain; a local part of one character is hidden whole."""
    plain = unicodedata.normalize("NFKC", email).strip()
    local, at, domain = plain.rpartition("@")
    if not at:
        return HIDDEN if plain else ""
    shown = local[0] if len(local) > 1 and local[0] != "*" else ""
    return f"{shown}{HIDDEN}@{domain}"


def mask_identity(number: str) -> str:
    """A resident id keeps its first and last two characters, longer papers two and two, short ones none."""
    plain = "".join(unicodedata.normalize("NFKC", number).upper().split())
    if RESIDENT_ID.fullmatch(plain):
        return plain[0] + "*" * 15 + plain[-2:]
    if len(plain) < 8:
        return "****" if plain else ""
    return f"{plain[:2]}*****{plain[-2:]}"


def mask_unit(unit: str) -> str:
    """The building, where the label names one; never floor, room or bed."""
    plain = unicodedata.normalize("NFKC", unit).strip()
    if not plain:
        return ""
    if building := BUILDING.match(plain):
        return building[0] + HIDDEN
    dashed = DASHED_UNIT.fullmatch(plain)
    return f"{dashed[1]}-{HIDDEN}" if dashed else HIDDEN


MASKS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"phone": mask_phone, "identity": mask_identity, "email": mask_email, "literal": lambda _: HIDDEN}
)


def mask_text(text: str, also: Iterable[str | None] = ()) -> str:
    """Free text without phone numbers, mainland resident ids, e-mail addresses and the values in `also`.

    `also` is what is known of the person (name, phone, room …); a value of one character identifies
    nobody and is left. Order numbers stay: an id has to pass its checksum and hold a real date.
    """
    known = tuple(value for value in also if value)
    while (masked := _mask_once(text, known)) != text:
        text = masked
    return text


def _mask_once(text: str, known: tuple[str, ...]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, mask in _merged([*find_personal(text), *find_literals(text, known)]):
        pieces += (text[done:start], mask)
        done = end
    return "".join((*pieces, text[done:]))


def _merged(found: list[Found]) -> list[tuple[int, int, str]]:
    """Overlapping findings become one: masked as the widest if that covers all of them, else hidden whole."""
    merged: list[tuple[int, int, str]] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if not merged or each.start >= merged[-1][1]:
            merged.append((each.start, each.end, MASKS[each.kind](each.text)))
        elif each.end > merged[-1][1]:
            merged[-1] = (merged[-1][0], each.end, HIDDEN)
    return merged


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isascii() and character.isdigit())


def _is_east_asian(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA"))
