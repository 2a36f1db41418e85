"""Calling the people of a lane until one acknowledges the case (DI-8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from libs.common.procedure.duration import Span


@dataclass(frozen=True, kw_only=True)
class Summons:
    """One call. `person_id` None: the lane had nobody then, it is tried again at `acknowledge_by`.

    `turn` counts the calls of the lane from 1, `round` how often its list was begun. `open`: nobody of the lane
    has acknowledged the case, the case is not closed, and no later call took this one's place.
    """

    summons_id: UUID
    lane: str
    turn: int
    round: int
    person_id: UUID | None
    acknowledge_by: datetime
    open: bool


@dataclass(frozen=True)
class NextCall:
    """Whom to call. `in_vain`: nobody is left of this round, or there is nobody at all, an incident."""

    person_id: UUID | None
    round: int
    in_vain: bool


def next_call(people: Sequence[UUID], called: Sequence[Summons]) -> NextCall:
    """The first of the lane's present people not called in this round; after the last again the first."""
    this_round = max((each.round for each in called), default=1)
    passed = {each.person_id for each in called if each.round == this_round}
    waiting = [each for each in people if each not in passed]
    if waiting:
        return NextCall(waiting[0], this_round, in_vain=False)
    return NextCall(people[0] if people else None, this_round + bool(people), in_vain=True)


def answer_due(called_at: datetime, within: Span) -> datetime:
    """When the next is called. A lane waits by the clock, in minutes or hours, through nights and holidays."""
    return called_at + timedelta(minutes=within.nominal_minutes)
