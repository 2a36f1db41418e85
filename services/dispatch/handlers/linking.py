"""A case belongs with another (IN-8, DI-12)."""

from uuid import UUID

from libs.common.events.dispatch import CaseLinked
from libs.common.unit_of_work import Work
from services.dispatch.handlers.handling import say
from services.dispatch.store import Store

MERGED_INTO, FOLLOWS, REPEATS = "merged_into", "follows", "repeats"


def link(work: Work[Store], complaint_id: UUID, other_id: UUID, relation: str, by: UUID | None) -> None:
    """`by` None: the complaint came so, or was found to."""
    work.store.steps.add_link(complaint_id=complaint_id, other_id=other_id, relation=relation, at=work.now, by_id=by)
    say(work, complaint_id, CaseLinked, other_id=other_id, relation=relation)
