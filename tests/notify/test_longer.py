"""What the complainant and staff are told when a case takes longer, begins again or calls somebody in (NO-1, NO-2)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from libs.common.events.dispatch import (
    CaseAlerted,
    CaseClosed,
    CasePaused,
    CaseReopened,
    CaseSummoned,
    ExtensionGranted,
    MessageReceived,
)
from libs.common.events.notify import NoticeDelivered

NUMBER = "2611-4827-3065"
ON_BOTH_DATABASES = pytest.mark.parametrize("urls", ["sqlite", "postgresql"], indirect=True)


@ON_BOTH_DATABASES
def test_the_complainant_is_told_for_whom_a_case_waits_and_why(desk):
    """DI-9: P2 tells why within three days."""
    opened = desk.opened_with_mail("waiting", "complainant", "投诉{number}等待{party}：{reason}。")
    desk.hear(opened, desk.started(), paused(desk, "third_party"))
    desk.send()
    assert mailed(desk) == "投诉2611-4827-3065等待电梯公司：配件要从厂家发货。"


def test_a_case_that_waits_for_the_complainant_tells_them_nothing(desk):
    """SL-6: they were asked, and know."""
    opened = desk.opened_with_mail("waiting", "complainant", "投诉{number}等待{party}：{reason}。")
    desk.hear(opened, desk.started(), paused(desk, "complainant"))
    assert "waiting" not in kinds(desk)


@ON_BOTH_DATABASES
def test_an_extension_is_told_with_its_old_and_new_time(desk):
    """SL-5."""
    opened = desk.opened_with_mail(
        "extended", "complainant", "{number}：{step}由{deadline}改为{new_deadline}：{reason}。"
    )
    desk.hear(opened, desk.started(), extended(desk))
    desk.send()
    assert mailed(desk) == "2611-4827-3065：工程部到场核查由2026年3月5日14:30改为2026年3月6日10:30：缺配件。"


def test_a_delivered_extension_says_which_one_it_was(desk):
    """SL-5: the new limit holds from when the complainant was told."""
    granted = extended(desk)
    opened = desk.opened_with_mail("extended", "complainant", "{number} → {new_deadline}。")
    desk.hear(opened, desk.started(), granted)
    desk.send()
    told = [said for said in desk.said() if isinstance(said, NoticeDelivered) and said.kind == "extension"]
    assert [said.about for said in told] == [granted.extension_id]


@pytest.mark.parametrize(("ends_in", "state"), [(4, "handed"), (14, "planned")])
def test_an_extension_is_told_at_night_only_when_the_old_limit_ends_before_morning(desk, ends_in, state):
    """SL-5, NO-3: told too late, it would not hold."""
    desk.clock.advance(hours=14)
    opened = desk.opened_with_mail("extended", "complainant", "{number} → {new_deadline}。")
    desk.hear(opened, desk.started(), extended(desk, ends_in=ends_in))
    desk.send()
    assert desk.notice("complainant", "extended")["state"] == state


def test_who_knows_of_an_extension_is_not_told_again(desk):
    """SL-5."""
    opened = desk.opened_with_mail("extended", "complainant", "{number} → {new_deadline}。")
    desk.hear(opened, desk.started(), extended(desk, told=True))
    assert "extended" not in kinds(desk)


@pytest.mark.parametrize("to", ["complainant", "assignee"])
def test_everybody_learns_that_a_case_begins_again(desk, to):
    """DI-12."""
    opened = desk.opened_with_mail("reopened", to, "投诉{number}重新处理。")
    closed = desk.event(CaseClosed, outcome="solved", satisfied=False, closed_at=desk.clock.now())
    desk.hear(opened, desk.started(), desk.assigned(), closed, reopened(desk))
    desk.send()
    assert desk.notice(to, "reopened")["state"] == "handed"


def test_whom_the_rules_want_to_know_is_alerted(desk):
    """DI-1."""
    opened = desk.opened_with_mail("alerted", "called_in", "请知悉投诉{number}。")
    desk.hear(opened, desk.started(), desk.event(CaseAlerted, people=(desk.head, desk.coordinator), rules=("danger",)))
    desk.send()
    told = {address for mail in desk.mail.received if "请知悉" in mail.text for address in mail.recipients}
    assert told == {f"{desk.head}@staff.example", f"{desk.coordinator}@staff.example"}


def test_a_summons_names_the_time_to_acknowledge_by_even_at_night(desk):
    """DI-8, NO-3."""
    desk.clock.advance(hours=14)
    opened = desk.opened_with_mail("summoned", "called_in", "请在{deadline}前确认投诉{number}。")
    by = desk.clock.now() + timedelta(minutes=15)
    summons = {"person_id": desk.head, "lane": "vip", "turn": 1, "acknowledge_by": by}
    desk.hear(opened, desk.started(), desk.event(CaseSummoned, **summons))
    desk.send()
    assert mailed(desk) == "请在2026年3月6日00:45前确认投诉2611-4827-3065。"


def paused(desk, waits_for):
    party = "电梯公司" if waits_for == "third_party" else None
    about = {"pause_id": uuid4(), "since": desk.clock.now(), "by": desk.assignee, "reason": "配件要从厂家发货"}
    return desk.event(CasePaused, waits_for=waits_for, party=party, **about)


def extended(desk, told=False, ends_in=4):
    now = desk.clock.now()
    times = {"old_due_at": now + timedelta(hours=ends_in), "due_at": now + timedelta(hours=24)}
    about = {"extension_id": uuid4(), "limit_id": "engineering-on-site", "reason": "缺配件", "by": desk.head}
    return desk.event(ExtensionGranted, told=told, **times, **about)


def reopened(desk, round=2):
    about = {"again": ("planned", "carried_out"), "reason": "unsatisfied", "by": None, "department": "engineering"}
    return desk.event(CaseReopened, round=round, reopened_at=desk.clock.now(), **about)


def mailed(desk):
    (mail,) = (mail for mail in desk.mail.received if mail.subject == NUMBER)
    return mail.text.strip()


def kinds(desk):
    return [item["kind"] for item in desk.notices()]


def test_who_has_the_case_learns_that_the_complainant_added_something(desk):
    """IN-10."""
    opened = desk.opened_with_mail("message", "assignee", "投诉{number}有新的补充。")
    desk.hear(opened, desk.started(), desk.assigned(), desk.event(MessageReceived, message_id=uuid4(), channel="web"))
    desk.send()
    assert desk.notice("assignee", "message")["state"] == "handed"


def test_of_a_closed_case_the_head_learns_it(desk):
    """IN-10: it is not lost in silence."""
    opened = desk.opened_with_mail("message", "head", "投诉{number}有新的补充。")
    closed = desk.event(CaseClosed, outcome="solved", satisfied=True, closed_at=desk.clock.now())
    desk.hear(opened, desk.started(), desk.assigned(), closed)
    desk.hear(desk.event(MessageReceived, message_id=uuid4(), channel="web"))
    desk.send()
    assert desk.notice("head", "message")["state"] == "handed"
