"""Bytes to text where the label and the bytes disagree, as they do in mail from many Chinese clients."""

import codecs
import re
from collections.abc import Mapping
from types import MappingProxyType

# Each label is decoded by a superset of what it names; the next is tried where the one before fails.
SUPERSETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "gb2312": ("gb18030",),
        "gbk": ("gb18030",),
        "gb18030": ("gb18030",),
        "big5": ("big5hkscs", "cp950"),
        "big5hkscs": ("big5hkscs", "cp950"),
        "shift_jis": ("cp932",),
        "euc_kr": ("cp949",),
        "iso8859-1": ("cp1252", "latin-1"),
    }
)
OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "utf8mb4": "utf-8",
        "unicode-1-1-utf-8": "utf-8",
        "unicode-1-1-utf-7": "utf-7",
        "x-gbk": "gbk",
        "gb_2312-80": "gb2312",
        "x-sjis": "shift_jis",
        "ks_c_5601-1987": "euc_kr",
        "iso-8859-8-i": "iso8859-8",
    }
)
# No character sets of mail, and some of them slow on hostile input.
NOT_FOR_MAIL = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"))
JAPANESE_MAIL = re.compile(r"iso-?2022-?jp", re.IGNORECASE)
HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")  # UTF-7 can spell one; nothing can store it
ESCAPE = re.compile(rb"\x1b(\([BJI]|\$[@B]|\$\(D)")


def decode(raw: bytes, label: str | None) -> str:
    """The text, without NUL. A wrong or unknown label never fails: what cannot be read becomes U+FFFD."""
    plain_label = (label or "").strip(" \t\r\n\"';").lower()
    text = _japanese(raw) if JAPANESE_MAIL.match(plain_label) else _by_codec(raw, _codec(plain_label))
    return HALF_A_CHARACTER.sub("\ufffd", text.replace("\x00", ""))


def _codec(label: str) -> str:
    """Python's name of the character set; `utf-8` when the label says nothing that can be true."""
    label = OTHER_NAMES.get(label, label)
    try:
        found = codecs.lookup(label).name if label else "ascii"
        "".encode(found)  # refuses codecs that are no character sets
    except (LookupError, UnicodeError, ValueError):
        return "utf-8"
    return "utf-8" if found == "ascii" or found in NOT_FOR_MAIL else found


def _by_codec(raw: bytes, codec: str) -> str:
    if codec == "utf-8":
        return _utf8_or_chinese(raw)
    candidates = SUPERSETS.get(codec, (codec,))
    for candidate in candidates:
        try:
            return raw.decode(candidate)
        except UnicodeError:
            continue
    return raw.decode(candidates[0], errors="replace")


def _utf8_or_chinese(raw: bytes) -> str:
    """UTF-8, even with a character broken here and there; else GB 18030 where every byte of it fits."""
    text = raw.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if not broken or broken * 4 < sum(byte >= 0x80 for byte in raw):
        return text
    try:
        return raw.decode("gb18030")
    except UnicodeError:
        return text


def _japanese(raw: bytes) -> str:
    """ISO-2022-JP as Windows writes it (code page 50221): with half-width kana and vendors' characters."""
    parts = ESCAPE.split(raw)
    text = [_eight_bit(parts[0])]
    for escape, segment in zip(parts[1::2], parts[2::2], strict=True):
        text.append(_japanese_segment(escape, segment))
    return "".join(text)


def _japanese_segment(escape: bytes, segment: bytes) -> str:
    if escape == b"(I":
        return bytes(byte | 0x80 for byte in segment).decode("cp932", errors="replace")
    if escape == b"$(D":
        return (b"\x1b$(D" + segment + b"\x1b(B").decode("iso2022_jp_ext", errors="replace")
    if escape in (b"$@", b"$B"):
        return _shifted(segment).decode("cp932", errors="replace")
    return _eight_bit(segment)


def _eight_bit(segment: bytes) -> str:
    return segment.decode("ascii") if segment.isascii() else decode(segment, None)


def _shifted(segment: bytes) -> bytes:
    """JIS X 0208 pairs in the arrangement of Shift JIS; line ends between them stay."""
    moved = bytearray()
    position = 0
    while position < len(segment):
        row, cell = segment[position], segment[position + 1] if position + 1 < len(segment) else 0
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            moved.append(row)
            position += 1
            continue
        lead = (row - 0x21) // 2 + 0x81
        moved.append(lead if lead <= 0x9F else lead + 0x40)
        if row % 2:
            moved.append(cell + 0x1F if cell < 0x60 else cell + 0x20)
        else:
            moved.append(cell + 0x7E)
        position += 2
    return bytes(moved)
