"""What one section says about another: every name must lead somewhere.

These run on the document as written, also where its shape is wrong, so that one reading lists every mistake;
a value of the wrong kind is skipped here because `shapes` reports it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from libs.common.procedure.mistakes import Mistake, joined, nearest
from libs.common.procedure.vocabulary import (
    ASSIGNED,
    INTERNAL,
    LANGUAGES,
    MILESTONES,
    PART_MILESTONES,
    REACHED_WITHOUT_STEP,
    TRUE_ONCE_ACKNOWLEDGED,
)

Document = Mapping[str, Any]

SECTIONS_WITH_IDS = (
    "categories",
    "urgencies",
    "departments",
    "routing.rules",
    "limits",
    "ladders",
    "lanes",
    "approvals",
    "notices",
)
# (entries or section, field in them, what the field names)
REFERENCES = (
    ("intake", "default_category", "category"),
    ("intake", "default_urgency", "urgency"),
    ("categories", "department", "department"),
    ("categories", "urgency", "urgency"),
    ("routing.rules", "department", "department"),
    ("routing.rules", "urgency", "urgency"),
    ("routing.rules", "joint", "department"),
    ("routing.rules", "lane", "lane"),
    ("limits", "from", "milestone"),
    ("limits", "to", "milestone"),
    ("approvals", "before", "milestone"),
    ("reopening", "again", "milestone"),
    ("limits", "ladder", "ladder"),
    ("limits", "calendar", "calendar"),
    ("survey", "after", "milestone"),
)
# (entries or section, field with a milestone, what comes of it when nobody ever reports that milestone)
COUNTED_ON = (
    ("limits", "from", "this limit would never begin"),
    ("limits", "to", "this limit could never be kept"),
    ("approvals", "before", "this approval would never be asked for"),
    ("reopening", "again", "nobody could report it again"),
    ("survey", "after", "nobody would ever be asked"),
)
# What comes before each milestone by which a complaint comes in; of the others any may be first.
COMING_IN = {"received": (), "registered": ("received",)}
CONDITIONS = (
    ("routing.rules", ("category", "urgency")),
    ("limits", ("category", "urgency", "department")),
    ("steps", ("category", "urgency", "department")),
    ("approvals", ("category", "urgency", "department")),
)


def mistakes_between_sections(document: Document) -> Iterator[Mistake]:
    """Every mistake that takes two places of the document to see."""
    yield from _given_twice(document)
    yield from _own_milestones_without_name(document)
    known = _known(document)
    for path, kind, name in _references(document):
        if name not in known[kind]:
            listed = ", ".join(known[kind]) if kind != "milestone" else ""
            message = f"is not a known {kind}" + (f"; known: {listed}" if listed else "")
            yield Mistake(path, message, nearest(name, known[kind]))
    yield from _never_reached(document, known["milestone"])
    yield from _over_before_it_could_be(document)
    yield from _backwards(document)
    yield from _parts_without_joint_handling(document)
    yield from _acknowledged_without_time(document)
    yield from _ledger_without_money(document)
    if isinstance(calendars := document.get("calendars"), Mapping) and "default" not in calendars:
        yield Mistake("calendars.default", "is required: the hours where no other calendar is named")
    yield from _untranslated(document, _languages(document), "")


def _entries(document: Document, section: str) -> Iterator[tuple[str, Document]]:
    """The entries of a list of mappings, or the one mapping, each with its path."""
    found: Any = document
    for part in section.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, Mapping):
        yield section, found
    for at, entry in enumerate(found if isinstance(found, list) else ()):
        if isinstance(entry, Mapping):
            yield joined(section, at), entry


def _known(document: Document) -> dict[str, tuple[str, ...]]:
    def ids(section: str, field: str = "id") -> tuple[str, ...]:
        named = (entry.get(field) for _, entry in _entries(document, section))
        return tuple(name for name in named if isinstance(name, str))

    calendars = document.get("calendars")
    return {
        "category": ids("categories"),
        "urgency": ids("urgencies"),
        "department": ids("departments"),
        "ladder": ids("ladders"),
        "lane": ids("lanes"),
        "milestone": (*MILESTONES, ASSIGNED, *ids("steps", "milestone")),
        "calendar": tuple(calendars) if isinstance(calendars, Mapping) else (),
    }


def _references(document: Document) -> Iterator[tuple[str, str, str]]:
    """Every name that must be known: its path, what it names, the name."""
    for section, field, kind in REFERENCES:
        for path, entry in _entries(document, section):
            yield from ((at, kind, name) for at, _, name in _named_in(entry, field, joined(path, field)))
    for section, fields in CONDITIONS:
        for path, entry in _entries(document, section):
            when = entry.get("when")
            for field in fields if isinstance(when, Mapping) else ():
                yield from _named_in(when, field, joined(joined(path, "when"), field))


def _never_reached(document: Document, known: tuple[str, ...]) -> Iterator[Mistake]:
    """Milestones that something counts on, though no step reports them nor does the platform reach them itself."""
    steps = (step.get("milestone") for _, step in _entries(document, "steps"))
    reachable = {*REACHED_WITHOUT_STEP, *(milestone for milestone in steps if isinstance(milestone, str))}
    for section, field, consequence in COUNTED_ON:
        for path, entry in _entries(document, section):
            of_a_part = PART_MILESTONES if entry.get("per_department") is True else ()
            for at, _, milestone in _named_in(entry, field, joined(path, field)):
                if milestone in known and milestone not in reachable and milestone not in of_a_part:
                    message = f"no step reports {milestone}, so {consequence}: add that step, or name another"
                    yield Mistake(at, message, nearest(milestone, sorted(reachable)))


def _over_before_it_could_be(document: Document) -> Iterator[Mistake]:
    """What a complaint reaches as it comes in waits for no approval and is not reached again."""
    for section, field in (("approvals", "before"), ("reopening", "again")):
        for path, entry in _entries(document, section):
            for at, _, milestone in _named_in(entry, field, joined(path, field)):
                if milestone in TRUE_ONCE_ACKNOWLEDGED:
                    yield Mistake(at, f"{milestone} is reached as a complaint comes in: name a later milestone")
                elif milestone == "reopened":
                    yield Mistake(at, "reopened is what begins a further round: name what is done in it")
    for path, step in _entries(document, "steps"):
        if step.get("milestone") == "reopened" and step.get("optional") is not True:
            yield Mistake(path, "no case could close before it was reopened: write optional: true, or leave it out")


def _backwards(document: Document) -> Iterator[Mistake]:
    """Limits whose end lies before their beginning."""
    steps = [step.get("milestone") for _, step in _entries(document, "steps")]
    for path, limit in _entries(document, "limits"):
        start, end = limit.get("from"), limit.get("to")
        if start == end:  # said where the limit is read
            continue
        if end in TRUE_ONCE_ACKNOWLEDGED:
            backwards = start not in COMING_IN.get(end, TRUE_ONCE_ACKNOWLEDGED)
        else:
            # What a further round begins with is before all that it does.
            backwards = (
                start != "reopened" and start in steps and end in steps and _last(steps, end) < steps.index(start)
            )
        if backwards:
            yield Mistake(joined(path, "to"), f"{end} comes before {start}: a limit runs forward")


def _last(steps: list[Any], milestone: Any) -> int:
    return len(steps) - 1 - steps[::-1].index(milestone)


def _parts_without_joint_handling(document: Document) -> Iterator[Mistake]:
    """A limit of each department's part of a case needs cases that several departments handle (DI-5)."""
    if any(rule.get("joint") for _, rule in _entries(document, "routing.rules")):
        return
    for path, limit in _entries(document, "limits"):
        if limit.get("per_department") is True:
            message = "no routing rule names joint departments, so no department has a part: add joint to one"
            yield Mistake(joined(path, "per_department"), message)


