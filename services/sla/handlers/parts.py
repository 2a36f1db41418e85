"""The clocks of each department's part of a case (DI-5)."""

from libs.common.events.dispatch import PartChanged
from libs.common.unit_of_work import Work
from services.sla.domain.case import Case, Part, limits_that_hold
from services.sla.handlers.cases import known_case
from services.sla.handlers.clocks import meet_clocks, start_clock, stop_clocks
from services.sla.store import Store


def change_part(event: PartChanged, work: Work[Store]) -> None:
    """A part's limits count from when the department got it, and are met by its accepting and carrying out.

    Once the part is over, those not met stop; given again, they begin anew. In other hands of the same
    department they run on.
    """
    case, store = known_case(work, event.subject), work.store
    before = store.parts.find(event.part_id)
    known = before or Part(part_id=event.part_id, complaint_id=case.complaint_id, department="", state="")
    known = known.given_to(event.department, event.assignee_id, event.head_id, event.occurred_at)
    part = known.moved_on(event.state, event.at)
    if before is None:
        store.parts.add(part)
    else:
        store.parts.save(part)
    if part.reached != known.reached:
        _reach(work, case, part, event)


def _reach(work: Work[Store], case: Case, part: Part, event: PartChanged) -> None:
    """The part has come into this state just now."""
    clocks = [clock for clock in work.store.clocks.take(case.complaint_id) if clock.part_id == part.part_id]
    running = [clock for clock in clocks if clock.is_open]
    awaited = [clock for clock in running if clock.milestone_to == part.state]
    meet_clocks(work, case, awaited, event.at, part)
    if part.is_over:  # what it never came to, as accepting what was simply carried out, is not owed any more
        stop_clocks(work, case, [clock for clock in running if clock not in awaited], event.at, part.state)
    procedure = work.store.rules.procedure(case.procedure_version)
    history = work.store.histories.of(case.complaint_id)
    for limit in limits_that_hold(case, procedure, work.store.rules.zone(), part):
        if limit.milestone_from == part.state:
            start_clock(work, case, procedure, limit, history, part)
