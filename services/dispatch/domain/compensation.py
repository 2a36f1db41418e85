"""Money promised to a complainant (DI-10): proposed, approved by somebody else, paid against a voucher.

Amounts are minor units of the Procedure's currency. A promise is settled once it is paid, declined or withdrawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from libs.common.procedure.oversight import CompensationRules
from services.dispatch.domain.case import Case
from services.dispatch.domain.permissions import COMPENSATE, SEE, Actor, allowed
from services.dispatch.domain.refusals import NotAcceptable, NotAllowed, NotNow, Refusal

PROPOSED, APPROVED, DECLINED, PAID, WITHDRAWN = STATES = ("proposed", "approved", "declined", "paid", "withdrawn")
SETTLEMENT, ADVANCE = KINDS = ("settlement", "advance")
MOST = 10**15

PROPOSE = "propose_compensation"
APPROVE = "approve_compensation"
DECLINE = "decline_compensation"
PAY = "pay_compensation"
WITHDRAW = "withdraw_compensation"
REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        PROPOSE: ("kind", "amount", "reason"),
        APPROVE: ("compensation_id",),
        DECLINE: ("compensation_id", "reason"),
        PAY: ("compensation_id", "amount"),
        WITHDRAW: ("compensation_id", "reason"),
    }
)
FROM: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {APPROVE: (PROPOSED,), DECLINE: (PROPOSED,), PAY: (APPROVED,), WITHDRAW: (PROPOSED, APPROVED)}
)


@dataclass(frozen=True, kw_only=True)
class Compensation:
    """One promise; `paid` is the sum of its payments, `decided_at` None: nobody has decided yet."""

    id: UUID
    kind: str
    state: str
    amount: int
    currency: str
    proposed_by: UUID
    paid: int = 0
    decided_at: datetime | None = None

    @property
    def unpaid(self) -> int:
        """What is promised and still owed."""
        return self.amount - self.paid if self.state == APPROVED else 0

    @property
    def counts(self) -> int:
        """How much of it counts towards what the case may cost: once withdrawn, what was paid of it."""
        return {DECLINED: 0, WITHDRAWN: self.paid}.get(self.state, self.amount)

    @property
    def settled(self) -> bool:
        return self.state not in (PROPOSED, APPROVED)

    def __str__(self) -> str:
        return f"the {self.kind} of {self.amount} {self.currency} in minor units is {self.state}, {self.paid} paid"


@dataclass(frozen=True)
class Money:
    """What the Procedure says of compensation, and what was promised on this case so far.

    `rules` None: this Procedure pays none.
    """

    rules: CompensationRules | None = None
    entries: tuple[Compensation, ...] = ()

    @property
    def unsettled(self) -> tuple[Compensation, ...]:
        return tuple(entry for entry in self.entries if not entry.settled)

    @property
    def owed(self) -> str:
        """The promises that are not settled, in brackets; empty when there are none."""
        promises = "; ".join(str(each) for each in self.unsettled)
        return f" ({promises})" if promises else ""

    @property
    def advanced(self) -> int:
        """What was asked for in advance and not turned down; a withdrawn one counts as far as it was paid."""
        return sum(entry.counts for entry in self.entries if entry.kind == ADVANCE)

    @property
    def asked(self) -> int:
        """What was asked for on this case and not turned down, advances and settlements together."""
        return sum(entry.counts for entry in self.entries)

    def find(self, id: UUID | None) -> Compensation | None:
        """None when the case has no such promise."""
        return next((entry for entry in self.entries if entry.id == id), None)


def refusal(action: str, actor: Actor, case: Case, money: Money, given: Mapping[str, Any]) -> Refusal | None:
    """Why this person may not take this step with what they give; None when they may.

    A field that is not given is not looked at: `required` asks for it.
    """
    if why := _not_theirs(action, actor, case):
        return NotAllowed(why)
    if money.rules is None:
        return NotNow("The Procedure of this case knows no compensation.")
    if "archived" in case.reached:
        return NotNow("The case is archived.")
    if action == PROPOSE:
        return _not_proposable(case, money, money.rules, given)
    entry = money.find(given.get("compensation_id"))
    if entry is None:
        return NotAcceptable.field("compensation_id", "is no compensation of this case")
    if entry.state not in FROM[action]:
        return NotNow(f"It comes too late or too early: {entry}.")
    if action in (APPROVE, DECLINE) or (action == WITHDRAW and entry.state == APPROVED):
        return _not_to_decide(entry, actor, money, money.rules)
    return _not_payable(entry, case, given) if action == PAY else None


def required(action: str, money: Money) -> tuple[str, ...]:
    """The fields that must be given for it; a payment's voucher where the Procedure wants one."""
    needs_voucher = action == PAY and money.rules is not None and money.rules.voucher
    return (*REQUIRED[action], "voucher_id") if needs_voucher else REQUIRED[action]


