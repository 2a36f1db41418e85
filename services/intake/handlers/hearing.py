"""Keeping up with the others: who the tenants are, and how far each complaint is."""

from libs.common.events.dispatch import (
    CaseClosed,
    CaseLinked,
    CasePaused,
    CaseReopened,
    CaseResumed,
    CaseUnlinked,
    MilestoneReached,
    ResultGiven,
)
from libs.common.events.sla import RESUMED, ClockMet, ClockMoved, ClockPaused, ClockStarted, ClockStopped
from libs.common.events.tenants import PlaceChanged, ProcedurePublished, TenantCreated
from libs.common.procedure.vocabulary import INTERNAL
from libs.common.unit_of_work import Work
from services.intake.domain import handback
from services.intake.handlers.handbacks import begin_round, stand, stand_by_result
from services.intake.handlers.likeness import REPEATS, dissolve
from services.intake.store import Store

MERGED_INTO = "merged_into"
SHOWN = ("accepted", "contacted", "on_site", "first_measures", "verified", "planned", "carried_out", "closed")


def welcome_tenant(event: TenantCreated, work: Work[Store]) -> None:
    """From now on complaints may come in under the tenant's public name."""
    work.store.known.keep_tenant(
        slug=event.slug,
        name=event.name,
        language=event.language,
        time_zone=event.time_zone,
        country=event.country,
    )


def keep_procedure(event: ProcedurePublished, work: Work[Store]) -> None:
    work.store.procedures.keep(event)


def keep_place(event: PlaceChanged, work: Work[Store]) -> None:
    about = {"name": event.name, "label": event.label, "kind": event.kind, "parent_id": event.parent_id}
    work.store.known.keep_place(event.place_id, **about)


def keep_merged(event: CaseLinked, work: Work[Store]) -> None:
    """From now on its complainant sees how far the case is that goes on for both (IN-8)."""
    if event.relation == MERGED_INTO:
        work.store.complaints.change(event.subject, merged_into=event.other_id, merged_at=event.occurred_at)


def take_apart(event: CaseUnlinked, work: Work[Store]) -> None:
    """It does not belong with the other one: it was merged wrongly, or does not repeat it."""
    if event.relation == MERGED_INTO:
        work.store.complaints.change(event.subject, merged_into=None, merged_at=None)
    elif event.relation == REPEATS:
        dissolve(event, work)


def show_milestone(event: MilestoneReached, work: Work[Store]) -> None:
    """The complainant sees the steps that concern them; after a withdrawal the stage stays what it is."""
    if event.milestone in SHOWN:
        work.store.progress.reached(event.subject, event.milestone, event.reached_at)
        work.store.complaints.move_to(event.subject, event.milestone)
    if event.milestone == handback.ACCEPTED:
        stand(work, event.subject, handback.ACCEPTED, event.reached_at)


def show_promise(event: ClockStarted, work: Work[Store]) -> None:
    """The earliest running limit is what the complainant may count on (NO-2), but for the house's own (DI-5)."""
    if event.part_id is not None or event.milestone_to in INTERNAL:
        return
    work.store.progress.promise(event.subject, event.clock_id, event.due_at)


def set_promise_aside(event: ClockPaused, work: Work[Store]) -> None:
    """While its limit waits, its end is not known (SL-6)."""
    work.store.progress.set_aside(event.subject, event.clock_id, event.waits_for)


def move_promise(event: ClockMoved, work: Work[Store]) -> None:
    """What is extended while it waits still waits; only the end of the wait makes it a promise again."""
    work.store.progress.move_promise(event.subject, event.clock_id, event.due_at)
    if event.reason == RESUMED:
        work.store.progress.take_up(event.subject, event.clock_id)


def end_promise(event: ClockMet | ClockStopped, work: Work[Store]) -> None:
    """The limit was kept or no longer applies: the next one is what counts."""
    work.store.progress.end_promise(event.subject, event.clock_id)


def show_result(event: ResultGiven, work: Work[Store]) -> None:
    work.store.complaints.change(event.subject, result=event.text, prevention=event.prevention)
    stand_by_result(work, event.subject, event.text, event.occurred_at)


def show_closed(event: CaseClosed, work: Work[Store]) -> None:
    work.store.progress.reached(event.subject, "closed", event.closed_at)
    work.store.complaints.change(event.subject, stage="closed", closed_at=event.closed_at)
    stand(work, event.subject, handback.CLOSED, event.closed_at)


def keep_waiting(event: CasePaused, work: Work[Store]) -> None:
    """Each wait is told to the outside, not only the first (DI-16); what one part waits for stays inside."""
    if event.part_id is None:
        stand(work, event.subject, handback.WAITING, event.since, str(event.pause_id))


def keep_going_on(event: CaseResumed, work: Work[Store]) -> None:
    if event.part_id is None:
        stand(work, event.subject, handback.IN_PROGRESS, event.resumed_at, str(event.pause_id))


def show_reopened(event: CaseReopened, work: Work[Store]) -> None:
    """It is open again, and what must be reached anew is ahead again (DI-12); a withdrawal stays one."""
    work.store.progress.begin_again(event.subject, ("closed", *event.again))
    work.store.progress.reached(event.subject, "reopened", event.reopened_at)
    work.store.complaints.open_again(event.subject, "reopened")
    begin_round(work, event.subject, event.round, event.reopened_at)
