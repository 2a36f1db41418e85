"""Which complaints belong together (IN-8): one repeats another, or many are about one thing.

What is found depends on which complaints there are, never on the order in which they became known.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.common.procedure.likeness import PERSON, PLACE, PROPERTY, GroupRules, RepeatRules


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What likeness is judged by: who complains, where, about what, and when.

    `unit_id`, `building_id`, `property_id`: as far as the place is known. The prints lead to nobody; None: not
    given. `group_id` None: found to be one of no group; `apart`: a person said that it is none.
    """

    complaint_id: UUID
    received_at: datetime
    category: str
    unit_id: UUID | None = None
    building_id: UUID | None = None
    property_id: UUID | None = None
    phone_print: bytes | None = None
    email_print: bytes | None = None
    anonymous: bool = False
    follows: UUID | None = None
    group_id: UUID | None = None
    apart: bool = False

    @property
    def moment(self) -> tuple[datetime, UUID]:
        """Its place in time; never shared with another."""
        return self.received_at, self.complaint_id

    @property
    def complainant(self) -> tuple[str, object]:
        """Who counts once: by phone, else by e-mail; who left neither is told apart by unit only."""
        if self.phone_print:
            return "phone", self.phone_print
        return ("email", self.email_print) if self.email_print else ("unit", self.unit_id)

    def ground(self, level: str) -> UUID | None:
        """The building or property that it is about; what stands on no building is about its property alone."""
        return self.property_id if level == PROPERTY else self.building_id or self.property_id


@dataclass(frozen=True)
class Repeat:
    """The later complaint repeats the earlier one, being from the same `person` or about the same `place`."""

    later: Matter
    earlier: Matter
    same: str


def repeats(new: Matter, others: Iterable[Matter], rules: RepeatRules) -> list[Repeat]:
    """Which others it repeats and which repeat it, the nearest in time first."""
    found = []
    for other in others:
        earlier, later = sorted((new, other), key=lambda each: each.moment)
        same = _same(earlier, later, rules)
        if same and later.received_at - earlier.received_at <= rules.span and later.follows != earlier.complaint_id:
            found.append(Repeat(later, earlier, same))
    return sorted(found, key=lambda each: (each.later.received_at - each.earlier.received_at, each.earlier.moment))


def _same(earlier: Matter, later: Matter, rules: RepeatRules) -> str | None:
    """A person is recognised only where they gave their name to both: to link an anonymous one would tell who it is."""
    if PERSON in rules.same and not (earlier.anonymous or later.anonymous):
        prints = (earlier.phone_print, later.phone_print), (earlier.email_print, later.email_print)
        if any(one is not None and one == other for one, other in prints):
            return PERSON
    in_one_unit = earlier.unit_id is not None and earlier.unit_id == later.unit_id
    return PLACE if PLACE in rules.same and in_one_unit and earlier.category == later.category else None


def group_of(new: Matter, nearby: Iterable[Matter], rules: GroupRules) -> list[Matter]:
    """All that are one event with the new one, itself among them, in order of time; empty: there is no event.

    `nearby` are of its category and ground, received at most the span before or after it. Whoever a person set
    apart counts for nothing.
    """
    if new.apart:
        return []
    there = sorted((new, *(each for each in nearby if not each.apart)), key=lambda each: each.moment)
    own = there.index(new)
    runs = [(first, last) for first, last in _many_at_once(there, rules) if first <= own < last]
    return there[runs[0][0] : runs[-1][1]] if runs else []


def complainants(matters: Iterable[Matter]) -> int:
    """How many different people complained."""
    return len({each.complainant for each in matters})


def _many_at_once(there: list[Matter], rules: GroupRules) -> Iterator[tuple[int, int]]:
    """From each complaint on, those within the span, where enough people complain: [first, last) in order of time."""
    counted = Counter[tuple[str, object]]()
    last = 0
    for first, begins in enumerate(there):
        while last < len(there) and there[last].received_at - begins.received_at <= rules.span:
            counted[there[last].complainant] += 1
            last += 1
        if len(counted) >= rules.at_least:
            yield first, last
        counted[begins.complainant] -= 1
        if not counted[begins.complainant]:
            del counted[begins.complainant]
