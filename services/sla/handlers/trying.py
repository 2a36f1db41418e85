"""Trying the limits of a Procedure that is not in force: on facts that are given, on past cases. Nothing is kept."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

from libs.common.previewing import Findings
from libs.common.procedure.conditions import Facts
from libs.common.procedure.document import Limit, Procedure
from services.sla.domain.case import Case
from services.sla.domain.deadlines import Deadline
from services.sla.domain.preview import Moved, deadlines_for, moved
from services.sla.domain.wording import explain
from services.sla.handlers.viewing import SHOWN_IN
from services.sla.store import Store


class NotAcceptable(Exception):
    """Something given does not fit the Procedure."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("Some fields are missing or wrong.")
        self.errors = errors


def try_deadlines(store: Store, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each limit that would hold for these facts: by when, and why; the earliest due first.

    Limits whose first milestone is not `reached` come last, without times. Raises CandidateRefused, NotAcceptable.
    """
    procedure = store.rules.candidate(given)
    asked = given["facts"]
    _must_have(procedure, asked, given["reached"])
    received_at = given["received_at"]
    facts = Facts(**asked, received_at=received_at.astimezone(store.rules.zone()))
    reached = {"received": received_at, "registered": received_at} | given["reached"]
    begun = deadlines_for(procedure, facts, reached)
    shown = [_shown(limit, due) for limit, due in begun if due] + [_waiting(limit) for limit, due in begun if not due]
    return sorted(shown, key=lambda limit: (limit["due_at"] is None, limit["due_at"] or received_at))


def preview(store: Store, given: Mapping[str, Any], departments: Collection[str] | None) -> dict[str, Any]:
    """Which limits of past cases would have ended at another time; see `domain.preview.moved`.

    `departments` None: those of every department. Raises CandidateRefused, NotAcceptable.
    """
    candidate, zone = store.rules.candidate(given), store.rules.zone()
    becoming: Mapping[UUID, Mapping[str, Any]] = given["becoming"]
    _must_know(candidate, becoming)
    findings, late = Findings(given), Counter[str]()
    span = given["received_from"], given["received_to"]
    for case in findings.of(store.cases.received(*span, departments, limit=given["limit"] + 1)):
        before = store.rules.procedure(case.procedure_version)
        changes = list(moved(case, before, candidate, zone, becoming.get(case.complaint_id, {})))
        late.update(name for each in changes for name in ("late_before", "late_after") if getattr(each, name))
        findings.add(changes, partial(_row, case))
    return findings.answer() | {name: late[name] for name in ("late_before", "late_after")}


def _must_have(procedure: Procedure, asked: Mapping[str, Any], reached: Mapping[str, Any]) -> None:
    errors = _unknown(procedure, asked, "#/facts")
    errors += [
        {"detail": "is not a milestone of this Procedure", "pointer": f"#/reached/{milestone}"}
        for milestone in reached
        if milestone not in procedure.milestones
    ]
    if errors:
        raise NotAcceptable(errors)


def _must_know(procedure: Procedure, becoming: Mapping[UUID, Mapping[str, Any]]) -> None:
    errors = [each for id, what in becoming.items() for each in _unknown(procedure, what, f"#/becoming/{id}")]
    if errors:
        raise NotAcceptable(errors)


def _unknown(procedure: Procedure, named: Mapping[str, Any], at: str) -> list[dict[str, str]]:
    """What is named of the Procedure's own and is not there."""
    known = {
        "category": [each.id for each in procedure.categories],
        "urgency": [each.id for each in procedure.urgencies],
        "department": [each.id for each in procedure.departments],
    }
    return [
        {"detail": f"is not in this Procedure; it has: {', '.join(ids)}", "pointer": f"{at}/{name}"}
        for name, ids in known.items()
        if name in named and named[name] not in ids
    ]


def _about(limit: Limit) -> dict[str, Any]:
    return {
        "limit_id": limit.id,
        "name": dict(limit.name),
        "milestone_from": limit.milestone_from,
        "milestone_to": limit.milestone_to,
    }


def _shown(limit: Limit, due: Deadline) -> dict[str, Any]:
    lines = zip(*(explain(due, language) for language in SHOWN_IN), strict=True)
    return _about(limit) | {
        "started_at": due.started_at,
        "due_at": due.due_at,
        "warn_at": due.warn_at,
        "provisional": due.provisional,
        "explanation": [dict(zip(SHOWN_IN, line, strict=True)) for line in lines],
    }


def _waiting(limit: Limit) -> dict[str, Any]:
    none = dict.fromkeys(("started_at", "due_at", "warn_at"))
    return _about(limit) | none | {"provisional": False, "explanation": []}


def _row(case: Case, change: Moved) -> dict[str, Any]:
    about = {"complaint_id": case.complaint_id, "received_at": case.reached["received"]}
    return about | {"department": case.department} | asdict(change)
