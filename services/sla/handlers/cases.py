"""What happens to a case, and what that does to its clocks (SL-1, SL-7, SL-8)."""

from dataclasses import replace
from uuid import UUID

from libs.common.events.dispatch import (
    CaseAssigned,
    CaseClosed,
    CaseGrouped,
    CaseOpened,
    CaseReclassified,
    CaseReopened,
    CaseTransferred,
    MilestoneReached,
)
from libs.common.inbox import NotYetKnown
from libs.common.unit_of_work import Work
from services.sla.domain.case import REOPENED, Case, goes_on_after_closing, kept_until, limits_that_hold
from services.sla.handlers.clocks import meet_clocks, start_clock, stop_clocks
from services.sla.handlers.recomputing import recompute
from services.sla.store import Store


def start_case(event: CaseOpened, work: Work[Store]) -> None:
    """Received and registered lie behind; every limit that counts from them begins to run (SL-1).

    Raises NotYetKnown while the tenant or its Procedure has not arrived.
    """
    case = Case(
        complaint_id=event.subject,
        procedure_version=event.procedure_version,
        channel=event.channel,
        category=event.category,
        urgency=event.urgency,
        department=event.department,
        major=event.major,
        vip=event.vip,
        complex=event.complex,
        group=event.group,
        anonymous=event.anonymous,
        reached={"received": event.received_at, "registered": event.registered_at},
    )
    rules = work.store.rules
    procedure = rules.procedure(case.procedure_version)
    limits = limits_that_hold(case, procedure, rules.zone())
    work.store.cases.add(case)
    for limit in limits:
        start_clock(work, case, procedure, limit)


def reach_milestone(event: MilestoneReached, work: Work[Store]) -> None:
    """Clocks to this milestone are met, at the time it was reached, and those from it begin to run.

    That a case is reopened is said with its round, and heard there.
    """
    case = known_case(work, event.subject)
    if event.milestone not in case.reached and event.milestone != REOPENED:
        _reach(work, case.after(event.milestone, event.reached_at), event.milestone)


def assign(event: CaseAssigned, work: Work[Store]) -> None:
    """Who answers for a limit that is not kept from here on (SL-4)."""
    case = known_case(work, event.subject)
    work.store.cases.save(case.given_to(case.department, event.assignee_id, event.head_id, event.occurred_at))


def reclassify(event: CaseReclassified, work: Work[Store]) -> None:
    """Another class has other limits; what is finished is not touched (SL-7)."""
    case = known_case(work, event.subject)
    marks = {name: getattr(event, name) for name in ("major", "vip", "complex", "group")}
    changed = {name: mark for name, mark in marks.items() if mark is not None}
    case = replace(case, category=event.category, urgency=event.urgency, **changed)
    case = case.moved_to(event.department, event.occurred_at)
    recompute(work, case, event.occurred_at, "reclassified")


def group(event: CaseGrouped, work: Work[Store]) -> None:
    """One of many about one thing has the limits of a group event, from when it was received (IN-8)."""
    case = replace(known_case(work, event.subject), group=True, urgency=event.urgency, major=event.major)
    recompute(work, case.moved_to(event.department, event.occurred_at), event.occurred_at, "reclassified")


def transfer(event: CaseTransferred, work: Work[Store]) -> None:
    """The promise to the complainant stays (SL-7): only limits that name a department change hands.

    The receiving department's limits count from the same milestone, so a transfer wins nobody time.
    """
    case = known_case(work, event.subject).moved_to(event.to_department, event.occurred_at)
    recompute(work, case, event.occurred_at, "transferred")


def close(event: CaseClosed, work: Work[Store]) -> None:
    """Clocks stop, but for those of what follows closing: survey, archive, and how long it is kept (SL-8)."""
    case = known_case(work, event.subject)
    if not case.is_closed:
        case = case.after("closed", event.closed_at)
        _reach(work, case, "closed")
    ended = [
        clock
        for clock in work.store.clocks.take(case.complaint_id)
        if clock.is_open and not goes_on_after_closing(clock.milestone_from, clock.milestone_to)
    ]
    stop_clocks(work, case, ended, event.closed_at, "withdrawn" if event.outcome == "withdrawn" else "closed")
    if not work.store.retentions.is_known(case.complaint_id):
        days = work.store.rules.procedure(case.procedure_version).retention.days
        ends_at = kept_until(event.closed_at, days, work.store.rules.zone())
        work.store.retentions.add(case.complaint_id, event.closed_at, ends_at)


def reopen(event: CaseReopened, work: Work[Store]) -> None:
    """Another round begins (DI-12): its own limits run, what was finished stays, nothing is owed twice.

    Limits that count from what must be reached anew, as those that follow closing, stop until it is. A case that was
    merged wrongly has no new round: what its end stopped runs on to the same end.
    """
    case = known_case(work, event.subject)
    if event.round <= case.round:
        return
    work.store.retentions.remove(case.complaint_id)
    if event.taken_out:
        case = case.going_on().moved_to(event.department, event.reopened_at)
        recompute(work, case, event.reopened_at, REOPENED)
        return
    case = case.reopened(event.round, event.again, event.reopened_at).moved_to(event.department, event.reopened_at)
    clocks = [clock for clock in work.store.clocks.take(case.complaint_id) if clock.is_open and clock.part_id is None]
    undone = [clock for clock in clocks if clock.milestone_from not in case.reached]
    stop_clocks(work, case, undone, event.reopened_at, REOPENED)
    _reach(work, case, REOPENED)


def known_case(work: Work[Store], complaint_id: UUID) -> Case:
    """The case, to be changed. Raises NotYetKnown before it was opened."""
    case = work.store.cases.take(complaint_id)
    if case is None:
        raise NotYetKnown("the case")
    return case


def _reach(work: Work[Store], case: Case, milestone: str) -> None:
    """`case` has reached `milestone` just now."""
    work.store.cases.save(case)
    clocks = [clock for clock in work.store.clocks.take(case.complaint_id) if clock.part_id is None]
    awaited = [clock for clock in clocks if clock.is_open and clock.milestone_to == milestone]
    meet_clocks(work, case, awaited, case.reached[milestone])
    procedure = work.store.rules.procedure(case.procedure_version)
    limits = limits_that_hold(case, procedure, work.store.rules.zone())
    beginning = [limit for limit in limits if limit.milestone_from == milestone]
    if beginning:
        history = work.store.histories.of(case.complaint_id)
        for limit in beginning:
            start_clock(work, case, procedure, limit, history)
