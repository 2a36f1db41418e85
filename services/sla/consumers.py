"""What wakes sla."""

from libs.common.events.dispatch import (
    CaseAssigned,
    CaseClosed,
    CaseGrouped,
    CaseOpened,
    CasePaused,
    CaseReclassified,
    CaseReopened,
    CaseResumed,
    CaseTransferred,
    ExtensionGranted,
    MilestoneReached,
    PartChanged,
)
from libs.common.events.notify import NoticeDelivered
from libs.common.events.tenants import ProcedurePublished, TenantCreated
from libs.common.inbox import Subscriptions
from services.sla.handlers import cases, extending, parts, rules, waiting
from services.sla.store import Store

SUBSCRIPTIONS: Subscriptions[Store] = {
    TenantCreated: rules.keep_zone,
    ProcedurePublished: rules.keep_procedure,
    CaseOpened: cases.start_case,
    MilestoneReached: cases.reach_milestone,
    CaseAssigned: cases.assign,
    CaseReclassified: cases.reclassify,
    CaseGrouped: cases.group,
    CaseTransferred: cases.transfer,
    PartChanged: parts.change_part,
    CasePaused: waiting.pause_case,
    CaseResumed: waiting.resume_case,
    ExtensionGranted: extending.grant_extension,
    NoticeDelivered: extending.hear_of_telling,
    CaseClosed: cases.close,
    CaseReopened: cases.reopen,
}
