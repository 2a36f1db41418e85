"""Templates are text with `{slot}` holes from a fixed list: nothing a tenant writes is ever executed (NO-2).

What a template may promise is checked when its Procedure is published (`libs.common.procedure.slots`).
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from libs.common.procedure.vocabulary import SLOTS

SEVERAL_LINES = frozenset({"result", "alerts"})
LONGEST_TEXT = 100_000

Value = str | int | datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_SENTENCE = re.compile(r"(?<=[。！？!?\n])|(?<=\.)(?=\s)")
_PIECE = re.compile(r"(?P<literal>[^{}]+|\{\{|\}\})|\{(?P<slot>[^{}]*)\}|(?P<stray>[{}])")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


class TemplateRefused(Exception):
    """A template that names an unknown slot or has a brace without its partner."""


class SlotMissing(Exception):
    """A template names a slot for which no value, or an empty one, was given."""


class TextTooLong(Exception):
    """The filled text would exceed LONGEST_TEXT characters."""


def slots_of(template: str) -> frozenset[str]:
    """The slots a template names; `{{` and `}}` are literal braces. Raises TemplateRefused."""
    names = set()
    for piece in _PIECE.finditer(template):
        if piece["stray"]:
            raise TemplateRefused("a brace without its partner: a slot is written {number}")
        if piece["slot"] is not None:
            names.add(piece["slot"])
    for name in sorted(names.difference(SLOTS)):
        raise TemplateRefused(f"there is no slot {{{name[:50]}}}; the slots are {', '.join(SLOTS)}")
    return frozenset(names)


def without_gaps(template: str, known: Collection[str]) -> str:
    """The template without the sentences that name a slot nobody has a value for; maybe empty.

    A sentence ends at 。！？!? or a line's end, or at a full stop before a space. Raises TemplateRefused.
    """
    kept = (sentence for sentence in _SENTENCE.split(template) if slots_of(sentence) <= set(known))
    return "".join(kept)


def render(template: str, slots: Mapping[str, Value], language: str, *, single_line: bool = False) -> str:
    """The text with its holes filled. Values go in as they are: a brace in a value stays a brace.

    Times are written in their own zone, in the words of `language`. A value is put on one line unless its
    slot may have several; `single_line` (subjects, SMS) flattens the whole.
    Raises TemplateRefused, SlotMissing, TextTooLong.
    """
    values = {name: _filled(name, slots, language) for name in slots_of(template)}
    pieces = [
        piece["literal"].replace("{{", "{").replace("}}", "}") if piece["literal"] else values[piece["slot"]]
        for piece in _PIECE.finditer(template)
    ]
    if sum(map(len, pieces)) > LONGEST_TEXT:
        raise TextTooLong(f"more than {LONGEST_TEXT} characters")
    text = "".join(pieces)
    return one_line(text) if single_line else text


def as_text(value: Value, language: str) -> str:
    """A slot's value as words: a time to the minute in its own zone, everything else unchanged."""
    if not isinstance(value, datetime):
        return str(value)
    clock = f"{value.hour:02}:{value.minute:02}"
    if language.startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日{clock}"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}, {clock}"


def one_line(text: str) -> str:
    """The text on a single line: no line ends of any alphabet, no control or direction characters."""
    return " ".join(_UNSEEN.sub("", text).split())


def plain_lines(text: str) -> str:
    """The text with its lines kept (as `\\n`), but no control or direction characters."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)).strip()


def _filled(name: str, slots: Mapping[str, Value], language: str) -> str:
    text = as_text(slots[name], language) if name in slots else ""
    text = plain_lines(text) if name in SEVERAL_LINES else one_line(text)
    if not text:
        raise SlotMissing(name)
    return text
