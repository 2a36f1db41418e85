"""The ledger held against the finance side's books, half-yearly (P6): what one has and the other has not."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.dispatch.domain.refusals import NotAcceptable

COLUMNS = ("number", "amount", "paid_at", "reference")
AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,3})?")
MOST_ROWS = 20_000
MOST_MISTAKES = 50
LONGEST = 200


@dataclass(frozen=True)
class Booked:
    """One payment as one side has it: the case's number, the amount in major units, its day in the tenant's zone."""

    number: str
    amount: Decimal
    paid_on: date
    reference: str | None = None


@dataclass(frozen=True)
class Different:
    """The payment of a case that the two sides have with different amounts."""

    here: Booked
    there: Booked


@dataclass(frozen=True)
class Comparison:
    matched: int
    different: tuple[Different, ...]
    missing_here: tuple[Booked, ...]
    missing_there: tuple[Booked, ...]


def compare(here: Iterable[Booked], there: Iterable[Booked]) -> Comparison:
    """Case by case: equal amounts belong together; of what is left the nth of one side differs from the nth of
    the other; the surplus is missing on the other side."""
    ours, theirs = _by_number(here), _by_number(there)
    matched, different = 0, list[Different]()
    missing_here, missing_there = list[Booked](), list[Booked]()
    for number in sorted(ours.keys() | theirs.keys()):
        left, right = list(ours.get(number, ())), list(theirs.get(number, ()))
        for payment in tuple(left):
            same = next((each for each in right if each.amount == payment.amount), None)
            if same is not None:
                left.remove(payment)
                right.remove(same)
                matched += 1
        both = min(len(left), len(right))
        different += map(Different, left[:both], right[:both])
        missing_there += left[both:]
        missing_here += right[both:]
    return Comparison(matched, tuple(different), tuple(missing_here), tuple(missing_there))


def read_books(content: bytes, first: date, last: date) -> list[Booked]:
    """The finance side's payments: UTF-8 or GB 18030, with the columns of COLUMNS in any order.

    Raises NotAcceptable that names every line which cannot be read or lies outside of `first` to `last`.
    """
    rows = csv.DictReader(io.StringIO(_decoded(content)), restval="")
    absent = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if absent:
        raise NotAcceptable(f"The first line must name the columns {', '.join(COLUMNS)}; missing: {', '.join(absent)}.")
    booked, mistakes = list[Booked](), list[dict[str, str]]()
    try:
        for row in rows:
            found = _mistakes(row, first, last)
            mistakes += [{"detail": f"line {rows.line_num}: {why}", "pointer": f"#/{name}"} for name, why in found]
            if not found:
                booked.append(_booked(row))
            if len(booked) > MOST_ROWS or len(mistakes) >= MOST_MISTAKES:
                break
    except csv.Error as failure:
        raise NotAcceptable(f"Line {rows.line_num} is not CSV: {failure}.") from failure
    if len(booked) > MOST_ROWS:
        raise NotAcceptable(f"These are more than {MOST_ROWS} payments; send a shorter period.")
    if mistakes:
        raise NotAcceptable("Some lines cannot be read; nothing was compared.", mistakes)
    return booked


def _by_number(payments: Iterable[Booked]) -> Mapping[str, Sequence[Booked]]:
    grouped: dict[str, list[Booked]] = {}
    for payment in sorted(payments, key=lambda each: (each.paid_on, each.amount)):
        grouped.setdefault(payment.number, []).append(payment)
    return grouped


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAcceptable("The file is neither UTF-8 nor GB 18030 text.")


def _mistakes(row: Mapping[str, str], first: date, last: date) -> list[tuple[str, str]]:
    mistakes = []
    if not 0 < len(row["number"].strip()) <= LONGEST:
        mistakes.append(("number", "names no case"))
    if not AMOUNT.fullmatch(row["amount"].strip()):
        mistakes.append(("amount", "is no amount such as 120.50"))
    paid_on = _day(row["paid_at"])
    if paid_on is None:
        mistakes.append(("paid_at", "is no day such as 2026-06-30"))
    elif not first <= paid_on <= last:
        mistakes.append(("paid_at", f"lies outside of {first} to {last}"))
    if len(row["reference"]) > LONGEST:
        mistakes.append(("reference", f"is longer than {LONGEST} characters"))
    return mistakes


def _booked(row: Mapping[str, str]) -> Booked:
    paid_on = _day(row["paid_at"])
    assert paid_on is not None  # a row without one is a mistake
    return Booked(row["number"].strip(), Decimal(row["amount"].strip()), paid_on, row["reference"].strip() or None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
