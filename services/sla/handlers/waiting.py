"""Clocks that wait for somebody who is not of the house, and go on when the wait is over (SL-6)."""

from dataclasses import replace

from libs.common.events.dispatch import CasePaused, CaseResumed
from libs.common.events.sla import RESUMED
from libs.common.unit_of_work import Work
from services.sla.domain.clocks import State, pause
from services.sla.domain.waiting import Pause, waiting_since
from services.sla.handlers.cases import known_case
from services.sla.handlers.clocks import due_of, move_clock, say_paused
from services.sla.store import Store


def pause_case(event: CasePaused, work: Work[Store]) -> None:
    """Limits that wait for this party stop counting at `since`; their alarms go until they count again.

    A limit that has passed stays passed, and a clock that waits already waits on.
    """
    case, store = known_case(work, event.subject), work.store
    history = store.histories.of(case.complaint_id)
    if any(each.pause_id == event.pause_id for each in history.pauses):
        return
    begun = Pause(
        pause_id=event.pause_id,
        part_id=event.part_id,
        waits_for=event.waits_for,
        began_at=event.since,
        reason=event.reason,
    )
    store.histories.add_pause(case.complaint_id, begun)
    history = replace(history, pauses=[*history.pauses, begun])
    procedure = store.rules.procedure(case.procedure_version)
    for clock in store.clocks.take(case.complaint_id):
        limit = procedure.limit(clock.limit_id)
        since = waiting_since(limit, clock.started_at, history.of_part(clock.part_id).pauses) if limit else None
        if limit is None or since is None or (waits := pause(clock, since)) == clock:
            continue
        store.clocks.save_paused(waits)
        due = due_of(work, case, clock, limit, history)
        store.clocks.explain(clock.clock_id, due)
        store.alarms.withdraw(clock.clock_id)
        say_paused(work, case.complaint_id, waits, limit, history)


def resume_case(event: CaseResumed, work: Work[Store]) -> None:
    """Clocks that wait for nobody any more run on, with as much time left as they had when they paused."""
    case, store = known_case(work, event.subject), work.store
    history = store.histories.of(case.complaint_id)
    ended = next((each for each in history.pauses if each.pause_id == event.pause_id), None)
    if ended is None or ended.ended_at is not None:
        return
    over = replace(ended, ended_at=max(event.resumed_at, ended.began_at))
    store.histories.end_pause(event.pause_id, max(event.resumed_at, ended.began_at))
    history = replace(history, pauses=[over if each is ended else each for each in history.pauses])
    procedure = store.rules.procedure(case.procedure_version)
    for clock in store.clocks.take(case.complaint_id):
        limit = procedure.limit(clock.limit_id)
        if limit is None or clock.state is not State.PAUSED:
            continue
        if waiting_since(limit, clock.started_at, history.of_part(clock.part_id).pauses) is None:
            due = due_of(work, case, clock, limit, history)
            move_clock(work, case, clock, limit, due, RESUMED)
