"""Keeping up with the others: tenants, cases and their people, and the limits that run."""

from uuid import UUID

from libs.common.events import Event
from libs.common.events.dispatch import (
    CaseAlerted,
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseGrouped,
    CaseLinked,
    CaseOpened,
    CasePaused,
    CaseReclassified,
    CaseReopened,
    CaseSummoned,
    CaseUnlinked,
    ExtensionGranted,
    MessageReceived,
    MilestoneReached,
    PartChanged,
    ResultGiven,
)
from libs.common.events.sla import (
    RESUMED,
    ClockBreached,
    ClockMet,
    ClockMoved,
    ClockPaused,
    ClockStarted,
    ClockStopped,
    ClockWarned,
)
from libs.common.events.tenants import PersonChanged, ProcedurePublished, TenantCreated
from libs.common.inbox import NotYetKnown
from libs.common.unit_of_work import Work
from services.notify.domain.notice import COMPLAINANT, not_named_to, result_of
from services.notify.handlers import surveying
from services.notify.handlers.planning import About, Case, people, plan_notices, responsible
from services.notify.store import Store

MERGED_INTO = "merged_into"


def welcome_tenant(event: TenantCreated, work: Work[Store]) -> None:
    """In whose name notices go out, and when it is night there."""
    work.store.known.keep_tenant(slug=event.slug, name=event.name, time_zone=event.time_zone)


def keep_procedure(event: ProcedurePublished, work: Work[Store]) -> None:
    work.store.procedures.keep(event)


def keep_person(event: PersonChanged, work: Work[Store]) -> None:
    work.store.known.keep_person(event.person_id, list(event.roles), event.active)


def open_case(event: CaseOpened, work: Work[Store]) -> None:
    """Acknowledge the complaint. Raises NotYetKnown until the tenant and its Procedure are known."""
    if work.store.known.tenant() is None:
        raise NotYetKnown("the tenant")
    work.store.procedures.version(event.procedure_version)
    if work.store.cases.find(event.subject) is None:
        work.store.cases.add(
            complaint_id=event.subject,
            number=event.number,
            procedure_version=event.procedure_version,
            language=event.language,
            category=event.category,
            urgency=event.urgency,
            department=event.department,
            anonymous=event.anonymous,
        )
    plan_notices(work, _case(event, work), "registered", [("complainant", None)])


def assign_case(event: CaseAssigned, work: Work[Store]) -> None:
    """Tell those to whom it is new that they are on the case. The first of them also learn that it was registered."""
    before = responsible(_case(event, work))
    work.store.cases.change(
        event.subject,
        department=event.department,
        assignee_id=event.assignee_id,
        head_id=event.head_id,
        coordinator_id=event.coordinator_id,
    )
    case = _case(event, work)
    plan_notices(work, case, "assigned", [each for each in responsible(case) if each not in before])
    if not before:
        plan_notices(work, case, "registered", responsible(case), managers_too=False)


def reclassify_case(event: CaseReclassified, work: Work[Store]) -> None:
    work.store.cases.change(event.subject, category=event.category, urgency=event.urgency, department=event.department)


def group_case(event: CaseGrouped, work: Work[Store]) -> None:
    """The rules for group events may have made it more urgent, or another department's."""
    work.store.cases.change(event.subject, urgency=event.urgency, department=event.department)


def close_case(event: CaseClosed, work: Work[Store]) -> None:
    """Who took the complaint back is not asked about it again."""
    work.store.cases.change(event.subject, closed_at=event.closed_at)
    if event.outcome == "withdrawn":
        work.store.surveys.remind_no_more(event.subject)


def reach_milestone(event: MilestoneReached, work: Work[Store]) -> None:
    """Time to ask whether the complainant is satisfied (NO-5); or staff have heard it from them already."""
    case = _case(event, work)
    if event.milestone == work.store.procedures.version(case["procedure_version"]).survey.after:
        surveying.ask(work, case)
    if event.milestone == "surveyed":
        work.store.surveys.remind_no_more(event.subject)


def reopen_case(event: CaseReopened, work: Work[Store]) -> None:
    """The case begins again (DI-12), and everybody learns it; in the new round there is a new survey."""
    work.store.cases.change(event.subject, closed_at=None, round=event.round, result=None, prevention=None)
    work.store.surveys.remind_no_more(event.subject)
    case = _case(event, work)
    plan_notices(work, case, "reopened", [("complainant", None), *responsible(case)])


def tell_waiting(event: CasePaused, work: Work[Store]) -> None:
    """An outside party keeps the case waiting: the complainant is told for whom and why (DI-9)."""
    if event.waits_for == "third_party":
        about = About(about_id=event.pause_id, party=event.party, explanation=event.reason)
        plan_notices(work, _case(event, work), "waiting", [("complainant", None)], about)


def tell_extended(event: ExtensionGranted, work: Work[Store]) -> None:
    """It takes longer: the complainant is told until when and why, unless they know (SL-5)."""
    if event.told:
        return
    about = About(
        limit_id=event.limit_id,
        ends_at=event.old_due_at,
        new_ends_at=event.due_at,
        about_id=event.extension_id,
        explanation=event.reason,
    )
    plan_notices(work, _case(event, work), "extended", [("complainant", None)], about)


