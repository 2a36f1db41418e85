"""What an event teaches about its complaint.

One sender's events come in order; those of different senders in any order. So what two senders know is taken
from one of them whatever comes first: number, channel and times from intake; category, urgency, marks and
department from dispatch.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from libs.common.events import Event
from libs.common.events.dispatch import (
    CaseAssigned,
    CaseClosed,
    CaseGrouped,
    CaseLinked,
    CaseOpened,
    CaseReclassified,
    CaseReopened,
    CaseTransferred,
    CaseUnlinked,
    MilestoneReached,
)
from libs.common.events.intake import ComplaintRegistered
from libs.common.events.notify import SurveyAnswered
from libs.common.events.sla import ClockBreached, ClockMet, ClockMoved, ClockStarted
from services.reporting.domain.fact import Clock, Fact

TAKES_UP = frozenset({"follows", "repeats"})
RESPONSES = frozenset({"accepted", "contacted", "on_site"})


def learned(fact: Fact, event: Event) -> Fact:
    """The fact once this event is known."""
    return _LESSONS[type(event)](fact, event)


def _registered(fact: Fact, event: ComplaintRegistered) -> Fact:
    fact = replace(
        fact,
        number=event.number,
        channel=event.channel,
        language=event.language,
        place_id=event.place_id,
        anonymous=event.anonymous,
        received_at=event.received_at,
        registered_at=event.registered_at,
        follows=event.follows or fact.follows,
    )
    if fact.case_opened:
        return fact
    return replace(fact, category=event.category, urgency=event.urgency, major=event.major, vip=event.vip)


def _opened(fact: Fact, event: CaseOpened) -> Fact:
    if fact.registered_at is None:
        fact = replace(
            fact,
            number=event.number,
            channel=event.channel,
            language=event.language,
            anonymous=event.anonymous,
            received_at=event.received_at,
            registered_at=event.registered_at,
        )
    return replace(
        fact,
        case_opened=True,
        follows=event.follows or fact.follows,
        category=event.category,
        urgency=event.urgency,
        major=event.major,
        vip=event.vip,
        department=event.department,
    )


def _assigned(fact: Fact, event: CaseAssigned) -> Fact:
    return replace(fact, department=event.department, assignee_id=event.assignee_id)


def _transferred(fact: Fact, event: CaseTransferred) -> Fact:
    return replace(fact, department=event.to_department, assignee_id=event.to_person_id)


def _reclassified(fact: Fact, event: CaseReclassified) -> Fact:
    return replace(fact, category=event.category, urgency=event.urgency, department=event.department)


def _reached(fact: Fact, event: MilestoneReached) -> Fact:
    """Milestones may be reported late and out of order; the earliest response is the first."""
    if event.milestone not in RESPONSES:
        return fact
    known = fact.first_response_at
    return replace(fact, first_response_at=min(known, event.reached_at) if known else event.reached_at)


def _closed(fact: Fact, event: CaseClosed) -> Fact:
    """The last closing counts. One that does not know whether they are satisfied leaves what they said before."""
    closed = replace(fact, outcome=event.outcome, closed_at=event.closed_at)
    return closed if event.satisfied is None else _said(closed, event.satisfied, event.closed_at)


def _reopened(fact: Fact, event: CaseReopened) -> Fact:
    return replace(fact, outcome=None, closed_at=None, reopened=event.round - 1)


def _linked(fact: Fact, event: CaseLinked) -> Fact:
    """One that repeats another counts as one that takes it up; of several the first to become known is kept."""
    return replace(fact, follows=fact.follows or event.other_id) if event.relation in TAKES_UP else fact


def _unlinked(fact: Fact, event: CaseUnlinked) -> Fact:
    return replace(fact, follows=event.follows)


def _grouped(fact: Fact, event: CaseGrouped) -> Fact:
    return replace(fact, urgency=event.urgency, major=event.major, department=event.department)


def _answered(fact: Fact, event: SurveyAnswered) -> Fact:
    return _said(fact, event.satisfied, event.occurred_at)


def _said(fact: Fact, satisfied: bool, at: datetime) -> Fact:
    """The last answer counts, in whatever order they become known."""
    if fact.satisfied_at and at < fact.satisfied_at:
        return fact
    return replace(fact, satisfied=satisfied, satisfied_at=at)


def _clock_started(fact: Fact, event: ClockStarted) -> Fact:
    clock = Clock(event.limit_id, event.milestone_to, of_part=event.part_id is not None)
    return replace(fact, clocks={**fact.clocks, event.clock_id: clock})


def _clock_breached(fact: Fact, event: ClockBreached) -> Fact:
    clock = replace(fact.clocks[event.clock_id], missed_at=event.due_at)
    return replace(fact, clocks={**fact.clocks, event.clock_id: clock})


def _clock_met(fact: Fact, event: ClockMet) -> Fact:
    """A milestone that was reported after the breach may have been reached in time; then nothing was missed."""
    clock = fact.clocks[event.clock_id]
    missed_at = None if event.in_time else clock.missed_at or event.due_at
    return replace(fact, clocks={**fact.clocks, event.clock_id: replace(clock, missed_at=missed_at)})


def _clock_moved(fact: Fact, event: ClockMoved) -> Fact:
    """Extended, and the complainant told in time: a breach that was noted meanwhile is withdrawn (SL-5)."""
    if event.reason != "extended":
        return fact
    clock = replace(fact.clocks[event.clock_id], missed_at=None)
    return replace(fact, clocks={**fact.clocks, event.clock_id: clock})


_LESSONS: MappingProxyType[type[Event], Callable[[Fact, Any], Fact]] = MappingProxyType(
    {
        ComplaintRegistered: _registered,
        CaseOpened: _opened,
        CaseAssigned: _assigned,
        CaseTransferred: _transferred,
        CaseReclassified: _reclassified,
        MilestoneReached: _reached,
        CaseClosed: _closed,
        CaseReopened: _reopened,
        CaseLinked: _linked,
        CaseUnlinked: _unlinked,
        CaseGrouped: _grouped,
        SurveyAnswered: _answered,
        ClockStarted: _clock_started,
        ClockBreached: _clock_breached,
        ClockMet: _clock_met,
        ClockMoved: _clock_moved,
    }
)
