"""One case told in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from babel.dates import format_datetime
from babel.numbers import format_currency

from libs.common.procedure.document import Procedure
from libs.common.procedure.vocabulary import CHANNEL_NAMES
from services.dispatch.domain.amounts import in_major
from services.dispatch.domain.chain import Step
from services.dispatch.domain.forms.content import Fact
from services.dispatch.domain.forms.words import DAYS, LOCALES, MOMENTS, named, printed_in, word
from services.dispatch.domain.people import House

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Story:
    """All that is known of a case: its row, its records in order of time, its evidence, the names of its people."""

    house: House
    procedure: Procedure
    row: Mapping[str, Any]
    milestones: Rows
    transfers: Rows
    results: Rows
    findings: Rows
    approvals: Rows
    waits: Rows
    extensions: Rows
    parts: Rows
    compensations: Rows
    evidence: Sequence[Step]
    names: Mapping[UUID, str]


class Writer:
    """Words, names, times and amounts of one case in one language; times in the tenant's zone.

    `complainant` is who complained, where that is to be printed instead of filled in by hand.
    """

    def __init__(self, story: Story, language: str, complainant: Mapping[str, str]) -> None:
        self.story = story
        self.complainant = complainant
        self.asked_for = language
        self.language = printed_in(language)

    def word(self, key: str, **filled: str) -> str:
        return word(key, self.language).format(**filled)

    def moment(self, at: datetime | None) -> str:
        return self._time(at, MOMENTS) if at else ""

    def day(self, at: datetime) -> str:
        return self._time(at, DAYS)

    def amount(self, amount: int, currency: str) -> str:
        return str(format_currency(in_major(amount, currency), currency, locale=LOCALES[self.language]))

    def person(self, id: UUID | None) -> str:
        return self.story.names.get(id, "") if id else ""

    def signed(self, by: UUID | None, at: datetime | None) -> str:
        """Who and when, as far as known."""
        return " · ".join(filter(None, (self.person(by), self.moment(at))))

    def labelled(self, label: str, text: str | None) -> str:
        return self.word("labelled", label=label, text=text) if label and text else label or text or ""

    def channel(self, id: str) -> str:
        return named(CHANNEL_NAMES.get(id), id, self.asked_for)

    def category(self, id: str) -> str:
        found = self.story.procedure.category(id)
        return named(found.name if found else None, id, self.asked_for)

    def urgency(self, id: str) -> str:
        found = self.story.procedure.urgency(id)
        return named(found.name if found else None, id, self.asked_for)

    def department(self, id: str | None) -> str:
        found = self.story.procedure.department(id)
        return named(found.name if found else None, id or "", self.asked_for)

    def limit(self, id: str) -> str:
        found = self.story.procedure.limit(id)
        return named(found.name if found else None, id, self.asked_for)

    def approval(self, id: str) -> str:
        known = (each.name for each in self.story.procedure.approvals if each.id == id)
        return named(next(known, None), id, self.asked_for)

    def milestone(self, id: str) -> str:
        steps = (step.name for step in self.story.procedure.steps if step.milestone == id)
        return named(next(steps, None), self.word(f"milestone.{id}"), self.asked_for)

    def fact(self, key: str, value: str) -> Fact:
        return Fact(self.word(key), value)

    def by_hand(self, key: str) -> Fact:
        """To be filled in by hand, unless it is known for this copy."""
        known = self.complainant.get(key)
        return self.fact(key, known) if known else Fact(self.word(key) + self.word("by_hand"), "")

    def _time(self, at: datetime, patterns: Mapping[str, str]) -> str:
        local = at.astimezone(self.story.house.zone)
        return str(format_datetime(local, patterns[self.language], locale=LOCALES[self.language]))