def offered(actor: Actor, case: Case, money: Money) -> list[dict[str, Any]]:
    """Every step on the case's compensation that would be accepted from this person now."""
    steps: list[dict[str, Any]] = []
    if refusal(PROPOSE, actor, case, money, {}) is None:
        kinds = [kind for kind in KINDS if _kind_refused(case, money, kind, 1) is None]
        steps.append({"action": PROPOSE, "required": list(required(PROPOSE, money)), "kinds": kinds})
    for entry in money.entries:
        for action in FROM:
            if refusal(action, actor, case, money, {"compensation_id": entry.id}) is None:
                needed = list(required(action, money))
                steps.append({"action": action, "compensation_id": entry.id, "required": needed})
    return steps


def _not_theirs(action: str, actor: Actor, case: Case) -> str | None:
    """A department with a part of the case pays what the leading one promised, and promises nothing itself (DI-5)."""
    why = allowed(SEE if action in (APPROVE, DECLINE) else COMPENSATE, actor, case, action)
    if why and action == PAY:
        parts = (replace(case, department=part.department, assignee_id=part.assignee_id) for part in case.joint)
        return None if any(allowed(COMPENSATE, actor, part, action) is None for part in parts) else why
    return why


def _not_proposable(case: Case, money: Money, rules: CompensationRules, given: Mapping[str, Any]) -> Refusal | None:
    if case.closed:
        return NotNow("The case is closed; what is promised is promised before.")
    if given.get("currency", rules.currency) != rules.currency:
        return NotAcceptable.field("currency", f"is not {rules.currency}, the Procedure's")
    return _kind_refused(case, money, given.get("kind"), given.get("amount") or 1)


def _kind_refused(case: Case, money: Money, kind: str | None, amount: int) -> Refusal | None:
    """An advance (先行赔付) is for the time before the result, and together no more than the Procedure allows."""
    if kind != ADVANCE or money.rules is None:
        return None
    if money.rules.advance_up_to is None:
        return NotAcceptable.field("kind", "this Procedure pays nothing in advance: propose a settlement")
    if case.result_at is not None:
        return NotAcceptable.field("kind", "the result was given already: propose a settlement")
    left = money.rules.advance_up_to - money.advanced
    if amount > left:
        return NotAcceptable.field("amount", f"is more than may be advanced on this case; left: {left}")
    return None


def _not_to_decide(entry: Compensation, actor: Actor, money: Money, rules: CompensationRules) -> Refusal | None:
    """The limits hold for what the case costs together: one sum in three proposals needs who may decide the sum."""
    if entry.proposed_by == actor.person_id:
        return NotAllowed("Who proposed it does not decide about it.")
    deciding = rules.approvers(money.asked)
    if not actor.roles & set(deciding):
        return NotAllowed(
            f"{money.asked} {entry.currency} in minor units, asked for on this case together, is decided by: "
            f"{', '.join(deciding)}."
        )
    return None


def _not_payable(entry: Compensation, case: Case, given: Mapping[str, Any]) -> Refusal | None:
    if entry.kind == SETTLEMENT and case.result_at is None and not case.closed:
        return NotNow("A settlement is paid once the result was given; what cannot wait is an advance.")
    if (given.get("amount") or 0) > entry.unpaid:
        return NotAcceptable.field("amount", f"is more than what is left to pay: {entry.unpaid}")
    return None
