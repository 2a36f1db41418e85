"""Which events make which notices, for whom, and when they are due."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import (
    CaseClosed,
    CaseEscalated,
    CaseGrouped,
    CaseLinked,
    CaseReclassified,
    CaseUnlinked,
    PartChanged,
)
from libs.common.events.sla import ClockBreached, ClockMet, ClockMoved, ClockPaused, ClockWarned
from libs.common.events.tenants import PersonChanged
from tests.notify.conftest import GUEST, NUMBER

ON_BOTH_DATABASES = pytest.mark.parametrize("urls", ["sqlite", "postgresql"], indirect=True)


@ON_BOTH_DATABASES
def test_the_acknowledgement_names_number_and_time(desk):
    """IN-3, NO-2."""
    desk.hear(desk.opened(), desk.started())
    desk.send()
    (sent,) = desk.sms.sent
    assert sent.variables["number"] == "2611-4827-3065"
    assert (sent.variables["step"], sent.variables["deadline"]) == ("工程部到场核查", "2026年3月5日14:30")


@ON_BOTH_DATABASES
def test_the_acknowledgement_waits_for_the_first_time_limit(desk):
    desk.hear(desk.opened())
    desk.send()
    assert desk.sms.sent == []
    desk.hear(desk.started())
    desk.send()
    assert len(desk.sms.sent) == 1


def test_a_time_limit_that_is_known_before_the_case_is_promised_at_once(desk):
    desk.hear(desk.started())
    desk.hear(desk.opened())
    desk.send()
    assert len(desk.sms.sent) == 1


def test_the_earliest_of_several_limits_is_promised(desk):
    later = desk.started(limit_id="general-response", due_at=desk.clock.now() + timedelta(hours=24))
    desk.hear(desk.opened(), later, desk.started())
    desk.send()
    assert desk.sms.sent[0].variables["step"] == "工程部到场核查"


def test_what_a_department_has_for_its_part_is_promised_to_nobody(desk):
    """DI-5, NO-2."""
    desk.hear(desk.opened(), desk.started(limit_id="part", part_id=uuid4()))
    desk.send()
    assert desk.sms.sent == []
    desk.hear(desk.started(due_at=desk.clock.now() + timedelta(hours=24)))
    desk.send()
    assert desk.sms.sent[0].variables["deadline"] == "2026年3月6日10:30"


@pytest.mark.parametrize("milestone", ["accepted", "approved"])
def test_what_the_house_owes_itself_is_no_promise_to_the_complainant(desk, milestone):
    """NO-2"""
    desk.hear(desk.opened(), desk.started(limit_id="own", milestone_to=milestone))
    desk.send()
    assert desk.sms.sent == []
    desk.hear(desk.started(due_at=desk.clock.now() + timedelta(hours=24)))
    desk.send()
    assert desk.sms.sent[0].variables["deadline"] == "2026年3月6日10:30"


def test_a_limit_that_the_acknowledgement_itself_keeps_is_no_promise(desk):
    desk.hear(desk.opened(), desk.started(milestone_to="registered"))
    desk.send()
    assert desk.sms.sent == []


def test_a_case_without_a_limit_is_acknowledged_without_a_time_after_a_while(desk):
    desk.reached_at(phone=None)
    desk.hear(desk.opened())
    desk.send_after(minutes=5)
    (mail,) = desk.mail.received
    assert "2611-4827-3065" in mail.text
    assert "不晚于" not in mail.text


def test_a_procedure_without_limits_acknowledges_at_once(desk):
    document = desk.procedure() | {"limits": [], "ladders": []}
    desk.hear(desk.published(2, document))
    desk.reached_at(phone=None)
    desk.hear(desk.opened(procedure_version=2))
    desk.send()
    assert len(desk.mail.received) == 1


@ON_BOTH_DATABASES
def test_the_same_event_twice_is_one_message(desk):
    (opened, *_) = desk.hear(desk.opened(), desk.started())
    desk.service.inbox.receive([opened])
    desk.service.inbox.store([opened])
    desk.service.inbox.work_due()
    desk.send()
    assert len(desk.sms.sent) == 1


@ON_BOTH_DATABASES
def test_a_case_of_a_tenant_nobody_announced_waits_for_it(newcomer):
    newcomer.hear(newcomer.opened(), newcomer.started())
    newcomer.tenant_joins()
    newcomer.clock.advance(seconds=10)
    newcomer.service.inbox.work_due()
    newcomer.send()
    assert len(newcomer.sms.sent) == 1


@pytest.mark.parametrize("merged_first", [True, False])
def test_the_result_is_told_to_whoever_was_merged_into_the_case(desk, merged_first):
    """IN-8: with their own number and in their language, whichever becomes known first."""
    other = uuid4()
    desk.intake.answers[f"/v1/complaints/{other}/contact"] = GUEST | {"email": "b@guest.example", "language": "en"}
    link = desk.event(CaseLinked, subject=other, other_id=desk.complaint_id, relation="merged_into")
    happened = [link, desk.result()] if merged_first else [desk.result(), link]
    desk.hear(desk.opened(), desk.opened(subject=other, number="2611-0000-0002", language="en"))
    desk.hear(*happened)
    desk.send()
    mails = {mail.recipients: mail for mail in desk.mail.received if "水管已更换。" in mail.text}
    assert set(mails) == {("lin.xiaolan@guest.example",), ("b@guest.example",)}
    told = mails["b@guest.example",]
    assert "2611-0000-0002" in told.text and NUMBER not in told.text


def test_who_was_merged_wrongly_is_not_told_what_came_of_the_other_case(desk):
    """IN-8."""
    other = uuid4()
    desk.intake.answers[f"/v1/complaints/{other}/contact"] = GUEST | {"email": "b@guest.example"}
    link = {"subject": other, "other_id": desk.complaint_id, "relation": "merged_into"}
    taken_out = desk.event(CaseUnlinked, **link, by=uuid4(), reason="另一根水管")
    desk.hear(desk.opened(), desk.opened(subject=other))
    desk.hear(desk.event(CaseLinked, **link), taken_out)
    desk.hear(desk.result())
    desk.send()
    assert ("b@guest.example",) not in [mail.recipients for mail in desk.mail.received if "已更换" in mail.text]


def test_the_result_goes_out_with_its_text(desk):
    """DI-11."""
    desk.hear(desk.opened(), desk.result())
    desk.send()
    (mail,) = desk.mail.received
    assert mail.recipients == ("lin.xiaolan@guest.example",)
    assert "水管已更换。" in mail.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", "水管已更换。\n预防措施：每季检查。"),
        ("zh-Hant", "水管已更换。\n預防措施：每季检查。"),
        ("en", "水管已更换。\nSo that it does not happen again: 每季检查。"),
    ],
)
def test_the_result_goes_out_with_how_it_will_not_happen_again(desk, language, words):
    """DI-11: on a line of its own, in the complainant's language."""
    desk.hear(desk.opened(language=language), desk.result(prevention="每季检查。"))
    desk.send()
    (mail,) = desk.mail.received
    assert words in mail.text


