"""What people do with a case: a table of steps with their weights, and how each field of a step is filled.

A step that dispatch offers is taken if it is in `WEIGHTS` and every field it needs is in `FIELDS` or `OWN`.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from tests.simulation.platform import Staff, Tenant

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "accept": 30,
        "milestone": 40,
        "result": 20,
        "close": 25,
        "transfer": 3,
        "reclassify": 3,
        "assign": 2,
        "refuse": 2,
        "wait": 3,
        "resume": 25,
        "extend": 10,
        "decide_extension": 25,
        "ask_approval": 15,
        "approve": 30,
        "return": 4,
        "revise": 2,
        "note": 1,
        "reopen": 1.5,
        "merge": 1.5,
        "acknowledge": 30,
        "add_part": 1.5,
        "lead_group": 0.5,
        "accept_part": 25,
        "refuse_part": 2,
        "carry_out_part": 25,
        "wait_part": 3,
        "resume_part": 25,
        "drop_part": 2,
        "propose_compensation": 6,
        "approve_compensation": 20,
        "decline_compensation": 4,
        "pay_compensation": 25,
        "withdraw_compensation": 2,
    }
)
MONEY = ("propose", "approve", "decline", "pay", "withdraw")
PATHS: Mapping[str, str] = MappingProxyType(
    {
        "milestone": "milestones",
        "decide_extension": "extension/decide",
        "ask_approval": "approval/ask",
        "approve": "approval/approve",
        "return": "approval/return",
        "add_part": "parts",
        "lead_group": "group-leader",
        "accept_part": "parts/{part_id}/accept",
        "refuse_part": "parts/{part_id}/refuse",
        "assign_part": "parts/{part_id}/assign",
        "carry_out_part": "parts/{part_id}/carried-out",
        "wait_part": "parts/{part_id}/wait",
        "resume_part": "parts/{part_id}/resume",
        "drop_part": "parts/{part_id}/drop",
        **{f"{way}_compensation": f"compensation/{way}" for way in MONEY},
    }
)
# What a step names itself: which of several things it is about.
NAMED = ("milestone", "for", "limit_id", "extension_id", "decision", "approval_id", "compensation_id")
# More than may be advanced together is refused, so a case's few proposals stay below it.
SMALL_AMOUNT = 3_000


@dataclass
class Offer:
    """A step as dispatch offers it on a case, and what its fields are filled from.

    `ends` knows when each running limit of the case ends, `others` the numbers of the tenant's other open cases,
    `vouchers` the ids of files kept with the case that prove no payment yet.
    """

    step: Mapping[str, Any]
    case: Mapping[str, Any]
    tenant: Tenant
    now: datetime
    chosen: random.Random
    ends: Callable[[str], datetime]
    others: Sequence[str]
    vouchers: Sequence[str]

    def moment_of_work(self) -> datetime:
        """Between what was done last and now: people report late."""
        last = max(datetime.fromisoformat(each["at"]) for each in self.case["milestones"])
        return last + (self.now - last) * self.chosen.random()

    def promise(self) -> Mapping[str, Any]:
        """The compensation that the step is about."""
        [found] = [
            each for each in self.case["compensations"] if each["compensation_id"] == self.step["compensation_id"]
        ]
        return found


def _colleague(offer: Offer) -> str | None:
    here, has_it = offer.case["department"], (offer.case["assignee"] or {}).get("id")
    others = [each for each in offer.tenant.staff if here in each.departments and str(each.person_id) != has_it]
    return str(offer.chosen.choice(others).person_id) if others else None


def _other(offer: Offer, name: str, known: Sequence[str]) -> str | None:
    others = [each for each in known if each != offer.case[name]]
    return offer.chosen.choice(others) if others else None


def _without_part(offer: Offer) -> str | None:
    taken = {offer.case["department"], *(each["department"] for each in offer.case["parts"])}
    free = [each.id for each in offer.tenant.procedure.departments if each.id not in taken]
    return offer.chosen.choice(free) if free else None


def _longer(offer: Offer) -> str:
    """No Procedure allows less than a day more."""
    later = offer.ends(offer.step["limit_id"]) + timedelta(hours=offer.chosen.uniform(1, 23))
    return later.isoformat()


def _payment(offer: Offer) -> int:
    """All that is owed, or a first part of it."""
    owed = int(offer.promise()["amount"] - offer.promise()["paid"])
    return owed if offer.chosen.random() < 0.6 else offer.chosen.randint(1, owed)


FIELDS: Mapping[str, Callable[[Offer], Any]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("note", "reason", "handover", "text", "prevention", "report", "cause_text", "plan_text", "party"),
            lambda offer: offer.chosen.choice(("已处理", "Done as agreed", "需要配合")),
        ),
        "cause": lambda offer: offer.chosen.choice(("product_service", "communication", "process")),
        "plan": lambda offer: offer.chosen.choice(("fix", "compensate")),
        "finding": lambda offer: offer.chosen.choice(("confirmed", "cannot_be_verified", "already_solved")),
        "written": lambda _: True,
        "spoken": lambda _: True,
        "to_department": lambda offer: _other(
            offer, "department", [each.id for each in offer.tenant.procedure.departments]
        ),
        "person_id": _colleague,
        "category": lambda offer: _other(offer, "category", [each.id for each in offer.tenant.procedure.categories]),
        "urgency": lambda offer: _other(offer, "urgency", [each.id for each in offer.tenant.procedure.urgencies]),
        **{name: lambda offer, name=name: not offer.case[name] for name in ("major", "vip", "complex", "group")},
        "outcome": lambda offer: offer.chosen.choice(offer.step["outcomes"]),
        "department": _without_part,
        "into": lambda offer: offer.chosen.choice(offer.others) if offer.others else None,
        "due_at": _longer,
        "kind": lambda offer: offer.chosen.choice(offer.step["kinds"]) if offer.step["kinds"] else None,
        "amount": lambda offer: offer.chosen.randint(1, SMALL_AMOUNT),
        "voucher_id": lambda offer: offer.vouchers[0] if offer.vouchers else None,
    }
)
# Where a field means something else in one step.
OWN: Mapping[tuple[str, str], Callable[[Offer], Any]] = MappingProxyType(
    {
        ("reopen", "reason"): lambda offer: offer.chosen.choice(offer.step["reasons"]),
        ("pay_compensation", "amount"): _payment,
    }
)
SOMETIMES: Mapping[str, Mapping[str, Callable[[Offer], Any]]] = MappingProxyType(
    {
        "close": {"satisfied": lambda offer: True},  # who is not satisfied begins the next round
        "milestone": {"reached_at": lambda offer: offer.moment_of_work().isoformat()},
        "result": {"prevention": FIELDS["prevention"]},
        "extend": {"told": lambda offer: offer.chosen.random() < 0.4},
    }
)
# Some Procedures want the one before the other, so both are told at once.
TOLD = {"written": True, "spoken": True}


def filled(offer: Offer) -> dict[str, Any] | None:
    """What is sent with the step; None when a field it needs is not known here, or nothing fits it."""
    step, chosen = offer.step, offer.chosen
    wanted = [*step["required"], *([chosen.choice(step["one_of"])] if step.get("one_of") else [])]
    named = {name: step[name] for name in NAMED if step.get(name)}
    fills = {name: OWN.get((step["action"], name)) or FIELDS.get(name) for name in wanted if name not in named}
    if not all(fills.values()):
        return None
    extra = SOMETIMES.get(step["action"], {})
    given = {name: fill(offer) for name, fill in extra.items() if chosen.random() < 0.6}
    given |= {name: fill(offer) for name, fill in fills.items() if fill}
    given |= named
    given |= TOLD if step["action"] == "result" else {}
    return None if any(value is None for value in given.values()) else given


def path_of(step: Mapping[str, Any]) -> str:
    """Where the step is taken, below its case."""
    return PATHS.get(step["action"], step["action"]).format(**step)


def holders(tenant: Tenant, ids: Sequence[str]) -> list[Staff]:
    """Those of the tenant's staff who have one of these ids, written without dashes."""
    return [each for each in tenant.staff if each.person_id.hex in ids]
