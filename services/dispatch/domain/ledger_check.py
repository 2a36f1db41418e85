"""The ledger 台账 held against the cases when a period is over (DI-10): what one says and the other does not.

The ledger is the list of promises and payments; the case's side is what its evidence says, which nobody can change
unnoticed (PR-4).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from services.dispatch.domain.compensation import APPROVED, PROPOSED

COMPARED = ("kind", "amount", "currency", "state", "paid")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`what`: one of COMPARED; `missing`, one side does not know it; `payments`, they do not come to what is paid; or
    `owed`, though the case is archived. `ledger` and `case`: what each says, None: nothing."""

    complaint_id: str
    compensation_id: str
    what: str
    ledger: str | None
    case: str | None


@dataclass(frozen=True)
class Checked:
    """`totals`: entries, amount and paid in minor units, by currency and state."""

    entries: int
    totals: list[dict[str, Any]]
    differences: list[dict[str, Any]]


def check(
    ledger: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]], archived: Collection[UUID]
) -> Checked:
    """`ledger`: promises, each with its payments; `steps`: what the evidence of the same cases says of promises, in
    its order, so that the last word about each counts."""
    said = {step["compensation_id"]: step for step in steps}
    known = {str(entry["compensation_id"]) for entry in ledger}
    found = [each for entry in ledger for each in _of_entry(entry, said.get(str(entry["compensation_id"])), archived)]
    found += [_missing(step, None, step["state"]) for name, step in said.items() if name not in known]
    return Checked(len(ledger), _totals(ledger), [asdict(difference) for difference in found])


def _of_entry(
    entry: Mapping[str, Any], said: Mapping[str, Any] | None, archived: Collection[UUID]
) -> Iterator[Difference]:
    about = {"complaint_id": str(entry["complaint_id"]), "compensation_id": str(entry["compensation_id"])}
    if said is None:
        yield _missing(entry, entry["state"], None)
    else:
        for name in COMPARED:
            if entry[name] != said[name]:
                yield Difference(**about, what=name, ledger=str(entry[name]), case=str(said[name]))
    booked = sum(payment["amount"] for payment in entry["payments"])
    if booked != entry["paid"]:
        yield Difference(**about, what="payments", ledger=str(booked), case=str(entry["paid"]))
    if entry["state"] in (PROPOSED, APPROVED) and entry["complaint_id"] in archived:
        yield Difference(**about, what="owed", ledger=entry["state"], case="archived")


def _missing(one: Mapping[str, Any], ledger: str | None, case: str | None) -> Difference:
    about = {"complaint_id": str(one["complaint_id"]), "compensation_id": str(one["compensation_id"])}
    return Difference(**about, what="missing", ledger=ledger, case=case)


def _totals(ledger: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    sums: dict[tuple[str, str], Counter[str]] = {}
    for entry in ledger:
        counted = sums.setdefault((entry["currency"], entry["state"]), Counter())
        counted.update(entries=1, amount=entry["amount"], paid=entry["paid"])
    return [{"currency": currency, "state": state, **counts} for (currency, state), counts in sorted(sums.items())]