@ON_BOTH_DATABASES
def test_who_gets_a_case_is_told(desk):
    """NO-1, DI-4."""
    desk.hear(desk.opened(), desk.started(), desk.assigned())
    desk.send()
    assert told(desk, "转派") == {desk.assignee, desk.head}


def test_somebody_who_is_both_is_told_once(desk):
    desk.hear(desk.opened(), desk.started(), desk.assigned(head_id=desk.assignee))
    desk.send()
    assert [mail.recipients for mail in mails(desk, "转派")] == [(f"{desk.assignee}@staff.example",)]


def test_a_new_assignee_is_told_and_the_head_not_again(desk):
    desk.hear(desk.opened(), desk.started(), desk.assigned())
    desk.send()
    desk.mail.received.clear()
    desk.hear(desk.assigned(assignee_id=desk.coordinator))
    desk.send()
    assert told(desk, "转派") == {desk.coordinator}


def test_the_head_is_told_of_a_case_that_is_theirs_to_do_now(desk):
    desk.hear(desk.opened(), desk.started(), desk.assigned())
    desk.send()
    desk.mail.received.clear()
    desk.hear(desk.assigned(assignee_id=desk.head))
    desk.send()
    assert told(desk, "转派") == {desk.head}


def test_a_near_limit_alerts_assignee_and_head(desk):
    """SL-3."""
    started = desk.started()
    desk.hear(desk.opened(), started, desk.assigned(), about(desk, ClockWarned, started))
    desk.send()
    assert told(desk, "临近时限") == {desk.assignee, desk.head}
    assert "工程部到场核查，截止2026年3月5日14:30" in mails(desk, "临近时限")[0].text


def test_a_passed_limit_alerts_the_coordinator_too(desk):
    """SL-4."""
    started = desk.started()
    desk.hear(desk.opened(), started, desk.assigned(), about(desk, ClockBreached, started))
    desk.send()
    assert told(desk, "已超时") == {desk.assignee, desk.head, desk.coordinator}


@pytest.mark.parametrize(("kind", "words"), [(ClockWarned, "临近时限"), (ClockBreached, "已超时")])
def test_the_limit_of_a_part_alerts_those_on_the_part(desk, kind, words):
    """DI-5, SL-3, SL-4: not those of the department that has the case."""
    started, other = desk.started(), desk.coordinator
    part = {"part_id": UUID(int=70), "assignee_id": other, "head_id": None}
    desk.hear(desk.opened(), started, desk.assigned(), replace(about(desk, kind, started), **part))
    desk.send()
    assert told(desk, words) == {other}


def test_who_is_given_a_part_learns_it_and_nobody_learns_it_of_the_leading_part(desk):
    """DI-5."""
    part = {"part_id": UUID(int=70), "state": "assigned", "at": desk.clock.now(), "head_id": None}
    desk.hear(desk.opened(), desk.started())
    for lead, person in ((True, desk.head), (False, desk.coordinator)):
        desk.hear(desk.event(PartChanged, **part, department="security", lead=lead, assignee_id=person))
    desk.send()
    assert told(desk, "转派") == {desk.coordinator}


