"""What staff see: work lists, the case page, the evidence (PO-2)."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.dispatch.domain import chain, cursor
from services.dispatch.domain.closing import missing_to_close
from services.dispatch.domain.next_steps import next_steps
from services.dispatch.domain.permissions import Actor, sight
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.together import offered_on
from services.dispatch.handlers.handling import look_at, situation_of
from services.dispatch.handlers.ledger import shown_with_names
from services.dispatch.store import Store

# In the records of a case.
PEOPLE = ("by", "from_person", "to_person", "ended_by", "decided_by", "assignee", "head", "person", "answered_by")


def work_list(
    store: Store,
    actor: Actor,
    *,
    view: str,
    state: str,
    department: str | None,
    after: str | None,
    limit: int,
    now: datetime,
) -> dict[str, Any]:
    """One page of the cases this person may see, the next due first. Raises NotAcceptable for a bad cursor.

    `view`: mine, department (the person's own departments), absent (with somebody who is away now or left, or with
    nobody), or all there are to see.
    """
    departments = actor.departments if view == "department" else None
    if department is not None:
        departments = frozenset({department}) & (departments if departments is not None else {department})
    rows = store.lists.page(
        sight(actor),
        held_by=_holders(store, actor, view, now),
        departments=departments,
        incidents_too=view == "absent",
        state=state,
        after=cursor.read(after) if after else None,
        limit=limit + 1,
    )
    return {
        "items": [_row(row) for row in rows[:limit]],
        "next_cursor": _place_of(rows[limit - 1]) if len(rows) > limit else None,
    }


def _holders(store: Store, actor: Actor, view: str, now: datetime) -> Collection[UUID] | None:
    """Whose cases the view shows; None: everybody's. A program has no cases of its own."""
    if view == "absent":
        return store.absences.away(now).keys()
    if view == "mine":
        return [actor.person_id] if actor.person_id else []
    return None


def case_page(store: Store, actor: Actor, complaint_id: UUID, at: datetime) -> dict[str, Any]:
    """Everything known of a case at the moment `at`, with what this person may do next. Raises NoSuchCase."""
    return _page(store, actor, look_at(store, actor, complaint_id, at))


def page_after_step(store: Store, actor: Actor, complaint_id: UUID, at: datetime) -> dict[str, Any]:
    """The case as the step left it: also for who has just passed it out of their own sight."""
    return _page(store, actor, situation_of(store, complaint_id, at))


def _page(store: Store, actor: Actor, now: Situation) -> dict[str, Any]:
    complaint_id = now.case.complaint_id
    row = store.cases.row(complaint_id)
    assert row is not None  # it was just looked at
    records = {
        "milestones": store.records.milestones(complaint_id),
        "transfers": store.records.transfers(complaint_id),
        "results": store.records.results(complaint_id),
        "escalations": store.records.escalations(complaint_id),
        "parts": store.parts.rows(complaint_id),
        "summons": store.calls.rows(complaint_id),
        **store.steps.story(complaint_id),
    }
    names = store.staff.names(_people_in(now, records))
    return {
        **row,
        "summary": row["text"][:120],
        "assignee": _who(row["assignee_id"], names),
        "people": {role: _who(row[f"{role}_id"], names) for role in ("assignee", "head", "coordinator")},
        **{name: [_record(each, names) for each in found] for name, found in records.items()},
        "parts": [_part(each, now, actor, names) for each in records["parts"]],
        "group_leader": _who(now.case.leader_id, names),
        "group_members": store.cases.of_group(now.case.group_id),
        "missing_to_close": [] if now.case.closed else missing_to_close(now),
        "compensations": shown_with_names(store, store.money.of(complaint_id) if now.money.entries else ()),
        "next_steps": next_steps(now, actor),
    }


def evidence_of(store: Store, actor: Actor, complaint_id: UUID, at: datetime) -> dict[str, Any]:
    """The evidence chain, and whether every step is as it was written (PR-4). Raises NoSuchCase."""
    case = look_at(store, actor, complaint_id, at).case
    links = store.evidence.of(complaint_id)
    names = store.staff.names([UUID(each.step.actor) for each in links if _is_person(each.step.actor)])
    first_bad = chain.verify(links, case.head)
    return {
        "items": [_evidence_step(each, names) for each in links],
        "intact": first_bad is None,
        "first_bad": first_bad,
    }


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    assignee = {"id": row["assignee_id"], "name": row["assignee_name"]} if row["assignee_id"] else None
    return {**row, "assignee": assignee}


def _place_of(row: Mapping[str, Any]) -> str:
    return cursor.write(cursor.Place(row["queue_at"], row["received_at"], row["complaint_id"]))


def _people_in(now: Situation, records: Mapping[str, Collection[Mapping[str, Any]]]) -> set[UUID]:
    ids = {now.case.assignee_id, now.case.head_id, now.case.coordinator_id, now.case.group_leader_id}
    for row in (row for found in records.values() for row in found):
        ids |= {row.get(f"{name}_id") for name in PEOPLE}
        ids |= {UUID(each) for each in row.get("people", ())}
    return {each for each in ids if each is not None}


def _record(row: Mapping[str, Any], names: Mapping[UUID, str]) -> dict[str, Any]:
    """A milestone, transfer, wait, part or the like, with people by name."""
    return {
        **row,
        **{name: _who(row.get(f"{name}_id"), names) for name in PEOPLE},
        "people": [_who(UUID(each), names) for each in row.get("people", ())],
    }


def _part(row: Mapping[str, Any], now: Situation, actor: Actor, names: Mapping[UUID, str]) -> dict[str, Any]:
    part = now.case.part(row["part_id"])
    assert part is not None  # it was read with the case
    return {**_record(row, names), "next_steps": offered_on(part, actor, now.case)}


def _who(person_id: UUID | None, names: Mapping[UUID, str]) -> dict[str, Any] | None:
    return {"id": person_id, "name": names.get(person_id)} if person_id else None


def _evidence_step(link: chain.Link, names: Mapping[UUID, str]) -> dict[str, Any]:
    """The step with the words beside it, while they are kept."""
    step = link.step
    words: dict[str, Any] = json.loads(step.words) if step.words else {}
    words.pop("salt", None)
    return {
        "n": step.n,
        "at": step.at,
        "actor": step.actor,
        "actor_name": names.get(UUID(step.actor)) if _is_person(step.actor) else None,
        "action": step.action,
        "details": {**json.loads(step.details), **words},
        "hash": link.hash.hex(),
    }


def _is_person(actor: str) -> bool:
    return "-" in actor
