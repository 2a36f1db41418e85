"""The part of the Procedure above the single step: approvals, lanes, money, starting again, and looking back."""

from dataclasses import dataclass

from libs.common.procedure.conditions import Condition, Localised
from libs.common.procedure.duration import Share, Span


@dataclass(frozen=True, kw_only=True)
class ExtensionRules:
    """Whether a limit may be extended (SL-5): approved by one of `by`, each time by `at_most`, so many `times`."""

    by: tuple[str, ...]
    at_most: Span
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Lane:
    """Who must acknowledge a case at once (DI-8): the next of `people` is called when one does not in time."""

    id: str
    people: tuple[str, ...]
    acknowledge_within: Span


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A milestone that may only be reached once one of `by` has approved it (DI-7, DI-13)."""

    id: str
    name: Localised
    before: str
    by: tuple[str, ...]
    when: Condition = Condition()


@dataclass(frozen=True, kw_only=True)
class SpendingLevel:
    """Who may approve compensation up to an amount in minor units; None: any amount."""

    by: tuple[str, ...]
    up_to: int | None = None


@dataclass(frozen=True, kw_only=True)
class CompensationRules:
    """How money is promised and paid (DI-10).

    `approval` rises and its last level has no bound. `advance_up_to`: what may be paid in advance, before the
    result is agreed; None: nothing. `voucher`: a payment is only recorded with its voucher.
    """

    currency: str
    approval: tuple[SpendingLevel, ...]
    advance_up_to: int | None = None
    voucher: bool = True

    def approvers(self, amount: int) -> tuple[str, ...]:
        """The roles that may approve this amount of minor units: those of the lowest level that reaches so far, and
        of all above it."""
        reaching = (level.by for level in self.approval if level.up_to is None or amount <= level.up_to)
        return tuple(dict.fromkeys(role for by in reaching for role in by))


@dataclass(frozen=True, kw_only=True)
class ReopeningRules:
    """When a case begins again (DI-12).

    `within` this span after closing it reopens, later it is a new, linked case. `by`: the staff who may; the
    complainant always may. `again`: the milestones that must be reached anew. `levels`: who takes over in the
    second round, the third, …; the last of them keeps it.
    """

    within: Span
    again: tuple[str, ...]
    by: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CallBacks:
    """The share of closed cases whose complainants are called back, drawn for each `month` or `quarter` (RE-4)."""

    share: Share
    every: str


@dataclass(frozen=True, kw_only=True)
class Reviews:
    """The share of closed cases that somebody of `by` looks through again, drawn for each `month`, `quarter` or
    `half-year` (RE-4)."""

    share: Share
    every: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LedgerCheck:
    """How often the ledger of compensation is held against the cases (DI-10): each `quarter`, `half-year`."""

    every: str


@dataclass(frozen=True, kw_only=True)
class Oversight:
    """What is looked back at when a period is over; None: not at that."""

    callbacks: CallBacks | None = None
    reviews: Reviews | None = None
    ledger: LedgerCheck | None = None


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """What everybody may read of each `month` or `quarter` once it is over (RE-7): the figures `shown`, and with
    `cases` the typical cases that a manager wrote."""

    every: str
    shown: tuple[str, ...]
    cases: bool = False
