"""What wakes intake."""

from libs.common.events.dispatch import (
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseOpened,
    CasePaused,
    CaseReclassified,
    CaseReopened,
    CaseResumed,
    CaseSummoned,
    CaseUnlinked,
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
    CaseOpened: likeness.judge,
    CaseReclassified: likeness.judge_again,
    CaseUnlinked: likeness.keep_dissolved,
    CaseAssigned: circle.keep_holders,
    PartChanged: circle.keep_part,
    CaseEscalated: circle.join_called_in,
    CaseSummoned: circle.join_summoned,
}
