"""A person corrects what the case was taken for (IN-6, IN-8, SL-7)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from libs.common.events.dispatch import CaseReclassified
from libs.common.procedure.conditions import Localised
from libs.common.procedure.document import Procedure
from services.dispatch.domain.case import Case
from services.dispatch.domain.next_steps import FLAGS
from services.dispatch.domain.opening import reason
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.handlers.handling import Handling, put_on_record, say
from services.dispatch.handlers.rerouting import carry_through, reroute

CORRECTED = ("category", "urgency", "department", *FLAGS)
LEFT_GROUP: Localised = MappingProxyType(
    {"zh-Hans": "类别更正后不再属于原群体投诉", "en": "under its category it is not one of the group event"}
)
STILL_MAJOR: Localised = MappingProxyType(
    {
        "zh-Hans": "类别更正后不再属于原群体投诉；是否仍为重大投诉由人工决定",
        "en": "under its category it is not one of the group event; whether it is major is for a person to say",
    }
)


def reclassify(handling: Handling) -> None:
    """The correction wins, and the case is routed anew. Whoever says whether it is one of a group is believed from
    then on, whatever is found later. What was found to be one leaves its group with its category; whether it is
    major still is for a person to say."""
    work, case, given = handling.work, handling.case, handling.given
    procedure = work.store.procedures.version(case.procedure_version)
    found = reroute(work, case, _corrected(handling, procedure), procedure, given)
    corrected = found.case
    say(
        work,
        case.complaint_id,
        CaseReclassified,
        old_category=case.category,
        old_urgency=case.urgency,
        category=corrected.category,
        urgency=corrected.urgency,
        department=corrected.department,
        by=handling.person_id,
        reason=given["reason"],
        group_said="group" in given,
        **{flag: getattr(corrected, flag) for flag in FLAGS if getattr(corrected, flag) != getattr(case, flag)},
    )
    changes, brought = carry_through(work, case, found, procedure, given["reason"])
    facts: dict[str, Any] = {name: [getattr(case, name), getattr(corrected, name)] for name in CORRECTED}
    if "group" in given:
        changes["group_by_hand"] = True
    if not corrected.group:
        changes["group_id"] = None
    if _leaves_group(case, given):
        changes["reasons"] = [*changes["reasons"], reason(STILL_MAJOR if corrected.major else LEFT_GROUP)]
    words = {"reason": given["reason"]}
    put_on_record(work, case, str(handling.person_id), "reclassified", facts | brought, words, **changes)


def _leaves_group(case: Case, given: Mapping[str, Any]) -> bool:
    """It was found to be one of many about one category, and is of another; no person said that it is one."""
    other = given.get("category", case.category) != case.category
    return other and "group" not in given and case.group and not case.group_by_hand


def _corrected(handling: Handling, procedure: Procedure) -> Case:
    case, given = handling.case, handling.given
    category, urgency = given.get("category", case.category), given.get("urgency", case.urgency)
    if procedure.category(category) is None:
        known = ", ".join(each.id for each in procedure.categories)
        raise NotAcceptable.field("category", f"is no category here; the categories: {known}")
    if procedure.urgency(urgency) is None:
        known = ", ".join(each.id for each in procedure.urgencies)
        raise NotAcceptable.field("urgency", f"is no urgency here; the urgencies: {known}")
    flags = {flag: given[flag] for flag in FLAGS if flag in given}
    if _leaves_group(case, given):
        flags["group"] = False
    corrected = replace(case, category=category, urgency=urgency, **flags)
    if corrected == case:
        raise NotAcceptable.field("category", "give something that differs from what the case has")
    return corrected
