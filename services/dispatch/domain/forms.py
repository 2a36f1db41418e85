"""What stands in the printed forms (DI-15), as plain content: how it looks is the printer's.

Contact data is not kept here: who complained is a line to be filled in by hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from babel.dates import format_datetime
from babel.numbers import format_currency

from libs.common.procedure.document import Procedure
from libs.common.procedure.vocabulary import CHANNEL_NAMES
from services.dispatch.domain.amounts import in_major
from services.dispatch.domain.compensation import APPROVED, PAID
from services.dispatch.domain.form_words import DAYS, LOCALES, MOMENTS, named, printed_in, word
from services.dispatch.domain.people import House
from services.dispatch.domain.refusals import NotNow

PRINTED_AS = ("pdf", "docx")


@dataclass(frozen=True)
class Fact:
    """A label and what belongs to it; an empty value is a line to write on."""

    label: str
    value: str


@dataclass(frozen=True)
class Passage:
    heading: str
    text: str


@dataclass(frozen=True)
class Table:
    """Every row has as many cells as there are columns."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form ready to be printed. `language` is the one of its words, `page` has `{page}` and `{pages}`.

    `dated`: when its content was last true, so that the same case prints the same document.
    """

    title: str
    house: str
    number: str
    language: str
    page: str
    dated: datetime
    facts: tuple[Fact, ...]
    parts: tuple[Passage | Table, ...]
    signatures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Story:
    """All that is known of a case: its row, its records in order of time, the names of its people."""

    house: House
    procedure: Procedure
    row: Mapping[str, Any]
    milestones: Sequence[Mapping[str, Any]]
    transfers: Sequence[Mapping[str, Any]]
    results: Sequence[Mapping[str, Any]]
    compensations: Sequence[Mapping[str, Any]]
    names: Mapping[UUID, str]


class Writer:
    """Words, names, times and amounts of one case in one language; times in the tenant's zone."""

    def __init__(self, story: Story, language: str) -> None:
        self.story = story
        self.asked_for = language
        self.language = printed_in(language)

    def word(self, key: str, **filled: str) -> str:
        return word(key, self.language).format(**filled)

    def moment(self, at: datetime) -> str:
        return self._time(at, MOMENTS)

    def day(self, at: datetime) -> str:
        return self._time(at, DAYS)

    def amount(self, amount: int, currency: str) -> str:
        return str(format_currency(in_major(amount, currency), currency, locale=LOCALES[self.language]))

    def person(self, id: UUID | None) -> str:
        return self.story.names.get(id, "") if id else ""

    def department(self, id: str | None) -> str:
        found = self.story.procedure.department(id)
        return named(found.name if found else None, id or "", self.asked_for)

    def milestone(self, id: str) -> str:
        steps = (step.name for step in self.story.procedure.steps if step.milestone == id)
        return named(next(steps, None), self.word(f"milestone.{id}"), self.asked_for)

    def fact(self, key: str, value: str) -> Fact:
        return Fact(self.word(key), value)

    def by_hand(self, key: str) -> Fact:
        return Fact(self.word(key) + self.word("by_hand"), "")

    def _time(self, at: datetime, patterns: Mapping[str, str]) -> str:
        local = at.astimezone(self.story.house.zone)
        return str(format_datetime(local, patterns[self.language], locale=LOCALES[self.language]))


def complaint_record(writer: Writer) -> Form:
    """《用户投诉记录》: what came in, how it was taken, and its course so far."""
    row, w = writer.story.row, writer
    received_by = next((each["by_id"] for each in w.story.milestones if each["milestone"] == "received"), None)
    facts = (
        *_complainant(w),
        w.fact("channel", named(CHANNEL_NAMES.get(row["channel"]), row["channel"], w.asked_for)),
        w.fact("received_at", w.moment(row["received_at"])),
        w.fact("registered_at", w.moment(row["registered_at"])),
        w.fact("received_by", w.person(received_by)),
        w.fact("place", row["place_label"] or ""),
        *_classified(w),
        *_responsible(w),
        *_ended(w),
    )
    parts: tuple[Passage | Table, ...] = (Passage(w.word("text"), row["text"]), _course(w), *_transfers(w))
    return _form(w, "record", facts, parts, ("sign.received_by", "sign.date"))


def investigation_report(writer: Writer) -> Form:
    """《投诉调查报告》: what was found and done, by whom and when, and what came of it."""
    row, w = writer.story.row, writer
    facts = (
        w.fact("received_at", w.moment(row["received_at"])),
        w.fact("place", row["place_label"] or ""),
        *_classified(w),
        *_responsible(w),
    )
    parts: tuple[Passage | Table, ...] = (
        Passage(w.word("text"), row["text"]),
        _course(w),
        *_transfers(w),
        *_result(w),
        *_compensation(w, lambda entry: True),
    )
    return _form(w, "investigation", facts, parts, ("sign.investigator", "sign.head", "sign.date"))


