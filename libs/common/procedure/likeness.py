"""When complaints are alike (IN-8): one repeats an earlier one, or many are about one thing."""

from dataclasses import dataclass
from datetime import timedelta

from libs.common.procedure.duration import Span

PERSON, PLACE = "person", "place"
SAME = (PERSON, PLACE)
BUILDING, PROPERTY = "building", "property"
LEVELS = (BUILDING, PROPERTY)


@dataclass(frozen=True, kw_only=True)
class RepeatRules:
    """A complaint repeats one received up to `within` before it, by the `same` person or from the same unit.

    `person`: whatever it is about; `place`: of the same category.
    """

    within: Span
    same: tuple[str, ...] = SAME

    @property
    def span(self) -> timedelta:
        """How long before; a day has 24 hours."""
        return timedelta(minutes=self.within.nominal_minutes)


@dataclass(frozen=True, kw_only=True)
class GroupRules:
    """Complaints of one category in one building, or one property, are a group event once `at_least` so many
    different people complained `within` the span."""

    at_least: int
    within: Span
    at: str = BUILDING

    @property
    def span(self) -> timedelta:
        """From the first to the last of them; a day has 24 hours."""
        return timedelta(minutes=self.within.nominal_minutes)


@dataclass(frozen=True, kw_only=True)
class LikenessRules:
    """What is looked for; None: it is left to people."""

    repeat: RepeatRules | None = None
    group: GroupRules | None = None
