"""One complaint's life in order, gathered from what each service knows of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.portal.domain.deadlines import moment

LAST = datetime.max.replace(tzinfo=UTC)
STAGES = ("received", "handed_over", "being_solved", "answered", "closed")
REACHED_BY = {
    "handed_over": {"routed", "accepted"},
    "being_solved": {"contacted", "on_site", "first_measures", "verified", "cause_found", "planned"}
    | {"approved", "carried_out"},
    "answered": {"result_written", "result_spoken", "surveyed"},
    "closed": {"closed", "archived"},
}


@dataclass(frozen=True)
class StoryLine:
    """One thing that happened. `at` is None when the service did not say when."""

    at: datetime | None
    kind: str
    """milestone, transfer, escalation, result, wait, extension, approval, finding, note, call, message or notice"""
    what: Mapping[str, Any]


def story(case: Mapping[str, Any], messages: Iterable[Any], notices: Iterable[Any]) -> list[StoryLine]:
    """Everything that happened to a case, the earliest first; what has no time stands last."""
    lines = [
        *_lines("milestone", case.get("milestones"), "at"),
        *_lines("transfer", case.get("transfers"), "at"),
        *_lines("escalation", case.get("escalations"), "at"),
        *_lines("result", case.get("results"), "at"),
        *_lines("wait", case.get("waits"), "at"),
        *_lines("extension", case.get("extensions"), "at"),
        *_lines("approval", case.get("approvals"), "at"),
        *_lines("finding", case.get("findings"), "at"),
        *_lines("note", case.get("notes"), "at"),
        *_lines("call", case.get("summons"), "at"),
        *_lines("message", messages, "at"),
        *_lines("notice", notices, "delivered_at", "handed_at", "at"),
    ]
    return sorted(lines, key=lambda line: line.at or LAST)


def stage_of(milestones: Iterable[str], *, closed: bool) -> int:
    """How far along STAGES a complaint is, 0 to 4, by the furthest milestone it has reached."""
    if closed:
        return len(STAGES) - 1
    reached = set(milestones)
    return max((n for n, stage in enumerate(STAGES) if REACHED_BY.get(stage, set()) & reached), default=0)


def _lines(kind: str, items: Iterable[Any] | None, *times: str) -> list[StoryLine]:
    return [
        StoryLine(next(filter(None, (moment(item.get(name)) for name in times)), None), kind, item)
        for item in items or ()
        if isinstance(item, dict)
    ]