def _ledger_without_money(document: Document) -> Iterator[Mistake]:
    """Where nothing is ever promised, there is no ledger to be held against the cases (DI-10)."""
    oversight = document.get("oversight")
    if isinstance(oversight, Mapping) and "ledger" in oversight and "compensation" not in document:
        message = "there is no compensation to keep a ledger of: add compensation, or leave it out"
        yield Mistake("oversight.ledger", message)


def _acknowledged_without_time(document: Document) -> Iterator[Mistake]:
    """An acknowledgement names a time where one can be promised: where a limit runs from the start (IN-3, NO-2)."""
    if not any(_runs_from_the_start(limit) for _, limit in _entries(document, "limits")):
        return
    for path, notice in _entries(document, "notices"):
        told = {name for _, _, name in _named_in(notice, "to", "")}
        if notice.get("on") != "registered" or "complainant" not in told:
            continue
        for at, text in _bodies(notice.get("templates"), joined(path, "templates")):
            if "{deadline}" not in text:
                message = "an acknowledgement names the deadline where a limit runs from the start"
                yield Mistake(at, message, "{deadline}")


def _runs_from_the_start(limit: Document) -> bool:
    promised = limit.get("to") not in (*TRUE_ONCE_ACKNOWLEDGED, *INTERNAL)
    return limit.get("from") in ("received", "registered") and promised


