"""Who has to do with a case, as dispatch tells it: they alone may see the complainant unmasked (PR-1)."""

from libs.common.events.dispatch import CaseAlerted, CaseAssigned, CaseEscalated, CaseSummoned, GroupLed, PartChanged
from libs.common.unit_of_work import Work
from services.intake.store import Store

HOLDERS, CALLED, LEADER = "holders", "called", "leader"
DROPPED = "dropped"


def keep_holders(event: CaseAssigned, work: Work[Store]) -> None:
    """Its three responsible people and its department; who had it before has no more to do with it."""
    people = (event.assignee_id, event.head_id, event.coordinator_id)
    work.store.circles.put(event.subject, HOLDERS, people, [event.department])


def keep_part(event: PartChanged, work: Work[Store]) -> None:
    """A department handles a part of it, until the part is dropped."""
    if event.state == DROPPED:
        work.store.circles.put(event.subject, str(event.part_id), (), ())
    else:
        people = (event.assignee_id, event.head_id)
        work.store.circles.put(event.subject, str(event.part_id), people, [event.department])


def keep_leader(event: GroupLed, work: Work[Store]) -> None:
    """Of the joint group (DI-5); who led it before does no more."""
    work.store.circles.put(event.subject, LEADER, [event.person_id], ())


def join_alerted(event: CaseAlerted, work: Work[Store]) -> None:
    work.store.circles.join(event.subject, CALLED, event.people)


def join_called_in(event: CaseEscalated, work: Work[Store]) -> None:
    work.store.circles.join(event.subject, CALLED, event.people)


def join_summoned(event: CaseSummoned, work: Work[Store]) -> None:
    work.store.circles.join(event.subject, CALLED, [event.person_id])
