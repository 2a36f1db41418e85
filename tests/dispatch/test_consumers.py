"""What the other services tell dispatch: messages, withdrawals, time limits, escalations."""

from datetime import timedelta
from uuid import uuid4

import pytest

from libs.common.events.dispatch import CaseClosed, CaseEscalated, CaseOpened, MessageReceived
from libs.common.events.intake import ComplaintWithdrawn, MessageAdded
from libs.common.events.sla import (
    ClockBreached,
    ClockMet,
    ClockMoved,
    ClockStarted,
    ClockStopped,
    ClockWarned,
    EscalationDue,
)
from libs.common.plumbing import DUE
from services.dispatch.consumers import SUBSCRIPTIONS

LIMIT = "engineering-on-site"


def test_the_soonest_limit_of_a_case_is_its_next(firm):
    complaint_id = firm.register()
    start_clock(firm, complaint_id, hours=4)
    start_clock(firm, complaint_id, limit_id="urgent-on-site", hours=2)
    case = firm.case(complaint_id)
    assert case["next_due_limit"] == "urgent-on-site"
    assert case["next_due_at"] == iso(firm.clock.now() + timedelta(hours=2))


def test_a_near_limit_is_marked_until_it_moves(firm):
    """SL-3."""
    complaint_id = firm.register()
    clock = start_clock(firm, complaint_id, hours=2)
    firm.hear(ClockWarned, complaint_id, **clock, department="engineering")
    assert firm.case(complaint_id)["near_limit"] is True
    later = firm.clock.now() + timedelta(hours=9)
    moved = {"clock_id": clock["clock_id"], "limit_id": LIMIT, "old_due_at": clock["due_at"]}
    firm.hear(ClockMoved, complaint_id, **moved, due_at=later, reason="extended")
    case = firm.case(complaint_id)
    assert (case["near_limit"], case["next_due_at"]) == (False, iso(later))


def test_a_breach_is_red_until_the_limit_is_met_and_in_the_evidence_for_good(firm):
    """SL-4."""
    complaint_id = firm.register()
    clock = start_clock(firm, complaint_id, hours=2)
    firm.hear(ClockBreached, complaint_id, **clock, department="engineering")
    assert firm.case(complaint_id)["breached"] is True
    met = {"met_at": firm.clock.now(), "in_time": False, "elapsed_seconds": 9000}
    firm.hear(ClockMet, complaint_id, **clock, **met)
    case = firm.case(complaint_id)
    assert (case["breached"], case["next_due_at"], case["next_due_limit"]) == (False, None, None)
    assert evidence(firm, complaint_id)[-1]["action"] == "limit_passed"
    assert evidence(firm, complaint_id)[-1]["details"]["assignee"] == str(firm.person("li"))


def test_a_stopped_clock_is_not_waited_for(firm):
    complaint_id = firm.register()
    clock = start_clock(firm, complaint_id, hours=2)
    stopped = {"clock_id": clock["clock_id"], "limit_id": LIMIT, "stopped_at": firm.clock.now()}
    firm.hear(ClockStopped, complaint_id, **stopped, reason="closed")
    assert firm.case(complaint_id)["next_due_at"] is None


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("assignee", ["li"]),
        ("department_head", ["he"]),
        ("coordinator", ["lin"]),
        ("manager", ["zhao"]),
        ("duty_manager", ["zhao"]),
    ],
)
def test_an_escalation_finds_the_people_of_its_level(firm, role, names):
    """SL-4; without a duty manager on the roster management is called in."""
    complaint_id = firm.register()
    escalate(firm, complaint_id, role)
    [called] = firm.said(CaseEscalated)
    assert called.people == tuple(firm.person(name) for name in names)
    assert (called.to_role, called.level, called.limit_id) == (role, 1, LIMIT)
    [shown] = firm.case(complaint_id)["escalations"]
    assert [who["name"] for who in shown["people"]] == names
    assert firm.case(complaint_id)["incident"] is False


def test_the_duty_manager_on_the_roster_is_called_in(firm):
    firm.plan("lin", "security", firm.duty("fang", role="duty_manager"))
    escalate(firm, firm.register(), "duty_manager")
    assert firm.said(CaseEscalated)[0].people == (firm.person("fang"),)


