"""A case taken up to be worked on: found, seen to be this person's business, and its steps put on record."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.common.events import Event
from libs.common.privacy.masking import mask_text
from libs.common.unit_of_work import Work
from services.dispatch.domain import chain
from services.dispatch.domain.case import Case
from services.dispatch.domain.next_steps import refusal, required
from services.dispatch.domain.parts import Part
from services.dispatch.domain.permissions import SEE, Actor, allowed
from services.dispatch.domain.refusals import Refusal, unless_given
from services.dispatch.domain.situation import ASKED, Situation, situation
from services.dispatch.domain.together import part_refusal, part_required
from services.dispatch.store import Store

WRITTEN_BY_PEOPLE = ("note", "reason", "handover", "text", "prevention", "party", "report", "cause_text", "plan_text")


# Who stands in the evidence without being one of the people.
MACHINES = ("complainant", "staff", "dispatch", "sla", "notify")


class NoSuchCase(Exception):
    """There is no case of this id that you may see."""


class NoSuchPart(Exception):
    """The case has no part of this id."""


class CaseChanged(Exception):
    """The case changed since you read it; read it again."""


@dataclass(frozen=True)
class Handling:
    """A case in the hands of one person, kept from others until the unit of work ends.

    `given` is what the person sent, its texts masked: contact data that staff write down has no place here.
    """

    work: Work[Store]
    actor: Actor
    person_id: UUID
    now: Situation
    given: Mapping[str, Any]

    @property
    def case(self) -> Case:
        return self.now.case


def take_up(
    work: Work[Store],
    actor: Actor,
    complaint_id: UUID,
    action: str,
    given: Mapping[str, Any],
    *,
    version: int | None = None,
) -> Handling:
    """The case, ready for this step.

    `version` is the length of its evidence chain as the person saw it, None: whatever it is now. Raises
    NoSuchCase (also for a case the person may not see), CaseChanged, and the Refusal of the step.
    """
    now = _unchanged(work, actor, complaint_id, version)
    refused = refusal(action, actor, now, given)
    refused = refused or unless_given(required(action, now, given), given)
    return _in_hands(work, actor, now, given, refused)


def take_up_part(
    work: Work[Store],
    actor: Actor,
    complaint_id: UUID,
    part_id: UUID,
    action: str,
    given: Mapping[str, Any],
    *,
    version: int | None = None,
) -> tuple[Handling, Part]:
    """A department's part of the case, ready for this step. Raises as `take_up`, and NoSuchPart."""
    now = _unchanged(work, actor, complaint_id, version)
    part = now.case.part(part_id)
    if part is None:
        raise NoSuchPart
    refused = part_refusal(action, actor, now.case, part) or unless_given(part_required(action, given), given)
    return _in_hands(work, actor, now, given, refused), part


def _unchanged(work: Work[Store], actor: Actor, complaint_id: UUID, version: int | None) -> Situation:
    now = look_at(work.store, actor, complaint_id, work.now, to_change=True)
    if version is not None and version != now.case.head.count:
        raise CaseChanged
    return now


def _in_hands(
    work: Work[Store], actor: Actor, now: Situation, given: Mapping[str, Any], refused: Refusal | None
) -> Handling:
    if refused:
        raise refused
    assert actor.person_id is not None  # a program was refused above
    return Handling(work, actor, actor.person_id, now, {k: _masked(k, v) for k, v in given.items()})


def look_at(store: Store, actor: Actor, complaint_id: UUID, at: datetime, *, to_change: bool = False) -> Situation:
    """The case at the moment `at` under its Procedure. Raises NoSuchCase, also for one that the actor may not see."""
    now = situation_of(store, complaint_id, at, to_change=to_change)
    if allowed(SEE, actor, now.case):
        raise NoSuchCase
    return now


def situation_of(store: Store, complaint_id: UUID, at: datetime, *, to_change: bool = False) -> Situation:
    """The case at the moment `at` under its Procedure, whoever asks. Raises NoSuchCase."""
    case = store.cases.find(complaint_id, to_change=to_change)
    if case is None:
        raise NoSuchCase
    procedure = store.procedures.version(case.procedure_version)
    progress = store.steps.progress(complaint_id, case.round)
    promised = store.money.promised(complaint_id) if procedure.compensation else ()
    present = _who_could_decide(store, at) if ASKED in progress.approvals.values() else ()
    return situation(case, procedure, progress, at, store.staff.zone(), promised, present)


def _who_could_decide(store: Store, at: datetime) -> tuple[Actor, ...]:
    """Everybody who works there and is not away."""
    staff = store.staff.at(at)
    here = (person for person in staff.people if person.id not in staff.away)
    return tuple(Actor(person.id, frozenset(person.roles), frozenset(person.departments)) for person in here)


def put_on_record(
    work: Work[Store],
    case: Case,
    actor: str,
    action: str,
    facts: Mapping[str, Any],
    words: Mapping[str, str | None] | None = None,
    **changes: Any,
) -> None:
    """Add a step to the case's evidence and make the step's changes to the case, once per unit of work."""
    added = next_link(work, case.complaint_id, case.head, actor, action, facts, words)
    work.store.evidence.add(added)
    if actor not in MACHINES and (case.closed or case.assignee_id is None or actor == str(case.assignee_id)):
        changes = {"unread": False, **changes}  # who has the case, or sees to one that nobody has, has read it
    work.store.cases.change(case.complaint_id, evidence_count=added.step.n, evidence_hash=added.hash, **changes)


def next_link(
    work: Work[Store],
    complaint_id: UUID,
    head: chain.Head,
    actor: str,
    action: str,
    facts: Mapping[str, Any],
    words: Mapping[str, str | None] | None = None,
) -> chain.Link:
    """The step that follows `head`. `words` are what people wrote: only their digest goes into the hash."""
    said = {name: text for name, text in (words or {}).items() if text}
    # The salt keeps short words from being guessed from their digest once they are erased.
    kept = chain.canonical({**said, "salt": secrets.token_hex(16)}) if said else None
    step = chain.Step(
        complaint_id=complaint_id,
        n=head.count + 1,
        at=work.now,
        actor=actor,
        action=action,
        details=chain.details_of(facts, kept),
        words=kept,
    )
    return chain.Link(step, head.hash, chain.link(head.hash, step))


def say(work: Work[Store], complaint_id: UUID, event: Callable[..., Event], **fields: Any) -> None:
    """Let the other services know, once the transaction commits."""
    work.record(event(tenant_id=work.tenant_id, subject=complaint_id, occurred_at=work.now, **fields))


def _masked(name: str, value: Any) -> Any:
    return mask_text(value.strip()) if name in WRITTEN_BY_PEOPLE and isinstance(value, str) else value
