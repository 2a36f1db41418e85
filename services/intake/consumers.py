"""What wakes intake."""

from libs.common.events.dispatch import (
    CaseAlerted,
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseLinked,
    CaseOpened,
    CasePaused,
    CaseReclassified,
    CaseReopened,
    CaseResumed,
    CaseSummoned,
    CaseUnlinked,
    GroupLed,
    MilestoneReached,
    PartChanged,
    ResultGiven,
)
from libs.common.events.sla import ClockMet, ClockMoved, ClockPaused, ClockStarted, ClockStopped
from libs.common.events.tenants import PlaceChanged, ProcedurePublished, TenantCreated
from libs.common.inbox import Subscriptions
from services.intake.handlers import circle, hearing, likeness
from services.intake.store import Store

SUBSCRIPTIONS: Subscriptions[Store] = {
    TenantCreated: hearing.welcome_tenant,
    ProcedurePublished: hearing.keep_procedure,
    PlaceChanged: hearing.keep_place,
    MilestoneReached: hearing.show_milestone,
    ClockStarted: hearing.show_promise,
    ClockPaused: hearing.set_promise_aside,
    ClockMoved: hearing.move_promise,
    ClockMet: hearing.end_promise,
    ClockStopped: hearing.end_promise,
    ResultGiven: hearing.show_result,
    CaseClosed: hearing.show_closed,
    CasePaused: hearing.keep_waiting,
    CaseResumed: hearing.keep_going_on,
    CaseReopened: hearing.show_reopened,
    CaseLinked: hearing.keep_merged,
    CaseOpened: likeness.judge,
    CaseReclassified: likeness.judge_again,
    CaseUnlinked: hearing.take_apart,
    CaseAssigned: circle.keep_holders,
    PartChanged: circle.keep_part,
    GroupLed: circle.keep_leader,
    CaseAlerted: circle.join_alerted,
    CaseEscalated: circle.join_called_in,
    CaseSummoned: circle.join_summoned,
}
