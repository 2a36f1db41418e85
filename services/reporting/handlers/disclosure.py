"""What everybody may read (RE-7): the figures of the periods that are over, and typical cases in a manager's words."""

from collections.abc import Sequence
from datetime import datetime
from itertools import dropwhile
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.inbox import NotYetKnown
from libs.common.privacy.detection import find_literals, find_personal
from libs.common.procedure.oversight import Disclosure
from libs.common.unit_of_work import Work
from services.reporting.domain.disclosure import disclosed, periods_over
from services.reporting.domain.fact import Fact, day_of
from services.reporting.domain.kpis import Kpis
from services.reporting.handlers.figures import kpis_of
from services.reporting.handlers.mystery import NoSuchComplaint
from services.reporting.store import Store

PERIODS = {"month": 6, "quarter": 4}
CASES = 12


class NotDisclosed(Exception):
    """There is no such public page."""


class NotAnExample(Exception):
    """Only a closed case that counts in the figures is told of as a typical one."""


class PersonalWords(Exception):
    """What everybody may read names nobody."""

    def __init__(self, errors: Sequence[dict[str, str]]) -> None:
        super().__init__("What everybody may read names nobody.")
        self.errors = list(errors)


def public_page(store: Store, now: datetime) -> dict[str, Any]:
    """The periods that are over, the newest first, from the first with a complaint on; and the typical cases.

    Raises NotDisclosed where the Procedure in force publishes nothing.
    """
    rules = _rules(store, now)
    today = day_of(now, store.known.zone())
    assert today is not None
    counted = [kpis_of(store, period, None) for period in periods_over(today, rules.every, PERIODS[rules.every])]
    told = list(dropwhile(_quiet, reversed(counted)))
    return {
        "every": rules.every,
        "periods": [disclosed(kpis, rules.shown) for kpis in reversed(told)],
        "cases": list(store.typical_cases.published(CASES)) if rules.cases else [],
    }


def write_case(
    work: Work[Store], complaint_id: UUID, *, title: str, text: str, published: bool, by: UUID
) -> dict[str, Any]:
    """Keep what a manager wrote, published or not; every version stays, with who and when.

    Raises NoSuchComplaint, NotAnExample, PersonalWords.
    """
    fact = work.store.facts.find(complaint_id)
    if fact is None:
        raise NoSuchComplaint
    if published and (not fact.counted or fact.closed_at is None):
        raise NotAnExample
    refuse_personal(fact, {"title": title, "text": text})
    kept = {"complaint_id": complaint_id, "title": title, "text": text, "published": published}
    kept |= {"by": by, "at": work.now}
    work.store.typical_cases.keep(uuids.uuid7(), **kept)
    return kept


def refuse_personal(fact: Fact, words: dict[str, str]) -> None:
    """Raises PersonalWords, naming every field with a phone number, an identity number, an address or the number of
    the complaint in it."""
    errors = []
    for field, text in words.items():
        kinds = [found.kind for found in find_personal(text)]
        kinds += ["number of the complaint" for _ in find_literals(text, [fact.number] if fact.number else [])]
        errors += [{"detail": f"take out the {kind}", "pointer": f"#/{field}"} for kind in dict.fromkeys(kinds)]
    if errors:
        raise PersonalWords(errors)


def written_cases(store: Store) -> dict[str, Any]:
    """All typical cases, published or not, and who wrote, published and withdrew what when."""
    return {"items": store.typical_cases.all(), "changes": store.typical_cases.changes()}


def _rules(store: Store, now: datetime) -> Disclosure:
    try:
        _, procedure = store.procedures.in_force(now)
    except NotYetKnown:
        raise NotDisclosed from None
    if procedure.disclosure is None:
        raise NotDisclosed
    return procedure.disclosure


def _quiet(kpis: Kpis) -> bool:
    return not (kpis.complaints or kpis.closed or kpis.open)
