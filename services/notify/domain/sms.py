"""What one text message can carry: how it is counted, and what providers refuse in a template's variables."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_ESCAPED = frozenset("^{}\\[~]|€\f")

_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}://|\bwww\.|[a-z0-9]\."
    r"(?:com|cn|net|org|top|cc|xyz|io|me|info|vip|site|shop|link|ly)(?![a-z0-9])",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<!\d)(?:\+\d(?:[ -]?\d){7,14}|1[3-9]\d(?:[ -]?\d{4}){2}"
    r"|0\d{2,3}[ -]?\d{7,8}|[48]00(?:[ -]?\d){7})(?!\d)"
)
_ACCOUNT = re.compile(r"(?:qq|微信|vx|wechat|weixin)\s*(?:号|號|id)?\s*[:=]?\s*[a-z0-9_-]{5,}", re.IGNORECASE)
_FORBIDDEN = re.compile("[【】★￥¥\U0001f300-\U0001faff\u2600-\u27bf]")


@dataclass(frozen=True, kw_only=True)
class VariableRules:
    """What a provider lets into the variables of one approved template (Aliyun and its like).

    `links_in` and `phones_in` name the variables for which the provider granted an exception.
    """

    longest: int = 35
    links_in: frozenset[str] = frozenset()
    phones_in: frozenset[str] = frozenset()


MAINLAND_RULES = VariableRules()


def sms_segments(text: str) -> int:
    """How many messages a text travels as (GSM 03.38): 160 or 153 septets, else 70 or 67 UTF-16 units.

    No escaped character and no surrogate pair is split between two. 0 for an empty text.
    """
    if all(character in _GSM or character in _GSM_ESCAPED for character in text):
        return _packed([2 if character in _GSM_ESCAPED else 1 for character in text], 160, 153)
    return _packed([2 if ord(character) > 0xFFFF else 1 for character in text], 70, 67)


def mainland_segments(text: str) -> int:
    """How many messages a mainland carrier bills; `text` includes the 【signature】. 0 for an empty text."""
    return min(len(text), 1) if len(text) <= 70 else ceil(len(text) / 67)


def check_variables(variables: Mapping[str, str], rules: VariableRules = MAINLAND_RULES) -> list[str]:
    """Why a provider would refuse these variables, one sentence each; empty when it takes them.

    No sentence repeats a value: it may be somebody's telephone number.
    """
    return [
        f"variable {name}: {mistake}"
        for name, value in variables.items()
        for mistake in _mistakes(name, unicodedata.normalize("NFKC", value), value, rules)
    ]


def _mistakes(name: str, folded: str, value: str, rules: VariableRules) -> Iterable[str]:
    if not value.strip():
        yield "is empty"
    if len(value) > rules.longest:
        yield f"is longer than {rules.longest} characters"
    if len(value.splitlines()) > 1:
        yield "has more than one line"
    if _FORBIDDEN.search(value):
        yield "has a character no provider passes on (【】, ¥, ★ or a picture)"
    if name not in rules.links_in and (_LINK.search(folded) or "@" in folded):
        yield "carries a link or an address"
    if name not in rules.phones_in and _PHONE.search(folded):
        yield "carries a telephone number"
    if _ACCOUNT.search(folded):
        yield "carries a chat account"


def _packed(costs: list[int], single: int, part: int) -> int:
    if sum(costs) <= single:
        return min(len(costs), 1)
    parts, left = 1, part
    for cost in costs:
        if cost > left:
            parts, left = parts + 1, part
        left -= cost
    return parts