def test_a_clock_of_a_case_that_is_not_there_yet_waits_for_it(firm):
    complaint_id = uuid4()
    start_clock(firm, complaint_id, hours=2)
    inbox = firm.service.plumbing.inbox
    with firm.service.database.read() as connection:
        [row] = connection.execute(inbox.select().where(inbox.c.subject == complaint_id)).mappings()
    assert row["state"] == DUE
    firm.service.inbox.work_due()
    with firm.service.database.read() as connection:
        [row] = connection.execute(inbox.select().where(inbox.c.subject == complaint_id)).mappings()
    assert (row["state"], row["last_error"]) == (DUE, "not yet known: the case")


def test_a_complaint_of_a_firm_without_a_procedure_waits(empty_firm):
    complaint_id = empty_firm.register()
    assert empty_firm.said() == []
    empty_firm.found()
    empty_firm.pass_time(minutes=1)
    while empty_firm.service.inbox.work_due():
        pass
    assert [opened.subject for opened in empty_firm.said(CaseOpened)] == [complaint_id]


def test_complaints_heard_together_are_spread_over_the_people(firm):
    """DI-3: one look at the staff serves the batch, and still nobody gets two while another has none."""
    ids = firm.register_together("水管漏水", "空调坏了", "灯坏了", "马桶堵塞")
    names = [firm.case(complaint_id)["assignee"]["name"] for complaint_id in ids]
    assert sorted(names) == ["li", "li", "wang", "wang"]


def test_a_message_leaves_its_mark_on_the_case(firm):
    """IN-10."""
    complaint_id = firm.register()
    add_message(firm, complaint_id)
    step = evidence(firm, complaint_id)[-1]
    assert (step["action"], step["actor"], step["details"]["channel"]) == ("message_added", "complainant", "web")
    assert firm.case(complaint_id)["last_message_at"] == iso(firm.clock.now())


def test_a_message_to_a_closed_case_is_kept_and_opens_nothing(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "close", outcome="unfounded", text="误报")
    said = len(firm.said())
    add_message(firm, complaint_id)
    case = firm.case(complaint_id)
    assert (case["state"], case["last_message_at"]) == ("closed", iso(firm.clock.now()))
    assert evidence(firm, complaint_id)[-1]["action"] == "message_added"
    assert [type(event) for event in firm.said()[said:]] == [MessageReceived]


def test_a_withdrawn_complaint_is_a_closed_case(firm):
    complaint_id = firm.register()
    firm.hear(ComplaintWithdrawn, complaint_id, reason="已自行解决")
    case = firm.case(complaint_id)
    assert (case["state"], case["outcome"]) == ("closed", "withdrawn")
    assert case["milestones"][-1]["milestone"] == "closed"
    assert firm.said(CaseClosed)[0].outcome == "withdrawn"


def test_withdrawing_a_closed_case_closes_it_no_second_time(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "close", outcome="unfounded", text="误报")
    firm.hear(ComplaintWithdrawn, complaint_id, reason=None)
    assert [closed.outcome for closed in firm.said(CaseClosed)] == ["unfounded"]
    assert evidence(firm, complaint_id)[-1]["action"] == "withdrawn"


def test_everything_that_is_heard_has_a_handler():
    assert {event_class.source for event_class in SUBSCRIPTIONS} == {"tenants", "intake", "sla", "notify"}


def start_clock(firm, complaint_id, *, hours, limit_id=LIMIT):
    clock = {
        "clock_id": uuid4(),
        "limit_id": limit_id,
        "due_at": firm.clock.now() + timedelta(hours=hours),
    }
    firm.hear(
        ClockStarted,
        complaint_id,
        **clock,
        milestone_from="received",
        milestone_to="on_site",
        started_at=firm.clock.now(),
        provisional=False,
        department="engineering",
    )
    return clock


def escalate(firm, complaint_id, role):
    clock = start_clock(firm, complaint_id, hours=2)
    firm.hear(EscalationDue, complaint_id, **clock, level=1, to_role=role, department="engineering")


def add_message(firm, complaint_id):
    about = {"author": "complainant", "channel": "web", "text": "还在漏", "attachments": ()}
    firm.hear(MessageAdded, complaint_id, message_id=uuid4(), **about)


def evidence(firm, complaint_id):
    return firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json["items"]


def iso(moment):
    return moment.isoformat().replace("+00:00", "Z")