def result_notice(writer: Writer) -> Form:
    """《处理结果通知书》, for the complainant: the last result, how it will not happen again, what is promised.

    Raises NotNow while there is no result.
    """
    row, w = writer.story.row, writer
    if not w.story.results:
        raise NotNow("There is no result to give notice of yet.")
    given = w.story.results[-1]
    greeting = w.word("greeting", number=row["number"], received_at=w.moment(row["received_at"]))
    told = [w.word(way) for way in ("written", "spoken") if any(each[way] for each in w.story.results)]
    facts = (
        *_complainant(w),
        w.fact("place", row["place_label"] or ""),
        w.fact("department", w.department(row["department"])),
        w.fact("issued", w.day(given["at"])),
        *((w.fact("told", " / ".join(told)),) if told else ()),
    )
    parts: tuple[Passage | Table, ...] = (
        Passage("", greeting),
        *_result(w),
        *_compensation(w, lambda entry: entry["state"] in (APPROVED, PAID)),
    )
    return _form(w, "result", facts, parts, ("sign.house", "sign.date"))


FORMS: Mapping[str, Callable[[Writer], Form]] = MappingProxyType(
    {"record": complaint_record, "investigation": investigation_report, "result": result_notice}
)


def _form(
    w: Writer,
    name: str,
    facts: Sequence[Fact],
    parts: Sequence[Passage | Table],
    signatures: Sequence[str],
) -> Form:
    row = w.story.row
    happened = (each["at"] for each in (*w.story.milestones, *w.story.transfers, *w.story.results))
    return Form(
        title=w.word(f"form.{name}"),
        house=w.story.house.name,
        number=row["number"],
        language=w.language,
        page=word("page", w.language),
        dated=max(happened, default=row["received_at"]),
        facts=(w.fact("number", row["number"]), *facts),
        parts=tuple(parts),
        signatures=tuple(w.word(key) for key in signatures),
    )


def _complainant(w: Writer) -> tuple[Fact, ...]:
    if w.story.row["anonymous"]:
        return (w.fact("complainant", w.word("anonymous")),)
    return w.by_hand("complainant"), w.by_hand("contact")


def _classified(w: Writer) -> tuple[Fact, ...]:
    row, procedure = w.story.row, w.story.procedure
    category, urgency = procedure.category(row["category"]), procedure.urgency(row["urgency"])
    marks = [w.word(mark) for mark in ("major", "vip") if row[mark]]
    claimed = row["claimed_amount"]
    currency = procedure.compensation.currency if procedure.compensation else None
    return (
        w.fact("category", named(category.name if category else None, row["category"], w.asked_for)),
        w.fact("urgency", named(urgency.name if urgency else None, row["urgency"], w.asked_for)),
        *((w.fact("marks", " / ".join(marks)),) if marks else ()),
        *((w.fact("claimed", w.amount(claimed, currency)),) if claimed and currency else ()),
    )


def _responsible(w: Writer) -> tuple[Fact, ...]:
    row = w.story.row
    people = (w.fact(role, w.person(row[f"{role}_id"])) for role in ("assignee", "head", "coordinator"))
    return w.fact("department", w.department(row["department"])), *people


def _ended(w: Writer) -> tuple[Fact, ...]:
    row = w.story.row
    if row["outcome"] is None:
        return ()
    outcome = w.fact("outcome", w.word(f"outcome.{row['outcome']}"))
    if row["satisfied"] is None:
        return (outcome,)
    return outcome, w.fact("satisfied", w.word("yes" if row["satisfied"] else "no"))


def _course(w: Writer) -> Table:
    rows = (
        (w.moment(each["at"]), w.milestone(each["milestone"]), w.person(each["by_id"]), each["note"] or "")
        for each in w.story.milestones
    )
    return _table(w, "course", ("time", "step", "person", "note"), tuple(rows))


def _transfers(w: Writer) -> tuple[Table, ...]:
    rows = tuple(
        (
            w.moment(each["at"]),
            w.department(each["from_department"]),
            w.department(each["to_department"]),
            each["reason"],
            each["handover"],
        )
        for each in w.story.transfers
    )
    return (_table(w, "transfers", ("time", "from", "to", "reason", "handover"), rows),) if rows else ()


def _result(w: Writer) -> tuple[Passage, ...]:
    if not w.story.results:
        return ()
    given = w.story.results[-1]
    prevention = (Passage(w.word("prevention"), given["prevention"]),) if given["prevention"] else ()
    return Passage(w.word("result"), given["text"]), *prevention


def _compensation(w: Writer, shown: Callable[[Mapping[str, Any]], bool]) -> tuple[Table, ...]:
    rows = tuple(
        (
            w.word(f"kind.{each['kind']}"),
            w.amount(each["amount"], each["currency"]),
            w.amount(each["paid"], each["currency"]),
            w.word(f"state.{each['state']}"),
        )
        for each in w.story.compensations
        if shown(each)
    )
    return (_table(w, "compensation", ("kind", "amount", "paid", "state"), rows),) if rows else ()


def _table(w: Writer, heading: str, columns: Sequence[str], rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(w.word(heading), tuple(w.word(column) for column in columns), rows)
