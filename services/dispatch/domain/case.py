"""A case as the rules see it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from libs.common.procedure.conditions import Facts
from services.dispatch.domain.chain import Head
from services.dispatch.domain.parts import DROPPED, Part
from services.dispatch.domain.summons import Summons

OPEN = "open"  # nobody has it
ASSIGNED = "assigned"
ACCEPTED = "accepted"
IN_PROGRESS = "in_progress"
RESOLVED = "resolved"  # the result was given
CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One complaint in somebody's hands.

    `reached` are its milestones so far, in a later round without those that must be reached anew (DI-12);
    `round` is 1 until it is reopened. `result_at` None: no result was given yet, in this round; `satisfied`
    None: the complainant did not say. `text` is masked; `head` is the end of its evidence chain. `parts` are all
    departments' parts, `summons` all calls of its lanes, `called` who was alerted to it or called in by a ladder.
    `group_leader_id` None: nobody was named, so the coordinator leads the joint handling group.

    `group_id` None: found to be one of no group event, though a person may have said that it is; `group_by_hand`:
    a person said whether it is. `repeats`: how many earlier ones it was found to repeat.
    """

    complaint_id: UUID
    procedure_version: int
    channel: str
    category: str
    urgency: str
    major: bool
    vip: bool
    claimed_amount: int | None
    place_label: str | None
    text: str
    received_at: datetime
    department: str
    assignee_id: UUID | None
    head_id: UUID | None
    coordinator_id: UUID | None
    state: str
    anonymous: bool = False
    complex: bool = False
    group: bool = False
    group_id: UUID | None = None
    group_by_hand: bool = False
    repeats: int = 0
    round: int = 1
    result_at: datetime | None = None
    closed_at: datetime | None = None
    in_property: str | None = None
    in_building: str | None = None
    in_unit: str | None = None
    outcome: str | None = None
    satisfied: bool | None = None
    reached: frozenset[str] = frozenset()
    head: Head = Head()
    group_leader_id: UUID | None = None
    parts: tuple[Part, ...] = ()
    summons: tuple[Summons, ...] = ()
    called: frozenset[UUID] = frozenset()

    @property
    def closed(self) -> bool:
        return self.state == CLOSED

    @property
    def joint(self) -> tuple[Part, ...]:
        """The parts of other departments that were not dropped (DI-5)."""
        return tuple(part for part in self.parts if not part.lead and part.state != DROPPED)

    @property
    def leader_id(self) -> UUID | None:
        """Who leads the joint handling group; None while there is none, or nobody to lead it (DI-5)."""
        return (self.group_leader_id or self.coordinator_id) if self.joint else None

    def part(self, part_id: UUID) -> Part | None:
        """None when the case has no such part."""
        return next((part for part in self.parts if part.part_id == part_id), None)

    def facts(self, zone: tzinfo) -> Facts:
        """What the Procedure's conditions are asked about; `zone` is the tenant's."""
        return Facts(
            channel=self.channel,
            category=self.category,
            urgency=self.urgency,
            department=self.department,
            major=self.major,
            vip=self.vip,
            complex=self.complex,
            group=self.group,
            anonymous=self.anonymous,
            place_label=self.place_label,
            in_property=self.in_property,
            in_building=self.in_building,
            in_unit=self.in_unit,
            text=self.text,
            claimed_amount=self.claimed_amount,
            received_at=self.received_at.astimezone(zone),
        )
