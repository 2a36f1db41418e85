"""What a complaint counts for, and in which rollups.

A complaint counts under the department, category and channel it has now, on the days things happened: when
it moves to another department all its counts move with it. `""` stands for what is not known yet.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from services.reporting.domain.fact import Fact, closed_on, day_of, registered_on, responded_on
from services.reporting.domain.histogram import bucket_of

MEASURES = ("registered", "closed", "closed_in_time", "breached", "surveyed", "satisfied", "reopened", "repeated")
SERIES = ("registered", "closed", "breached")
HANDLING, FIRST_RESPONSE = "handling", "first_response"


@dataclass
class Rollups:
    """Counts by key; the measure, and for times the bucket, is the last part of each key.

    - `daily`, `monthly`: (day, department, category, channel, measure); a month is its first day
    - `days`: (day, department, measure), only what a series shows
    - `daily_times`, `monthly_times`: (day, department, category, handling | first_response, bucket)
    - `open_cases`: (department,)
    """

    daily: Counter[tuple[date, str, str, str, str]] = field(default_factory=Counter)
    monthly: Counter[tuple[date, str, str, str, str]] = field(default_factory=Counter)
    days: Counter[tuple[date, str, str]] = field(default_factory=Counter)
    daily_times: Counter[tuple[date, str, str, str, int]] = field(default_factory=Counter)
    monthly_times: Counter[tuple[date, str, str, str, int]] = field(default_factory=Counter)
    open_cases: Counter[tuple[str]] = field(default_factory=Counter)

    def count(self, fact: Fact, zone: ZoneInfo, sign: int = 1) -> None:
        """Add what the fact counts for, or with `sign` -1 take it away. `zone` is the tenant's."""
        if not fact.counted:
            return
        self._count_events(fact, zone, sign)
        self._count_times(fact, zone, sign)
        if fact.closed_at is None:
            self.open_cases[(fact.department or "",)] += sign

    def _count_events(self, fact: Fact, zone: ZoneInfo, sign: int) -> None:
        department, category, channel = fact.department or "", fact.category or "", fact.channel or ""
        for day, measure in happenings(fact, zone):
            self.daily[day, department, category, channel, measure] += sign
            self.monthly[day.replace(day=1), department, category, channel, measure] += sign
            if measure in SERIES:
                self.days[day, department, measure] += sign

    def _count_times(self, fact: Fact, zone: ZoneInfo, sign: int) -> None:
        department, category = fact.department or "", fact.category or ""
        for day, measure, seconds in lengths(fact, zone):
            bucket = bucket_of(seconds)
            self.daily_times[day, department, category, measure, bucket] += sign
            self.monthly_times[day.replace(day=1), department, category, measure, bucket] += sign


def happenings(fact: Fact, zone: ZoneInfo) -> list[tuple[date, str]]:
    """(day in the tenant's zone, measure) for all that a counted fact counts for.

    The closing's day carries whether it was in time, whether it had begun again, and whether the complainant
    was asked and is satisfied; the registration's whether it takes up an earlier complaint. A breach counts on
    the day its limit ended.
    """
    found: list[tuple[date, str]] = []
    if registered := registered_on(fact, zone):
        found.append((registered, "registered"))
        if fact.follows:
            found.append((registered, "repeated"))
    if closed := closed_on(fact, zone):
        found.append((closed, "closed"))
        if fact.in_time:
            found.append((closed, "closed_in_time"))
        if fact.reopened:
            found.append((closed, "reopened"))
        if fact.satisfied is not None:
            found.append((closed, "surveyed"))
        if fact.satisfied:
            found.append((closed, "satisfied"))
    missed = (day_of(clock.missed_at, zone) for clock in fact.clocks.values())
    return found + [(day, "breached") for day in missed if day]


def lengths(fact: Fact, zone: ZoneInfo) -> list[tuple[date, str, float]]:
    """(day it ended, measure, seconds) from receipt to closing and from receipt to the first response."""
    ends = (
        (closed_on(fact, zone), HANDLING, fact.closed_at),
        (responded_on(fact, zone), FIRST_RESPONSE, fact.first_response_at),
    )
    return [
        (day, measure, (ended - fact.received_at).total_seconds())
        for day, measure, ended in ends
        if day and ended and fact.received_at
    ]
