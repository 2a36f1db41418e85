"""Which complaints belong together (IN-8), looked for once a complaint is a case: then its category is known."""

from dataclasses import replace
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.dispatch import CaseOpened, CaseReclassified, CaseUnlinked
from libs.common.events.intake import ComplaintGrouped, ComplaintLinked
from libs.common.procedure.document import Procedure
from libs.common.procedure.likeness import GroupRules, RepeatRules
from libs.common.unit_of_work import Work
from services.intake.domain.likeness import Matter, Repeat, complainants, group_of, repeats
from services.intake.store import Store

REPEATS = "repeats"


def judge(event: CaseOpened, work: Work[Store]) -> None:
    """Link what it repeats, and tell when it is one of many, under the Procedure of its case.

    What it is judged by is kept also where nothing is looked for now: a later version may.
    """
    procedure = work.store.procedures.version(event.procedure_version)
    if procedure.likeness:
        work.store.likeness.take_turn()
    if matter := work.store.likeness.matter_of(event.subject, event.category):
        work.store.likeness.add(matter)
        _look(work, matter, procedure)


def judge_again(event: CaseReclassified, work: Work[Store]) -> None:
    """A person's word on the group wins over what is found, now and later; under another category the complaint
    is judged anew, and is then one of no group found before."""
    work.store.likeness.take_turn()
    if event.group is not None and event.group_said:
        work.store.likeness.set_apart(event.subject, not event.group)
    known = work.store.likeness.known(event.subject)
    if known is None or known.category == event.category:
        return
    work.store.likeness.correct(event.subject, event.category)
    _, procedure = work.store.procedures.in_force(known.received_at)
    _look(work, replace(known, category=event.category, group_id=None), procedure)


def dissolve(event: CaseUnlinked, work: Work[Store]) -> None:
    """A person said that it repeats nothing there; it is not found again."""
    work.store.likeness.dissolve(event.subject, event.other_id)


def _look(work: Work[Store], matter: Matter, procedure: Procedure) -> None:
    rules = procedure.likeness
    if rules and rules.repeat:
        _link(work, matter, rules.repeat)
    if rules and rules.group:
        _group(work, matter, rules.group)


def _link(work: Work[Store], matter: Matter, rules: RepeatRules) -> None:
    """Whichever of both became known first, the later one repeats the earlier one."""
    others = work.store.likeness.of_person_or_unit(matter, rules.span)
    for each in work.store.likeness.link(repeats(matter, others, rules), work.now):
        _say_linked(work, each)


def _say_linked(work: Work[Store], found: Repeat) -> None:
    work.record(
        ComplaintLinked(
            tenant_id=work.tenant_id,
            subject=found.later.complaint_id,
            occurred_at=work.now,
            other_id=found.earlier.complaint_id,
            relation=REPEATS,
            same=found.same,
        )
    )


def _group(work: Work[Store], matter: Matter, rules: GroupRules) -> None:
    """All of one event are one group: what joins two groups makes them one, under the older one's id."""
    ground = matter.ground(rules.at)
    if ground is None:
        return
    found = group_of(matter, work.store.likeness.nearby(matter, rules.at, rules.span), rules)
    if not found:
        return
    before = sorted({each.group_id for each in found if each.group_id})
    group_id = before[0] if before else uuids.uuid7()
    members = {each.complaint_id: each for each in (*work.store.likeness.group(before), *found)}
    joining = [each for each in members.values() if each.group_id != group_id]
    work.store.likeness.join(joining, group_id)
    label = work.store.known.place_label(ground)
    for each in sorted(joining, key=lambda one: one.moment):
        _say_grouped(work, each.complaint_id, group_id, label, list(members.values()))


def _say_grouped(
    work: Work[Store], complaint_id: UUID, group_id: UUID, place_label: str | None, members: list[Matter]
) -> None:
    work.record(
        ComplaintGrouped(
            tenant_id=work.tenant_id,
            subject=complaint_id,
            occurred_at=work.now,
            group_id=group_id,
            category=members[0].category,
            place_label=place_label,
            complaints=len(members),
            complainants=complainants(members),
            since=min(each.received_at for each in members),
        )
    )
