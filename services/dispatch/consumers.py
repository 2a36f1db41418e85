"""What wakes dispatch."""

from collections.abc import Callable, Mapping
from typing import Any

from libs.common.events import Event
from libs.common.events.intake import (
    ComplaintGrouped,
    ComplaintLinked,
    ComplaintRegistered,
    ComplaintWithdrawn,
    FileKept,
    MessageAdded,
)
from libs.common.events.notify import NoticeDelivered, SurveyAnswered
from libs.common.events.sla import (
    ClockBreached,
    ClockMet,
    ClockMoved,
    ClockPaused,
    ClockStarted,
    ClockStopped,
    ClockWarned,
    EscalationDue,
)
from libs.common.events.tenants import PersonChanged, ProcedurePublished, TenantCreated
from libs.common.unit_of_work import Work
from services.dispatch.handlers import filing, hearing, likeness, limits, opening, surveying
from services.dispatch.store import Store

SUBSCRIPTIONS: Mapping[type[Event], Callable[[Any, Work[Store]], None]] = {
    TenantCreated: hearing.welcome_tenant,
    PersonChanged: hearing.keep_person,
    ProcedurePublished: hearing.keep_procedure,
    ComplaintRegistered: opening.open_case,
    MessageAdded: hearing.note_message,
    FileKept: filing.keep_file,
    ComplaintWithdrawn: hearing.close_withdrawn,
    ComplaintLinked: likeness.link_repeat,
    ComplaintGrouped: likeness.join_group,
    ClockStarted: limits.start_clock,
    ClockWarned: limits.mark_near,
    ClockBreached: limits.mark_breached,
    ClockMet: limits.end_clock,
    ClockMoved: limits.move_clock,
    ClockPaused: limits.pause_clock,
    ClockStopped: limits.end_clock,
    EscalationDue: limits.call_in,
    NoticeDelivered: hearing.note_told,
    SurveyAnswered: surveying.keep_answer,
}
