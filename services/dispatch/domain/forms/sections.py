"""The sections of the forms. Each gives the parts to print, none where there is nothing to say."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from services.dispatch.domain.compensation import APPROVED, PAID
from services.dispatch.domain.forms.content import Part, Passage, Table
from services.dispatch.domain.forms.writer import Writer
from services.dispatch.domain.parts import DROPPED

Row = tuple[str, ...]


def complaint(w: Writer) -> tuple[Part, ...]:
    """What the complainant says, how it affected them and what they want (IN-2)."""
    row = w.story.row
    said = (Passage(w.word(key), row[key]) for key in ("text", "impact", "asked_for") if row[key])
    return tuple(said)


def investigation(w: Writer) -> tuple[Part, ...]:
    """What was found out, why it came to it and what is to be done (DI-7), each as often as it was said."""
    return (
        *_found(w, "investigation", "finding", "report"),
        *_found(w, "cause", "cause", "cause_text"),
        *_found(w, "plan", "plan", "plan_text"),
    )


def files(w: Writer) -> tuple[Part, ...]:
    """What was handed in as evidence. Its name and content are intake's."""
    rows = tuple(
        (w.moment(step.at), _came_with(w, step.action, details), file)
        for step in w.story.evidence
        for details in (json.loads(step.details),)
        for file in details.get("attachments", ())
    )
    return _table(w, "files", ("time", "with", "file"), rows)


def approvals(w: Writer) -> tuple[Part, ...]:
    rows = (
        (
            w.approval(each["approval_id"]),
            _lines(w.person(each["by_id"]), w.moment(each["at"]), each["note"]),
            _decided(w, "approval", each),
            each["answer"] or "",
        )
        for each in w.story.approvals
    )
    return _table(w, "approvals", ("approval", "asked", "decision", "answer"), rows)


def course(w: Writer) -> tuple[Part, ...]:
    rows = (
        (w.moment(each["at"]), w.milestone(each["milestone"]), w.person(each["by_id"]), each["note"] or "")
        for each in w.story.milestones
    )
    return _table(w, "course", ("time", "step", "person", "note"), rows)


def transfers(w: Writer) -> tuple[Part, ...]:
    rows = (
        (
            w.moment(each["at"]),
            w.department(each["from_department"]),
            w.department(each["to_department"]),
            each["reason"],
            each["handover"],
        )
        for each in w.story.transfers
    )
    return _table(w, "transfers", ("time", "from", "to", "reason", "handover"), rows)


def parts(w: Writer) -> tuple[Part, ...]:
    """What each department did (DI-5), where there are several; a lead that was passed on is told as a transfer."""
    rows = [
        (
            w.department(each["department"]) + (w.word("lead") if each["lead"] else ""),
            w.person(each["assignee_id"]),
            _lines(w.word(f"part.{each['state']}"), w.moment(each["at"])),
            each["words"] or "",
        )
        for each in w.story.parts
        if not (each["lead"] and each["state"] == DROPPED)
    ]
    return _table(w, "parts", ("of_department", "assignee", "state", "note"), rows if len(rows) > 1 else ())


def waits(w: Writer) -> tuple[Part, ...]:
    rows = (
        (
            w.moment(each["at"]),
            w.moment(each["ended_at"]),
            w.labelled(w.word(f"waits_for.{each['waits_for']}"), each["party"]),
            each["reason"],
        )
        for each in w.story.waits
    )
    return _table(w, "waits", ("since", "until", "party", "reason"), rows)


def extensions(w: Writer) -> tuple[Part, ...]:
    rows = (
        (
            w.limit(each["limit_id"]),
            w.moment(each["old_due_at"]),
            w.moment(each["due_at"]),
            each["reason"],
            _lines(_decided(w, "extension", each), each["answer"]),
        )
        for each in w.story.extensions
    )
    return _table(w, "extensions", ("limit", "old_due_at", "due_at", "reason", "decision"), rows)


def result(w: Writer) -> tuple[Part, ...]:
    """The last one that was given, and how it will not happen again (DI-11)."""
    if not w.story.results:
        return ()
    given = w.story.results[-1]
    prevention = (Passage(w.word("prevention"), given["prevention"]),) if given["prevention"] else ()
    return Passage(w.word("result"), given["text"]), *prevention


def compensation(w: Writer) -> tuple[Part, ...]:
    """All that was proposed, why, and what became of it (DI-10)."""
    rows = (
        (
            *_promise(w, each),
            _decided(w, "state", each),
            _lines(each["reason"], each["decision"], each["withdrawal"]),
        )
        for each in w.story.compensations
    )
    return _table(w, "compensation", ("kind", "amount", "paid", "state", "reason"), rows)


def promised(w: Writer) -> tuple[Part, ...]:
    """What the complainant may count on, without the words of the house."""
    rows = (
        (*_promise(w, each), w.word(f"state.{each['state']}"))
        for each in w.story.compensations
        if each["state"] in (APPROVED, PAID)
    )
    return _table(w, "compensation", ("kind", "amount", "paid", "state"), rows)


def _promise(w: Writer, entry: Mapping[str, Any]) -> Row:
    amounts = (w.amount(entry[name], entry["currency"]) for name in ("amount", "paid"))
    return w.word(f"kind.{entry['kind']}"), *amounts


def _found(w: Writer, heading: str, kind: str, words: str) -> tuple[Passage, ...]:
    """One passage for each time it was said, under one heading."""
    said = [each for each in w.story.findings if each[kind] or each[words]]
    return tuple(
        Passage(
            "" if n else w.word(heading),
            w.labelled(w.word(f"{kind}.{each[kind]}") if each[kind] else "", each[words]),
            w.signed(each["by_id"], each["at"]),
        )
        for n, each in enumerate(said)
    )


def _came_with(w: Writer, action: str, details: Mapping[str, Any]) -> str:
    if action == "message_added":
        return w.word("message")
    return w.milestone(details.get("milestone", "registered"))


def _decided(w: Writer, kind: str, entry: Mapping[str, Any]) -> str:
    """What became of it, by whom and when."""
    return _lines(w.word(f"{kind}.{entry['state']}"), w.person(entry["decided_by_id"]), w.moment(entry["decided_at"]))


def _lines(*words: str | None) -> str:
    return "\n".join(filter(None, words))


def _table(w: Writer, heading: str, columns: Iterable[str], rows: Iterable[Row]) -> tuple[Part, ...]:
    filled = tuple(rows)
    return (Table(w.word(heading), tuple(w.word(column) for column in columns), filled),) if filled else ()
