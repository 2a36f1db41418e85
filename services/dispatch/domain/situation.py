"""A case under its Procedure at one moment: all that the rules of its steps look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any
from uuid import UUID

from libs.common.procedure.document import Procedure, Step
from libs.common.procedure.oversight import Approval, Lane
from services.dispatch.domain.case import ASSIGNED, OPEN, Case
from services.dispatch.domain.compensation import Compensation, Money
from services.dispatch.domain.permissions import Actor
from services.dispatch.domain.sampling import drawn

NOTHING_GIVEN: Mapping[str, Any] = MappingProxyType({})
ASKED = "asked"
GRANTED, DECLINED = "granted", "declined"  # extensions
APPROVED, RETURNED = "approved", "returned"
LAPSED = "lapsed"  # approved, and what it was about was revised since
AFTER_CLOSING = ("surveyed", "effect_checked", "archived")  # may be reached on a closed case
ARCHIVED = "archived"  # only there


@dataclass(frozen=True)
class Wait:
    """Whom the case waits for now (SL-6, DI-9): `complainant` or `third_party`."""

    pause_id: UUID
    waits_for: str


@dataclass(frozen=True, kw_only=True)
class Extension:
    """An extension somebody asked for (SL-5): `asked`, `granted` or `declined`."""

    extension_id: UUID
    limit_id: str
    due_at: datetime
    reason: str
    told: bool
    state: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What was done on a case beside its milestones.

    `wait` None: it waits for nobody. `running` are its limits that have not passed, with the end of the one
    that ends first; `approvals` those of this round, by the id of the Procedure's approval: asked, approved,
    returned or lapsed; `asked_by` who asked for them last. `finding` None: intake was not checked (IN-9).
    """

    wait: Wait | None = None
    running: Mapping[str, datetime] = field(default_factory=dict)
    extensions: tuple[Extension, ...] = ()
    approvals: Mapping[str, str] = field(default_factory=dict)
    asked_by: Mapping[str, UUID] = field(default_factory=dict)
    finding: str | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A case and what its Procedure says of it at the moment `at`: its steps in order, each milestone once,
    and the approvals it needs. `zone` is the tenant's; `present` are those who could decide what was asked for."""

    case: Case
    procedure: Procedure
    steps: tuple[Step, ...]
    approvals: tuple[Approval, ...]
    progress: Progress
    at: datetime
    zone: tzinfo
    money: Money = Money()
    present: tuple[Actor, ...] = ()

    @property
    def departments(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.procedure.departments)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        return self.procedure.lanes

    @property
    def reached(self) -> frozenset[str]:
        """The milestones that count now: whoever was given the case has yet to accept it (DI-6)."""
        given = self.case.state in (OPEN, ASSIGNED)
        return self.case.reached - {"accepted"} if given else self.case.reached

    @property
    def only_after_closing(self) -> tuple[str, ...]:
        """The archive, and what the Procedure lists after `closed`."""
        names = [step.milestone for step in self.steps]
        return (ARCHIVED, *(names[names.index("closed") + 1 :] if "closed" in names else ()))

    def may_be_reached(self, milestone: str | None) -> bool:
        """Whether now is the time for it: before the end, or after it."""
        if self.case.closed:
            return milestone in (*AFTER_CLOSING, *self.only_after_closing)
        return milestone not in self.only_after_closing

    def step(self, milestone: str) -> Step | None:
        return next((step for step in self.steps if step.milestone == milestone), None)


def situation(
    case: Case,
    procedure: Procedure,
    progress: Progress,
    at: datetime,
    zone: tzinfo,
    promised: Sequence[Compensation] = (),
    present: Sequence[Actor] = (),
) -> Situation:
    """Only steps and approvals whose condition holds for the case as it is now (DI-7), and of the steps that a
    share of the cases needs only those it was drawn for (DI-14)."""
    facts, steps = case.facts(zone), dict[str, Step]()
    for step in procedure.steps:
        if step.when.matches(facts) and drawn(step.share, case.complaint_id):
            steps.setdefault(step.milestone, step)
    approvals = tuple(each for each in procedure.approvals if each.when.matches(facts))
    return Situation(
        case=case,
        procedure=procedure,
        steps=tuple(steps.values()),
        approvals=approvals,
        progress=progress,
        at=at,
        zone=zone,
        money=Money(procedure.compensation, tuple(promised)),
        present=tuple(present),
    )