def alert_people(event: CaseAlerted, work: Work[Store]) -> None:
    """Those whom the rules want to know of the case at once (DI-1)."""
    recipients = [("called_in", person_id) for person_id in event.people]
    plan_notices(work, _case(event, work), "alerted", recipients)


def summon_person(event: CaseSummoned, work: Work[Store]) -> None:
    """Somebody has to acknowledge the case by a time (DI-8)."""
    recipients = [("called_in", event.person_id)]
    plan_notices(work, _case(event, work), "summoned", recipients, About(ends_at=event.acknowledge_by))


def tell_message(event: MessageReceived, work: Work[Store]) -> None:
    """The complainant added something: who has the case learns it, of a closed one whose business it was (IN-10)."""
    case = _case(event, work)
    assignee = None if case["closed_at"] else case["assignee_id"]
    plan_notices(work, case, "message", people(assignee, case["head_id"], case["coordinator_id"])[:1])


def tell_result(event: ResultGiven, work: Work[Store]) -> None:
    """What was done, and how it will not happen again (DI-11). Also to those whose complaints were merged into this
    one, each with their own number and language (IN-8)."""
    case = _case(event, work)
    work.store.cases.change(event.subject, result=event.text, prevention=event.prevention)
    told = About(result=result_of(event.text, event.prevention, case["language"]))
    plan_notices(work, case, "result", [("complainant", None), *responsible(case)], told)
    for merged in work.store.cases.merged_into(event.subject):
        _tell_merged(work, merged, event.text, event.prevention)


def merge_case(event: CaseLinked, work: Work[Store]) -> None:
    """Another case goes on for this one. Is the result known there already, its complainant is told it now."""
    if event.relation != MERGED_INTO:
        return
    case = _case(event, work)
    work.store.cases.change(event.subject, merged_into=event.other_id)
    other = work.store.cases.find(event.other_id)
    if other is None:
        raise NotYetKnown("the case that it was merged into")
    if other["result"]:
        for each in (case, *work.store.cases.merged_into(event.subject)):
            _tell_merged(work, each, other["result"], other["prevention"])


def _tell_merged(work: Work[Store], merged: Case, result: str, prevention: str | None) -> None:
    told = About(result=result_of(result, prevention, merged["language"]))
    plan_notices(work, merged, "result", [("complainant", None)], told, managers_too=False)


def take_apart(event: CaseUnlinked, work: Work[Store]) -> None:
    """It was merged wrongly: what comes of the other one is none of its complainant's."""
    if event.relation == MERGED_INTO:
        work.store.cases.change(event.subject, merged_into=None)


def alert_escalated(event: CaseEscalated, work: Work[Store]) -> None:
    """Those called in, and whoever else the Procedure wants to know."""
    case = _case(event, work)
    recipients = [*(("called_in", person_id) for person_id in event.people), *responsible(case)]
    plan_notices(work, case, "escalated", recipients, About(event.limit_id, event.due_at))


def start_clock(event: ClockStarted, work: Work[Store]) -> None:
    """A time that can be promised: what waited for one goes out now."""
    work.store.cases.start_clock(
        complaint_id=event.subject,
        clock_id=event.clock_id,
        limit_id=event.limit_id,
        milestone_to=event.milestone_to,
        ends_at=event.due_at,
        of_part=event.part_id is not None,
    )
    if event.part_id is None and event.milestone_to not in not_named_to(COMPLAINANT):
        work.store.deliveries.hurry(event.subject, work.now)


def pause_clock(event: ClockPaused, work: Work[Store]) -> None:
    """Its end is not known while it waits, so nobody is promised it (SL-6)."""
    work.store.cases.change_clock(event.clock_id, waits=True)


def move_clock(event: ClockMoved, work: Work[Store]) -> None:
    """What is extended while it waits still waits."""
    over = {"waits": False} if event.reason == RESUMED else {}
    work.store.cases.change_clock(event.clock_id, ends_at=event.due_at, **over)


def end_clock(event: ClockMet | ClockStopped, work: Work[Store]) -> None:
    work.store.cases.change_clock(event.clock_id, ended=True)


def alert_warned(event: ClockWarned, work: Work[Store]) -> None:
    """The limit is near (SL-3)."""
    case = _case(event, work)
    plan_notices(work, case, "warned", _whose(event, case), About(event.limit_id, event.due_at))


def alert_breached(event: ClockBreached, work: Work[Store]) -> None:
    """The limit has passed (SL-4)."""
    case = _case(event, work)
    plan_notices(work, case, "breached", _whose(event, case), About(event.limit_id, event.due_at))


def tell_sharing(event: PartChanged, work: Work[Store]) -> None:
    """Another department has a part of the case (DI-5): whoever got it learns that as who gets a case does."""
    if event.state == "assigned" and not event.lead:
        plan_notices(work, _case(event, work), "assigned", people(event.assignee_id, event.head_id), managers_too=False)


def _whose(event: ClockWarned | ClockBreached, case: Case) -> list[tuple[str, UUID | None]]:
    """Whose limit it is: the people on the case, or with the coordinator those on the part."""
    if event.part_id is None:
        return responsible(case)
    return people(event.assignee_id, event.head_id, case["coordinator_id"])


def _case(event: Event, work: Work[Store]) -> Case:
    case = work.store.cases.find(event.subject)
    if case is None:
        raise NotYetKnown("the case")
    return case
