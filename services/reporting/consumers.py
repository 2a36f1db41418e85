"""What wakes reporting. What else is said changes no figure."""

from libs.common.events.dispatch import (
    CaseAssigned,
    CaseClosed,
    CaseGrouped,
    CaseLinked,
    CaseOpened,
    CaseReclassified,
    CaseReopened,
    CaseTransferred,
    CaseUnlinked,
    MilestoneReached,
)
from libs.common.events.intake import ComplaintRegistered
from libs.common.events.notify import SurveyAnswered
from libs.common.events.sla import ClockBreached, ClockMet, ClockMoved, ClockStarted
from libs.common.events.tenants import ProcedurePublished, TenantCreated
from libs.common.inbox import Subscriptions
from services.reporting.handlers import draws, hearing
from services.reporting.store import Store

SUBSCRIPTIONS: Subscriptions[Store] = {
    TenantCreated: hearing.welcome_tenant,
    ProcedurePublished: draws.keep_procedure,
    ComplaintRegistered: hearing.learn,
    CaseOpened: hearing.learn,
    CaseAssigned: hearing.learn,
    CaseTransferred: hearing.learn,
    CaseReclassified: hearing.learn,
    MilestoneReached: hearing.learn,
    CaseClosed: hearing.learn,
    CaseReopened: hearing.learn,
    CaseGrouped: hearing.learn,
    CaseLinked: hearing.learn,
    CaseUnlinked: hearing.learn,
    SurveyAnswered: hearing.learn,
    ClockStarted: hearing.learn,
    ClockBreached: hearing.learn,
    ClockMet: hearing.learn,
    ClockMoved: hearing.learn,
}