def _bodies(templates: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text of a notice but the subjects, each with its path."""
    for channel, template in templates.items() if isinstance(templates, Mapping) else ():
        for language in LANGUAGES if isinstance(template, Mapping) else ():
            at, text = joined(joined(path, channel), language), template.get(language)
            if isinstance(text, Mapping):
                at, text = joined(at, "body"), text.get("body")
            if isinstance(text, str):
                yield at, text


def _named_in(entry: Any, field: str, path: str) -> Iterator[tuple[str, str, str]]:
    value = entry.get(field)
    if isinstance(value, str):
        yield path, field, value
    for at, name in enumerate(value if isinstance(value, list) else ()):
        if isinstance(name, str):
            yield joined(path, at), field, name


def _given_twice(document: Document) -> Iterator[Mistake]:
    for section in SECTIONS_WITH_IDS:
        seen: dict[str, str] = {}
        for path, entry in _entries(document, section):
            name = entry.get("id")
            if isinstance(name, str) and seen.setdefault(name, path) != path:
                yield Mistake(joined(path, "id"), f"is given twice: {seen[name]} has the id {name}")


def _own_milestones_without_name(document: Document) -> Iterator[Mistake]:
    """A milestone beyond the known ones is the Procedure's own when its step names it; else it is a slip."""
    for path, step in _entries(document, "steps"):
        milestone = step.get("milestone")
        if isinstance(milestone, str) and milestone not in MILESTONES and "name" not in step:
            message = "is not a known milestone; give the step a name to make it your own"
            yield Mistake(joined(path, "milestone"), message, nearest(milestone, MILESTONES))


def _languages(document: Document) -> list[str]:
    languages = document.get("languages")
    listed = languages if isinstance(languages, list) else [languages]
    return [language for language in listed if language in LANGUAGES]


def _untranslated(value: Any, languages: list[str], path: str) -> Iterator[Mistake]:
    """Every text by language must be there in each language of the Procedure."""
    if isinstance(value, list):
        for at, item in enumerate(value):
            yield from _untranslated(item, languages, joined(path, at))
    if not isinstance(value, Mapping):
        return
    if any(language in value for language in LANGUAGES):
        for language in languages:
            if language not in value:
                message = f"is missing: the Procedure is in {', '.join(languages)}"
                yield Mistake(joined(path, language), message)
        return
    for key, item in value.items():
        yield from _untranslated(item, languages, joined(path, key))
