"""One complaint as the figures see it, put together from whatever the services said, in any order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.common.procedure.vocabulary import INTERNAL


@dataclass(frozen=True)
class Clock:
    """One time limit of a complaint, or of a department's part of it (`of_part`).

    `missed_at` is the end of the limit that was passed; None while kept.
    """

    limit_id: str
    milestone_to: str
    missed_at: datetime | None = None
    of_part: bool = False

    @property
    def faces_the_complainant(self) -> bool:
        return not self.of_part and self.milestone_to not in INTERNAL


@dataclass(frozen=True, kw_only=True)
class Fact:
    """None means not known yet. `case_opened`: dispatch has spoken, and decides category and urgency.

    `satisfied_at`: when the complainant said so, the last time; `reopened`: how often the case began again;
    `follows`: an earlier complaint that this one takes up again, or was found to repeat.
    """

    complaint_id: UUID
    number: str | None = None
    channel: str | None = None
    language: str | None = None
    category: str | None = None
    urgency: str | None = None
    department: str | None = None
    place_id: UUID | None = None
    assignee_id: UUID | None = None
    major: bool = False
    vip: bool = False
    anonymous: bool = False
    received_at: datetime | None = None
    registered_at: datetime | None = None
    first_response_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    satisfied: bool | None = None
    satisfied_at: datetime | None = None
    reopened: int = 0
    follows: UUID | None = None
    case_opened: bool = False
    mystery: bool = False
    clocks: Mapping[UUID, Clock] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def counted(self) -> bool:
        """Whether the complaint is in the figures: once its registration is known, and never when it is a
        mystery shopper's (RE-4)."""
        return self.registered_at is not None and not self.mystery

    @property
    def in_time(self) -> bool:
        """No clock that faces the complainant was missed."""
        return not any(clock.missed_at and clock.faces_the_complainant for clock in self.clocks.values())

    @property
    def breached(self) -> int:
        """How many clocks were missed, the internal ones too."""
        return sum(clock.missed_at is not None for clock in self.clocks.values())


def registered_on(fact: Fact, zone: ZoneInfo) -> date | None:
    return day_of(fact.registered_at, zone)


def responded_on(fact: Fact, zone: ZoneInfo) -> date | None:
    return day_of(fact.first_response_at, zone)


def closed_on(fact: Fact, zone: ZoneInfo) -> date | None:
    """Never before the day of registration, should two services' clocks differ around midnight."""
    closed, registered = day_of(fact.closed_at, zone), registered_on(fact, zone)
    return max(closed, registered) if closed and registered else closed


def day_of(at: datetime | None, zone: ZoneInfo) -> date | None:
    """The day the tenant's wall calendar shows at that moment; None for no moment."""
    return at.astimezone(zone).date() if at else None
