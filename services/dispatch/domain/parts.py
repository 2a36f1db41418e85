"""A department's part of a case (DI-5): the leading department's, and those of the joint handling group."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

ASSIGNED = "assigned"
ACCEPTED = "accepted"
REFUSED = "refused"  # the department's head holds it
CARRIED_OUT = "carried_out"
DROPPED = "dropped"
OPEN_STATES = (ASSIGNED, ACCEPTED, REFUSED)


def of_the_lead(state: str, reached: Collection[str]) -> str:
    """The leading part's state when the case changes hands: what the case has carried out stays carried out, since
    nobody could report it a second time in this round."""
    return CARRIED_OUT if CARRIED_OUT in reached else state


@dataclass(frozen=True, kw_only=True)
class Part:
    """One department's share. `lead`: the part of the department that has the case, which moves with the case.

    `assignee_id` None: nobody was on duty; `head_id` None: the department has no head; `pause_id` None: it waits for
    nobody by itself (SL-6).
    """

    part_id: UUID
    department: str
    lead: bool
    state: str
    assignee_id: UUID | None
    head_id: UUID | None
    pause_id: UUID | None = None

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES
