"""What changed from one Procedure to another, in sentences for the people who decide on it (PO-4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from libs.common.procedure.conditions import Localised
from libs.common.procedure.document import Procedure, in_language
from libs.common.procedure.field_names import FIELDS, SECTIONS
from libs.common.procedure.mistakes import joined
from libs.common.procedure.reading import as_document
from libs.common.procedure.vocabulary import LANGUAGES

SENTENCES: Mapping[str, Localised] = {
    "new_entry": {"zh-Hans": "{what}：新增，{after}", "en": "{what} is new: {after}"},
    "gone_entry": {"zh-Hans": "{what}：删除", "en": "{what} is gone"},
    "order": {"zh-Hans": "{what}：顺序改为{after}", "en": "{what}: the order becomes {after}"},
    "new": {"zh-Hans": "{what}：{field}新增为{after}", "en": "{what}: {field} is new: {after}"},
    "gone": {"zh-Hans": "{what}：{field}不再是{before}", "en": "{what}: {field} {before} is gone"},
    "added": {"zh-Hans": "{what}：{field}增加{after}", "en": "{what}: {field} gains {after}"},
    "removed": {"zh-Hans": "{what}：{field}减少{before}", "en": "{what}: {field} loses {before}"},
    "replaced": {
        "zh-Hans": "{what}：{field}减少{before}，增加{after}",
        "en": "{what}: {field} loses {before}, gains {after}",
    },
    "changed": {"zh-Hans": "{what}：{field}由{before}改为{after}", "en": "{what}: {field} {before} becomes {after}"},
}
YES_NO: Mapping[bool, Localised] = {True: {"zh-Hans": "是", "en": "yes"}, False: {"zh-Hans": "否", "en": "no"}}
COMMA: Localised = {"zh-Hans": "、", "en": ", "}
LISTS = {
    "categories": "id",
    "urgencies": "id",
    "departments": "id",
    "routing.rules": "id",
    "steps": "milestone",
    "limits": "id",
    "ladders": "id",
    "notices": "id",
    "lanes": "id",
    "approvals": "id",
}
"""Sections whose entries have a name of their own, and the field that holds it."""


@dataclass(frozen=True)
class Difference:
    """One change. `section` is the part of the document, `id` the entry in it (None: the part itself)."""

    section: str
    id: str | None
    field: str
    words: Localised


def differences(before: Procedure, after: Procedure) -> tuple[Difference, ...]:
    """Every change, in the order of the document; none exactly when both are the same Procedure."""
    old, new = _in_sections(as_document(before)), _in_sections(as_document(after))
    return tuple(found for section in _either(old, new) for found in _section(section, old, new))


def _in_sections(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the routing rules as a section of their own, as all other lists with ids are."""
    routing = dict(document.get("routing", {}))
    rules = routing.pop("rules", [])
    parts: dict[str, Any] = {}
    for section, content in document.items():
        parts |= {"routing": routing, "routing.rules": rules} if section == "routing" else {section: content}
    return parts


def _section(section: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    if section in LISTS:
        yield from _entries(section, _by_name(section, old), _by_name(section, new))
    elif section == "calendars":
        yield from _entries(section, old[section], new[section])
    else:
        yield from _within(section, None, {section: old.get(section)}, {section: new.get(section)})


def _by_name(section: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    """The entries by their names; a milestone that has several steps counts them: `on_site`, `on_site (2)`."""
    found: dict[str, Any] = {}
    for entry in parts.get(section, ()):
        name, times = entry[LISTS[section]], 1
        while (called := name if times == 1 else f"{name} ({times})") in found:
            times += 1
        found[called] = entry
    return found


def _entries(section: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in _either(old, new):
        if name not in old:
            # What it is called within the document is said already.
            content = {key: value for key, value in new[name].items() if key != LISTS.get(section)}
            yield _said("new_entry", section, name, after=content)
        elif name not in new:
            yield _said("gone_entry", section, name)
        else:
            yield from _within(section, name, old[name], new[name])
    # The order of calendars says nothing; that of rules, categories and urgencies decides.
    kept = [name for name in new if name in old]
    if section in LISTS and (kept != [name for name in old if name in new] or _moved(list(old), list(new))):
        yield _said("order", section, None, after=list(new))


def _moved(old: list[str], new: list[str]) -> bool:
    """Whether a new entry stands before one that was there, so that it is asked first."""
    last_kept = max((at for at, name in enumerate(new) if name in old), default=-1)
    return any(name not in old for name in new[:last_kept])


def _within(
    section: str, name: str | None, old: Mapping[str, Any], new: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[Difference]:
    for key in _either(old, new):
        before, after = old.get(key), new.get(key)
        path = (*above, key)
        if before == after:
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _within(section, name, before, after, path)
        elif isinstance(before, list) and isinstance(after, list) and _are_entries(before) and _are_entries(after):
            yield from _within(section, name, _numbered(before), _numbered(after), path)
        else:
            called = path if name or len(path) == 1 else path[1:]
            yield _said(*_how(before, after, section, name, called))


def _how(before: Any, after: Any, *where: Any) -> tuple[Any, ...]:
    """How to say it; of two lists of words only those that came and went, of the same words the order."""
    if before is None or after is None:
        return "new" if before is None else "gone", *where, before, after
    if isinstance(before, list) and isinstance(after, list):
        added, removed = (
            [each for each in one if each not in other] for one, other in ((after, before), (before, after))
        )
        if added or removed:
            how = "replaced" if added and removed else "added" if added else "removed"
            return how, *where, removed, added
    return "changed", *where, before, after


def _are_entries(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(entry, Mapping) for entry in values)


def _numbered(entries: Iterable[Any]) -> dict[str, Any]:
    return {str(at): entry for at, entry in enumerate(entries, start=1)}


def _either(old: Iterable[str], new: Iterable[str]) -> list[str]:
    """The keys of both, each once: those of the new one in its order, then what is gone."""
    return list(dict.fromkeys((*new, *old)))


def _said(
    how: str, section: str, name: str | None, path: tuple[str, ...] = (), before: Any = None, after: Any = None
) -> Difference:
    words = {}
    for language, sentence in SENTENCES[how].items():
        called = SECTIONS.get(section, {}).get(language, section)
        blanks = {
            "what": f"{called} *{name}*" if name else called,
            "field": " › ".join(FIELDS.get(key, {}).get(language, key) for key in path),
            "before": _value(before, language),
            "after": _value(after, language),
        }
        words[language] = _in_capitals(sentence.format(**blanks))
    field = ""
    for key in path:
        field = joined(field, key)
    return Difference(section, name, field, words)


def _in_capitals(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _value(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return YES_NO[value][language]
    if isinstance(value, Mapping) and value.keys() <= set(LANGUAGES):
        return in_language(value, language)
    if isinstance(value, Mapping):
        parts = (f"{FIELDS.get(key, {}).get(language, key)} {_value(part, language)}" for key, part in value.items())
        return f"({COMMA[language].join(parts)})"
    if isinstance(value, list):
        return COMMA[language].join(_value(part, language) for part in value) or "–"
    return str(value)
