"""What wakes notify."""

from libs.common.events.dispatch import (
    CaseAlerted,
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseGrouped,
    CaseLinked,
    CaseOpened,
    CasePaused,
    CaseReclassified,
    CaseReopened,
    CaseSummoned,
    CaseUnlinked,
    ExtensionGranted,
    MessageReceived,
    MilestoneReached,
    PartChanged,
    ResultGiven,
)
from libs.common.events.sla import (
    ClockBreached,
    ClockMet,
    ClockMoved,
    ClockPaused,
    ClockStarted,
    ClockStopped,
    ClockWarned,
)
from libs.common.events.tenants import PersonChanged, ProcedurePublished, TenantCreated
from libs.common.inbox import Subscriptions
from services.notify.handlers import hearing
from services.notify.store import Store

SUBSCRIPTIONS: Subscriptions[Store] = {
    TenantCreated: hearing.welcome_tenant,
    ProcedurePublished: hearing.keep_procedure,
    PersonChanged: hearing.keep_person,
    CaseOpened: hearing.open_case,
    CaseAssigned: hearing.assign_case,
    PartChanged: hearing.tell_sharing,
    CaseReclassified: hearing.reclassify_case,
    CaseGrouped: hearing.group_case,
    CaseClosed: hearing.close_case,
    CaseLinked: hearing.merge_case,
    CaseUnlinked: hearing.take_apart,
    CaseReopened: hearing.reopen_case,
    CasePaused: hearing.tell_waiting,
    ExtensionGranted: hearing.tell_extended,
    MilestoneReached: hearing.reach_milestone,
    CaseAlerted: hearing.alert_people,
    CaseSummoned: hearing.summon_person,
    CaseEscalated: hearing.alert_escalated,
    MessageReceived: hearing.tell_message,
    ResultGiven: hearing.tell_result,
    ClockStarted: hearing.start_clock,
    ClockPaused: hearing.pause_clock,
    ClockMoved: hearing.move_clock,
    ClockMet: hearing.end_clock,
    ClockStopped: hearing.end_clock,
    ClockWarned: hearing.alert_warned,
    ClockBreached: hearing.alert_breached,
}
