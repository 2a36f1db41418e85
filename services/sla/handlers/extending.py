"""More time for a limit, which holds only if the complainant was told before the old one ended (SL-5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from libs.common.events.dispatch import ExtensionGranted
from libs.common.events.notify import NoticeDelivered
from libs.common.inbox import NotYetKnown
from libs.common.unit_of_work import Work
from services.sla.domain.case import Case
from services.sla.domain.clocks import Clock, State
from services.sla.domain.deadlines import Deadline
from services.sla.domain.waiting import Extension, History
from services.sla.handlers.cases import known_case
from services.sla.handlers.clocks import due_of, move_clock, say_moved
from services.sla.store import Store


def grant_extension(event: ExtensionGranted, work: Work[Store]) -> None:
    """Keep it; told already, it holds at once, else the limit still ends at its old end until they are told."""
    case = known_case(work, event.subject)
    history = work.store.histories.of(case.complaint_id)
    if any(each.extension_id == event.extension_id for each in history.extensions):
        return
    granted = Extension(
        extension_id=event.extension_id,
        limit_id=event.limit_id,
        round=case.round,
        old_due_at=event.old_due_at,
        due_at=event.due_at,
        granted_at=event.occurred_at,
        granted_by=event.by,
        reason=event.reason,
    )
    clocks = _clocks_of(granted, work, case)
    if event.told:
        granted = granted.told(event.occurred_at, _end_of(granted, clocks, event.occurred_at))
    work.store.histories.add_extension(case.complaint_id, granted)
    _apply(work, case, clocks, granted, replace(history, extensions=[*history.extensions, granted]))


def hear_of_telling(event: NoticeDelivered, work: Work[Store]) -> None:
    """The complainant was told of an extension; when the notice arrived decides, not when it is heard of here.

    Raises NotYetKnown while the extension itself has not arrived.
    """
    if event.kind != "extension" or event.to != "complainant" or event.about is None:
        return
    case = known_case(work, event.subject)
    history = work.store.histories.of(case.complaint_id)
    waiting = next((each for each in history.extensions if each.extension_id == event.about), None)
    if waiting is None:
        raise NotYetKnown("the extension")
    if waiting.told_at is not None:
        return
    clocks = _clocks_of(waiting, work, case)
    told = waiting.told(event.occurred_at, _end_of(waiting, clocks, event.occurred_at))
    work.store.histories.save_telling(told)
    extensions = [told if each is waiting else each for each in history.extensions]
    _apply(work, case, clocks, told, replace(history, extensions=extensions))


def _clocks_of(granted: Extension, work: Work[Store], case: Case) -> list[Clock]:
    """The open clocks that it is for."""
    clocks = work.store.clocks.take(case.complaint_id)
    its = (granted.limit_id, granted.round)
    return [clock for clock in clocks if clock.is_open and (clock.limit_id, clock.round) == its]


def _end_of(granted: Extension, clocks: Sequence[Clock], at: datetime) -> datetime:
    """The old end, by which the complainant must be told. A limit that waits at `at` does not end meanwhile."""
    ends = [max(at, clock.due_at) if clock.state is State.PAUSED else clock.due_at for clock in clocks]
    return min(ends, default=granted.old_due_at)


def _apply(work: Work[Store], case: Case, clocks: Sequence[Clock], granted: Extension, history: History) -> None:
    limit = work.store.rules.procedure(case.procedure_version).limit(granted.limit_id)
    if limit is None:
        return
    for clock in clocks:
        due = due_of(work, case, clock, limit, history)
        if not granted.in_time or due.due_at <= clock.due_at:
            work.store.clocks.explain(clock.clock_id, due)
        elif clock.state is State.PAUSED:
            _move_while_it_waits(work, case, clock, due)
        else:
            work.store.breaches.remove(clock.clock_id)
            move_clock(work, case, clock, limit, due, "extended")


def _move_while_it_waits(work: Work[Store], case: Case, clock: Clock, due: Deadline) -> None:
    """It gets its alarms when the wait is over."""
    work.store.clocks.move(replace(clock, due_at=due.due_at, warn_at=due.warn_at), due)
    say_moved(work, case, clock, due.due_at, "extended")
