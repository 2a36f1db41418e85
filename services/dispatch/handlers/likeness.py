"""Intake found which complaints belong together (IN-8): repeats are linked, a group event has its own plan."""

from dataclasses import replace
from typing import Any

from libs.common.events.dispatch import CaseGrouped
from libs.common.events.intake import ComplaintGrouped, ComplaintLinked
from libs.common.procedure.document import in_language
from libs.common.unit_of_work import Work
from services.dispatch.domain.case import Case
from services.dispatch.domain.grouping import Event, why_grouped
from services.dispatch.domain.opening import reason
from services.dispatch.handlers.group_event import hear_statement
from services.dispatch.handlers.handling import put_on_record, say
from services.dispatch.handlers.hearing import case_of
from services.dispatch.handlers.linking import link
from services.dispatch.handlers.rerouting import carry_through, reroute
from services.dispatch.store import Store


def link_repeat(event: ComplaintLinked, work: Work[Store]) -> None:
    """The case repeats an earlier one."""
    case = case_of(work, event.subject)
    link(work, case.complaint_id, event.other_id, event.relation, None)
    facts = {"other": event.other_id, "relation": event.relation, "same": event.same}
    put_on_record(work, case, "intake", "linked", facts, repeats=case.repeats + 1)


def join_group(event: ComplaintGrouped, work: Work[Store]) -> None:
    """The case is one of many: it is marked so, with the reason in words, and the rules for groups are asked.

    What a person said stays: a case that was taken out of its group is left alone. A closed one is only marked,
    and so is one that was marked before.
    """
    case = case_of(work, event.subject)
    if case.group_by_hand and not case.group:
        return
    facts: dict[str, Any] = {
        name: getattr(event, name) for name in ("group_id", "complaints", "complainants", "category", "since")
    } | {"place": event.place_label}
    changes: dict[str, Any] = {"group": True}
    if not (case.group or case.closed):
        changes, brought = _ask_rules(event, work, case)
        facts |= brought | hear_statement(work, case, event.group_id)
    put_on_record(work, case, "intake", "grouped", facts, **changes, group_id=event.group_id)


def _ask_rules(event: ComplaintGrouped, work: Work[Store], case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    """Urgency, department and mark as the rules have them for a group; who else is wanted now is brought in."""
    procedure = work.store.procedures.version(case.procedure_version)
    found = reroute(work, case, replace(case, group=True), procedure, ())
    since = event.since.astimezone(work.store.staff.zone())
    why = why_grouped(Event(event.complaints, event.complainants, event.category, event.place_label, since), procedure)
    marks = {name: getattr(found.case, name) for name in ("urgency", "major", "department")}
    say(work, case.complaint_id, CaseGrouped, group_id=event.group_id, **marks)
    changes, brought = carry_through(work, case, found, procedure, in_language(why, work.store.staff.house().language))
    changes["reasons"] = [reason(why), *changes["reasons"]]
    return changes, brought
