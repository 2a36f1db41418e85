"""When a rule, limit or step applies: named fields that must all hold, each against the facts of one case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from libs.common.procedure.vocabulary import CHANNEL_NAMES
from libs.common.procedure.words import closed_up, mentions

Localised = Mapping[str, str]
Names = Mapping[tuple[str, str], Localised]
"""What ids are called: (field, id) to the name in each language."""

FIELD_NAMES: dict[str, Localised] = {
    "channel": {"zh-Hans": "渠道", "en": "channel"},
    "category": {"zh-Hans": "类别", "en": "category"},
    "urgency": {"zh-Hans": "紧急程度", "en": "urgency"},
    "department": {"zh-Hans": "部门", "en": "department"},
}
FLAG_NAMES: dict[str, Localised] = {
    "major": {"zh-Hans": "重大", "en": "major"},
    "vip": {"zh-Hans": "重要客人", "en": "VIP"},
    "complex": {"zh-Hans": "复杂", "en": "complex"},
    "group": {"zh-Hans": "群体投诉", "en": "one of a group"},
    "anonymous": {"zh-Hans": "匿名", "en": "anonymous"},
}
PLACE_NAMES: dict[str, Localised] = {
    "in_property": {"zh-Hans": "物业", "en": "property"},
    "in_building": {"zh-Hans": "楼栋", "en": "building"},
    "in_unit": {"zh-Hans": "单元", "en": "unit"},
}
ALWAYS: Localised = {"zh-Hans": "一律适用", "en": "always applies"}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a case when a condition is asked. None: not known, then no condition on it holds.

    `received_at` is aware and in the tenant's own zone; `claimed_amount` in minor units of its currency;
    `in_property`, `in_building` and `in_unit` are the names of what a known place lies in, or is.
    """

    channel: str
    category: str | None = None
    urgency: str | None = None
    department: str | None = None
    major: bool = False
    vip: bool = False
    complex: bool = False
    group: bool = False
    anonymous: bool = False
    place_label: str | None = None
    in_property: str | None = None
    in_building: str | None = None
    in_unit: str | None = None
    text: str = ""
    claimed_amount: int | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class Match:
    """A condition holds, and why, in words for people."""

    why: Localised


@dataclass(frozen=True)
class AtLeast:
    """An amount of money, in minor units, from which a condition holds; the bound itself counts."""

    amount: int


@dataclass(frozen=True)
class TimeOfDay:
    """From `start` (counts) to `end` (does not), on the wall clock; over midnight when `end` is earlier."""

    start: time
    end: time

    def holds(self, moment: datetime) -> bool:
        """Whether `moment`, by its own zone's clock, lies in the span."""
        now = moment.time()
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


@dataclass(frozen=True, kw_only=True)
class Condition:
    """All named fields must hold; a field with several values holds when one of them does.

    `complex` (SL-7) and `group` (many complain of one thing, IN-8) are set by a person, `group` also
    by what is found.
    `place` is a part of the place's full name; `in_property`, `in_building` and `in_unit` are whole names of a known
    one; `words` are looked for in what the complainant wrote.
    A condition that names nothing always holds.
    """

    channel: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    major: bool | None = None
    vip: bool | None = None
    complex: bool | None = None
    group: bool | None = None
    anonymous: bool | None = None
    place: tuple[str, ...] = ()
    in_property: tuple[str, ...] = ()
    in_building: tuple[str, ...] = ()
    in_unit: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    claimed_amount: AtLeast | None = None
    time_of_day: TimeOfDay | None = None

    def matches(self, facts: Facts, names: Names | None = None) -> Match | None:
        """Why the condition holds, or None when it does not; `names` are used instead of ids."""
        reasons: list[Localised] = []
        for reason in self._reasons(facts, names or {}):
            if reason is None:
                return None
            reasons.append(reason)
        if not reasons:
            return Match(ALWAYS)
        zh = "，".join(reason["zh-Hans"] for reason in reasons)
        return Match({"zh-Hans": zh, "en": "; ".join(reason["en"] for reason in reasons)})

    def _reasons(self, facts: Facts, names: Names) -> Iterator[Localised | None]:
        """For each named field why it holds, or None."""
        for field in FIELD_NAMES:
            allowed: tuple[str, ...] = getattr(self, field)
            if allowed:
                yield _one_of(field, allowed, getattr(facts, field), names)
        for flag, called in FLAG_NAMES.items():
            wanted: bool | None = getattr(self, flag)
            if wanted is not None:
                yield _flag(wanted, getattr(facts, flag), called)
        for sought, text, (zh, en) in (
            (self.place, facts.place_label or "", ("地点含", "place has")),
            (self.words, facts.text, ("提到", "mentions")),
        ):
            if sought:
                yield _mentioned(sought, text, zh, en)
        yield from self._of_place(facts)
        if self.claimed_amount is not None:
            yield _claimed(self.claimed_amount, facts.claimed_amount)
        if self.time_of_day is not None:
            yield _received_between(self.time_of_day, facts.received_at)

    def _of_place(self, facts: Facts) -> Iterator[Localised | None]:
        for level, called in PLACE_NAMES.items():
            sought: tuple[str, ...] = getattr(self, level)
            if sought:
                yield _in_place(sought, getattr(facts, level), called)


def _one_of(field: str, allowed: tuple[str, ...], value: str | None, names: Names) -> Localised | None:
    if value not in allowed or value is None:
        return None
    name = CHANNEL_NAMES.get(value, {}) if field == "channel" else names.get((field, value), {})
    return {
        language: f"{FIELD_NAMES[field][language]}{between}{name.get(language, value)}"
        for language, between in (("zh-Hans", "为"), ("en", " is "))
    }


def _flag(wanted: bool, value: bool, called: Localised) -> Localised | None:
    if value is not wanted:
        return None
    return called if wanted else {"zh-Hans": f"非{called['zh-Hans']}", "en": f"not {called['en']}"}


def _mentioned(sought: tuple[str, ...], text: str, zh: str, en: str) -> Localised | None:
    compared = closed_up(text)
    word = next((word for word in sought if mentions(closed_up(word), compared)), None)
    if word is None:
        return None
    return {"zh-Hans": f"{zh}“{word}”", "en": f"{en} “{word}”"}


def _in_place(sought: tuple[str, ...], name: str | None, called: Localised) -> Localised | None:
    if name is None or closed_up(name) not in map(closed_up, sought):
        return None
    return {"zh-Hans": f"{called['zh-Hans']}为“{name}”", "en": f"{called['en']} is “{name}”"}


def _claimed(bound: AtLeast, value: int | None) -> Localised | None:
    if value is None or value < bound.amount:
        return None
    # Minor units on both sides: the document does not say how many of them make a coin.
    return {
        "zh-Hans": f"索赔金额 {value} 不低于 {bound.amount}（最小货币单位）",
        "en": f"claimed amount {value} is at least {bound.amount} (minor units)",
    }


def _received_between(span: TimeOfDay, received_at: datetime | None) -> Localised | None:
    if received_at is None or not span.holds(received_at):
        return None
    bounds = f"{span.start:%H:%M}–{span.end:%H:%M}"
    return {"zh-Hans": f"收到时间在 {bounds}", "en": f"received {bounds}"}
