"""Which language a text is in, and what language tags mean (BCP 47)."""

import re
from functools import lru_cache

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
CHINESE = frozenset(("zh", "cmn", "yue", "xt"))  # `xt` is a booking platform's own code for traditional
TRADITIONAL = frozenset(("hant", "tw", "hk", "mo", "yue", "xt"))
LONGEST_TAG = 12  # what is stored of it, by intake and by all who hear of the complaint
REGION_SAYS_NOTHING = frozenset(("en", "ja"))


def detect_language(text: str) -> str:
    """`ja` with kana; `zh-Hant` where traditional characters outweigh simplified; `zh-Hans` with other
    Chinese characters; else `en`."""
    if KANA.search(text):
        return "ja"
    characters = HAN.findall(text)
    if not characters:
        return "en"
    return "zh-Hant" if sum(map(_leaning, characters)) > 0 else "zh-Hans"


def language_tag(given: str | None) -> str | None:
    """The tag the product uses for a platform's: Chinese by script, English and Japanese without region,
    others as given with the case BCP 47 asks for, or, beyond 12 characters, the language alone. None when
    there is none or it is no tag."""
    plain = (given or "").strip().replace("_", "-").lower()
    if not TAG.fullmatch(plain):
        return None
    language, *rest = plain.split("-")
    if language in CHINESE:
        traditional = TRADITIONAL.intersection((language, *rest)) and "hans" not in rest
        return "zh-Hant" if traditional else "zh-Hans"
    if language in REGION_SAYS_NOTHING:
        return language
    tag = "-".join((language, *map(_subtag, rest)))
    return tag if len(tag) <= LONGEST_TAG else language


def _subtag(subtag: str) -> str:
    return {2: subtag.upper(), 4: subtag.title()}.get(len(subtag), subtag)


@lru_cache(maxsize=30_000)
def _leaning(character: str) -> int:
    """1 for a traditional character, -1 for a simplified one, 0 for one both scripts share.

    The two national character sets tell them apart: Big5 has no simplified forms, GB 2312 hardly any
    traditional ones.
    """
    return _in_set(character, "big5") - _in_set(character, "gb2312")


def _in_set(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