def test_an_escalation_alerts_those_called_in(desk):
    """SL-4."""
    called = {"level": 2, "to_role": "coordinator", "people": (desk.coordinator,)}
    limit = {"limit_id": "engineering-on-site", "due_at": desk.clock.now()}
    desk.hear(desk.opened(), desk.started(), desk.assigned(), desk.event(CaseEscalated, **called, **limit))
    desk.send()
    assert told(desk, "升级督办") == {desk.coordinator}


@pytest.mark.parametrize("active", [True, False])
@ON_BOTH_DATABASES
def test_active_managers_are_told_where_the_procedure_says_so(desk, active):
    document = desk.procedure()
    (assigned,) = (notice for notice in document["notices"] if notice["on"] == "assigned")
    assigned["to"] = ["manager"]
    manager = {"subject": desk.coordinator, "person_id": desk.coordinator, "name": "周敏"}
    roles = {"roles": ("manager",), "departments": (), "active": active}
    desk.hear(desk.published(2, document), desk.event(PersonChanged, **manager, **roles))
    desk.hear(desk.opened(procedure_version=2), desk.started(), desk.assigned())
    desk.send()
    assert told(desk, "转派") == ({desk.coordinator} if active else set())


def test_an_alert_about_a_limit_that_was_kept_meanwhile_is_not_sent(desk):
    started = desk.started()
    met = {"met_at": desk.clock.now(), "due_at": started.due_at, "in_time": True, "elapsed_seconds": 60}
    desk.hear(desk.opened(), started, desk.assigned(), about(desk, ClockWarned, started))
    desk.hear(desk.event(ClockMet, clock_id=started.clock_id, limit_id=started.limit_id, **met))
    desk.send()
    assert told(desk, "临近时限") == set()
    assert desk.notice("assignee", "warned")["state"] == "not_sent"


def test_staff_are_not_alerted_about_a_closed_case(desk):
    desk.hear(desk.opened(), desk.started(), desk.assigned())
    desk.hear(desk.event(CaseClosed, outcome="solved", satisfied=True, closed_at=desk.clock.now()))
    desk.send()
    assert told(desk, "转派") == set()
    assert desk.notice("head", "assigned")["error"] == "the case is closed"


def test_a_moved_limit_is_promised_as_it_stands_now(desk):
    started = desk.started()
    moved = {"old_due_at": started.due_at, "due_at": desk.clock.now() + timedelta(hours=6), "reason": "extension"}
    desk.hear(started, desk.event(ClockMoved, clock_id=started.clock_id, limit_id=started.limit_id, **moved))
    desk.hear(desk.opened())
    desk.send()
    assert desk.sms.sent[0].variables["deadline"] == "2026年3月5日16:30"


def test_a_limit_that_waits_is_promised_to_nobody_until_the_wait_is_over(desk):
    """SL-6, NO-2: what names a time goes out without one at once."""
    desk.reached_at(phone=None)
    started = desk.started()
    about = {"clock_id": started.clock_id, "limit_id": started.limit_id}
    desk.hear(started, desk.event(ClockPaused, **about, since=desk.clock.now(), waits_for="third_party"))
    moved = {"old_due_at": started.due_at, "due_at": desk.clock.now() + timedelta(hours=6)}
    desk.hear(desk.event(ClockMoved, **about, **moved, reason="extended"), desk.opened())
    desk.send()
    assert "不晚于" not in desk.mail.received[0].text
    desk.hear(desk.event(ClockMoved, **about, **moved, reason="resumed"))
    with desk.service.units.read(desk.tenant_id) as store:
        assert [promise.ends_at for promise in store.cases.promises(desk.complaint_id)] == [moved["due_at"]]


def test_a_reclassified_case_is_told_under_its_new_category(desk):
    """IN-6."""
    new = {"category": "safety", "urgency": "urgent", "department": "security", "by": uuid4(), "reason": "smoke"}
    old = {"old_category": "facility_repair", "old_urgency": "general"}
    desk.hear(desk.opened(), desk.event(CaseReclassified, **old, **new), desk.started(), desk.assigned())
    desk.send()
    assert "安全管理" in mails(desk, "转派")[0].text


def test_a_case_of_a_group_is_told_to_the_department_that_its_rules_name(desk):
    """IN-8"""
    grouped = {"group_id": uuid4(), "urgency": "urgent", "major": True, "department": "security"}
    desk.hear(desk.opened(), desk.event(CaseGrouped, **grouped))
    assert desk.rows("select urgency, department from cases") == [{"urgency": "urgent", "department": "security"}]


def about(desk, kind, started):
    limit = {"clock_id": started.clock_id, "limit_id": started.limit_id, "due_at": started.due_at}
    return desk.event(kind, **limit, department="engineering")


def mails(desk, words):
    """Those to staff with these words in their subject."""
    return [mail for mail in desk.mail.received if mail.subject.startswith(words)]


def told(desk, words):
    people = (desk.assignee, desk.head, desk.coordinator)
    reached = {address for mail in mails(desk, words) for address in mail.recipients}
    return {person for person in people if f"{person}@staff.example" in reached}
