"""What a notice template may say: which slots it carries, and that a promise of time carries one (NO-2)."""

import re
from collections.abc import Iterator
from string import Formatter

from libs.common.procedure.mistakes import Mistake, nearest
from libs.common.procedure.vocabulary import SLOTS
from libs.common.procedure.words import plain

COMPLAINANTS_WORDS = frozenset({"text", "asked_for", "summary", "complaint", "message", "name"})
KNOWN_ON = {
    "result": ("result",),
    "party": ("waiting",),
    "reason": ("waiting", "extended"),
    "new_deadline": ("extended",),
    "survey_link": ("survey",),
    "count": ("digest",),
    "alerts": ("digest",),
}
# A digest tells of several cases.
KNOWN_IN_A_DIGEST = ("count", "alerts", "tenant")
# They open the complaint or its survey without a sign-in.
LINKS = ("tracking_link", "survey_link")
TIMES = ("deadline", "new_deadline")
OWED = {
    "registered": ("an acknowledgement", ("number",)),
    "extended": ("a notice of an extension", ("number", "new_deadline")),
}
PROMISE = re.compile(
    r"尽快|儘快|盡快|尽力|盡力|尽早|儘早|很快|即将|即將|稍后|稍後"
    r"|(?:分钟|分鐘|小时|小時|天|日)(?:之)?(?:内|內)"
    r"|\bwithin\b|\bsoon\b|\bshortly\b|\bas soon as\b|\bdo our best\b|\bin \d+ (?:minute|hour|day|working)"
)


def mistakes_in(text: str, *, on: str, to: tuple[str, ...]) -> Iterator[Mistake]:
    """What is wrong with one text of a notice, each without a path."""
    try:
        slots = _slots_of(text)
    except ValueError as error:
        yield Mistake("", str(error))
        return
    for slot in slots:
        yield from _mistakes_of_slot(slot, on, to)
    if not set(TIMES) & set(slots) and PROMISE.search(plain(text)):
        yield Mistake("", "promises a time without naming one", "{deadline}")


def missing_from(text: str, on: str) -> Iterator[Mistake]:
    """An acknowledgement names the number (IN-3), an extension the new time too (SL-5)."""
    called, owed = OWED.get(on, ("", ()))
    for slot in owed:
        if f"{{{slot}}}" not in text:
            yield Mistake("", f"{called} names the {slot}", f"{{{slot}}}")


def _slots_of(text: str) -> tuple[str, ...]:
    """The slots in the order they stand. Raises ValueError on braces that are not slots."""
    slots = []
    for _, slot, form, conversion in Formatter().parse(text):
        if slot is None:
            continue
        # `{number:>999999999}` would be a text of a gigabyte.
        if form or conversion:
            raise ValueError("a slot is only a name between braces, such as {number}")
        slots.append(slot)
    return tuple(slots)


def _mistakes_of_slot(slot: str, on: str, to: tuple[str, ...]) -> Iterator[Mistake]:
    if slot in COMPLAINANTS_WORDS:
        yield Mistake("", f"{{{slot}}}: a notice carries no words of the complainant's own")
    elif slot not in SLOTS:
        near = nearest(slot, SLOTS)
        yield Mistake("", f"{{{slot}}} is not a slot; known: {', '.join(SLOTS)}", near and f"{{{near}}}")
    elif on not in KNOWN_ON.get(slot, (on,)):
        yield Mistake("", f"{{{slot}}} is known only in a notice on: {', '.join(KNOWN_ON[slot])}")
    elif on == "digest" and slot not in KNOWN_IN_A_DIGEST:
        yield Mistake("", f"{{{slot}}} is of one case; a digest knows: {', '.join(KNOWN_IN_A_DIGEST)}", "{alerts}")
    elif slot in LINKS and to != ("complainant",):
        yield Mistake("", f"{{{slot}}} is for the complainant alone")
