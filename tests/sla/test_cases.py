"""What happens to a case and what that does to its clocks, told to the service as the others tell it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from chinese_calendar import constants as announced
from sqlalchemy import event

from libs.common.events.sla import ClockBreached, ClockMet, ClockMoved, ClockStarted, ClockStopped
from services.sla.domain import statutory
from services.sla.domain.calendar import working_calendar

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEW_YEARS_EVE = datetime(2026, 12, 31, 2, tzinfo=UTC)
ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@ON_BOTH
def test_an_urgent_leak_has_two_hours_on_site_four_for_measures_and_the_department_four(firm):
    """SL-1; of the two limits for on site the earlier binds, the other stays visible."""
    clocks = firm.clocks(firm.open())
    assert {limit: (hours(clock), clock["binding"]) for limit, clock in clocks.items()} == {
        "urgent-on-site": (2, True),
        "urgent-first-measures": (4, True),
        "engineering-on-site": (4, False),
    }


def test_every_clock_that_starts_is_said_with_the_department_that_has_the_case(firm):
    complaint = firm.open()
    started = firm.said(ClockStarted)
    assert {said.limit_id for said in started} == set(firm.clocks(complaint))
    assert {(said.department, said.started_at, said.provisional) for said in started} == {
        ("engineering", firm.clock.at, False)
    }


def test_a_clock_counts_from_the_milestone_not_from_hearing_of_it(firm):
    complaint = firm.open(at=firm.clock.at - HOUR)
    assert hours(firm.clocks(complaint)["urgent-on-site"]) == 1


def test_a_suggestion_has_three_working_days_over_the_national_day_with_its_made_up_saturday(firm):
    """SL-2: 2026-10-01 to 07 is a break, Saturday 10-10 is worked: 10-08, 10-09, 10-10."""
    suggestion = {"category": "suggestion", "urgency": "non_urgent", "department": "customer_service"}
    complaint = firm.open(at=datetime(2026, 9, 30, 1, tzinfo=UTC), **suggestion)
    assert {at(clock["due_at"]) for clock in firm.clocks(complaint).values()} == {
        datetime(2026, 10, 10, 16, tzinfo=UTC)
    }


def test_reaching_a_milestone_meets_every_clock_that_leads_to_it(firm):
    complaint = firm.open()
    firm.clock.at += HOUR
    firm.reach(complaint, "on_site")
    assert states(firm, complaint) == {
        "urgent-on-site": "met",
        "engineering-on-site": "met",
        "urgent-first-measures": "running",
    }
    assert {(said.in_time, said.elapsed_seconds) for said in firm.said(ClockMet)} == {(True, 3600)}


def test_a_milestone_after_its_limit_is_met_late(firm):
    complaint = firm.open()
    firm.reach(complaint, "on_site", at=firm.clock.at + 3 * HOUR)
    assert states(firm, complaint)["urgent-on-site"] == "met_late"
    assert {said.limit_id: said.in_time for said in firm.said(ClockMet)} == {
        "urgent-on-site": False,
        "engineering-on-site": True,
    }


def test_a_milestone_said_twice_counts_the_first_time(firm):
    complaint = firm.open()
    firm.reach(complaint, "carried_out", at=firm.clock.at)
    firm.reach(complaint, "carried_out", at=firm.clock.at + DAY)
    assert [said.started_at for said in firm.said(ClockStarted) if said.limit_id == "survey"] == [firm.clock.at]


def test_the_survey_has_three_working_days_from_carrying_out(firm):
    """SL-8; carried out on a Monday: until Thursday 24:00."""
    complaint = firm.open()
    firm.reach(complaint, "carried_out")
    assert at(firm.clocks(complaint)["survey"]["due_at"]) == datetime(2026, 3, 5, 16, tzinfo=UTC)


def test_a_limit_whose_milestone_was_reached_before_is_met_at_once_without_alarms(new_firm):
    """IN-4: registration within the hour is measured, not waited for."""
    firm = new_firm()
    firm.hear(firm.created(), firm.published(extra_limits=(REGISTRATION,)))
    complaint = firm.open(registered_at=firm.clock.at + 10 * MINUTE)
    clock = firm.clocks(complaint)["registration"]
    assert (clock["state"], at(clock["met_at"])) == ("met", firm.clock.at + 10 * MINUTE)
    assert [said.elapsed_seconds for said in firm.said(ClockMet)] == [600]
    assert clock["clock_id"] not in {str(alarm["clock_id"]) for alarm in firm.alarms()}


@pytest.mark.parametrize(("zone", "starts"), [("Asia/Shanghai", False), ("Europe/London", True)])
def test_a_condition_on_the_time_of_day_asks_the_tenants_own_clock(new_firm, zone, starts):
    """02:00 UTC is the middle of the morning in Shanghai and of the night in London."""
    firm = new_firm()
    firm.hear(firm.created(time_zone=zone), firm.published(extra_limits=(AT_NIGHT,)))
    assert ("at-night" in firm.clocks(firm.open())) is starts


def test_another_urgency_stops_limits_that_no_longer_hold_and_starts_others_from_receipt(firm):
    """SL-7: used time is kept."""
    complaint = firm.open()
    firm.clock.at += HOUR
    firm.reclassify(complaint, "general")
    assert states(firm, complaint) == {
        "urgent-on-site": "stopped",
        "urgent-first-measures": "stopped",
        "engineering-on-site": "running",
        "general-response": "running",
        "general-verified": "running",
    }
    assert at(firm.clocks(complaint)["general-response"]["started_at"]) == firm.clock.at - HOUR
    assert {(said.reason, said.stopped_at) for said in firm.said(ClockStopped)} == {("reclassified", firm.clock.at)}


def test_a_limit_that_holds_before_and_after_is_not_touched(firm):
    complaint = firm.open()
    before = firm.clocks(complaint)["engineering-on-site"]
    firm.reclassify(complaint, "general")
    assert firm.clocks(complaint)["engineering-on-site"] == before | {"binding": True}
    assert len([said for said in firm.said() if said.limit_id == "engineering-on-site"]) == 1


def test_what_was_kept_before_a_reclassification_stays_kept_and_is_not_asked_again(firm):
    complaint = firm.open()
    firm.reach(complaint, "on_site")
    firm.reclassify(complaint, "general")
    firm.reclassify(complaint, "urgent")
    on_site = [clock["state"] for clock in firm.listed(complaint) if clock["limit_id"] == "urgent-on-site"]
    assert on_site == ["met"]


def test_a_limit_that_holds_again_starts_anew_with_the_time_used_so_far(firm):
    complaint = firm.open()
    firm.reclassify(complaint, "general")
    firm.clock.at += HOUR
    firm.reclassify(complaint, "urgent")
    again = [clock for clock in firm.listed(complaint) if clock["limit_id"] == "urgent-on-site"]
    assert [(clock["state"], hours(clock)) for clock in again] == [("stopped", 2), ("running", 2)]


def test_a_limit_that_is_over_when_it_begins_to_hold_is_breached_at_the_next_sweep(firm):
    complaint = firm.open(urgency="general")
    firm.sweep(after=3 * HOUR)
    firm.reclassify(complaint, "urgent")
    breached = [said.limit_id for said in firm.sweep() if isinstance(said, ClockBreached)]
    assert breached == ["urgent-on-site"]


def test_a_transfer_moves_no_promise_and_hands_only_the_departments_own_limit_over(firm):
    """SL-7: the receiver's limit counts from receipt too."""
    complaint = firm.open()
    promised = firm.clocks(complaint)["urgent-first-measures"]
    firm.clock.at += HOUR
    firm.transfer(complaint, "security")
    clocks = firm.clocks(complaint)
    assert clocks["urgent-first-measures"] == promised
    assert states(firm, complaint)["engineering-on-site"] == "stopped"
    assert (clocks["security-on-site"]["state"], hours(clocks["security-on-site"])) == ("running", 2)


@ON_BOTH
def test_an_end_counted_before_the_holidays_were_announced_moves_once_they_are(patient, announce):
    """SL-2: New Year's Day was to be expected, the three days after it were not."""
    patient.clock.at = NEW_YEARS_EVE
    complaint = patient.open()
    before = patient.clocks(complaint)["3wd"]
    assert (before["due_at"], before["provisional"]) == ("2027-01-06T16:00:00Z", True)
    patient.sweep()
    assert patient.clocks(complaint)["3wd"] == before
    announce()
    (moved,) = [said for said in patient.sweep() if said.limit_id == "3wd"]
    after = patient.clocks(complaint)["3wd"]
    assert (moved.reason, moved.old_due_at, moved.due_at) == ("calendar", at(before["due_at"]), at(after["due_at"]))
    assert (after["due_at"], after["provisional"]) == ("2027-01-07T16:00:00Z", False)
    assert patient.sweep() == []


def test_an_end_that_the_announcement_does_not_move_is_no_longer_called_provisional(patient, announce):
    patient.clock.at = NEW_YEARS_EVE
    complaint = patient.open()
    before = patient.clocks(complaint)["7d"]
    announce()
    assert "7d" not in {said.limit_id for said in patient.sweep()}
    after = patient.clocks(complaint)["7d"]
    assert (before["due_at"], before["provisional"]) == (after["due_at"], True)
    assert not after["provisional"] and "not announced" not in str(after["explanation"])


def test_what_waits_is_counted_by_what_was_announced_meanwhile(patient, announce):
    patient.clock.at = NEW_YEARS_EVE
    complaint = patient.open()
    pause = patient.pause(complaint)
    announce()
    assert patient.sweep() == []
    assert (patient.clocks(complaint)["3wd"]["state"], patient.clocks(complaint)["3wd"]["provisional"]) == (
        "paused",
        False,
    )
    patient.resume(complaint, pause)
    assert patient.clocks(complaint)["3wd"]["due_at"] == "2027-01-07T16:00:00Z"


def test_a_limit_that_has_passed_stays_passed_when_the_holidays_are_announced(patient, announce):
    patient.clock.at = NEW_YEARS_EVE
    complaint = patient.open()
    patient.sweep(after=30 * DAY)
    before = patient.clocks(complaint)
    announce()
    assert (patient.sweep(), patient.clocks(complaint)) == ([], before)


def test_a_limit_that_has_passed_stays_passed_whatever_the_calendar_says_later(firm):
    complaint = firm.open(urgency="general")
    firm.sweep(after=5 * HOUR)
    firm.tamper("UPDATE clocks SET due_at = '2026-03-02 05:40:00' WHERE limit_id = 'engineering-on-site'")
    firm.reclassify(complaint, "general", category="noise")
    assert states(firm, complaint)["engineering-on-site"] == "breached"
    assert firm.said(ClockMoved) == []


def test_alarms_move_with_the_end_and_a_warning_that_was_given_is_not_repeated(firm):
    complaint = firm.open(urgency="general")
    firm.sweep(after=3 * HOUR + 30 * MINUTE)
    assert states(firm, complaint)["engineering-on-site"] == "warned"
    firm.tamper("UPDATE clocks SET due_at = '2026-03-02 05:40:00' WHERE limit_id = 'engineering-on-site'")
    firm.tamper("UPDATE alarms SET due_at = NULL WHERE level > 0")
    firm.reclassify(complaint, "general", category="noise")
    assert states(firm, complaint)["engineering-on-site"] == "warned"
    assert [type(said).__name__ for said in firm.sweep(after=30 * MINUTE)] == ["ClockBreached", "EscalationDue"]


def test_closing_stops_what_runs_but_the_survey(firm):
    """SL-8."""
    complaint = firm.open()
    firm.reach(complaint, "carried_out")
    firm.reach(complaint, "closed")
    firm.close(complaint)
    assert states(firm, complaint) == {
        "urgent-on-site": "stopped",
        "urgent-first-measures": "stopped",
        "engineering-on-site": "stopped",
        "survey": "running",
    }
    assert {said.reason for said in firm.said(ClockStopped)} == {"closed"}


def test_a_survey_after_closing_still_meets_its_limit(firm):
    complaint = firm.open()
    firm.reach(complaint, "carried_out")
    firm.close(complaint)
    firm.reach(complaint, "surveyed", at=firm.clock.at + DAY)
    assert states(firm, complaint)["survey"] == "met"


def test_closing_meets_and_starts_the_limits_of_closing_itself(new_firm):
    firm = new_firm()
    firm.hear(firm.created(), firm.published(extra_limits=(TO_CLOSING, TO_ARCHIVE)))
    complaint = firm.open()
    firm.close(complaint)
    assert (states(firm, complaint)["closing"], states(firm, complaint)["archive"]) == ("met", "running")


def test_a_case_of_a_group_has_the_limits_of_a_group_from_receipt_on(new_firm):
    """IN-8, P6: the statement within 72 hours."""
    firm = new_firm()
    firm.hear(firm.created(), firm.published(extra_limits=(STATEMENT,)))
    complaint, received = firm.open(), firm.clock.at
    assert "statement" not in firm.clocks(complaint)
    firm.clock.at += HOUR
    firm.group(complaint)
    assert at(firm.clocks(complaint)["statement"]["due_at"]) == received + 72 * HOUR


def test_after_closing_no_other_limit_begins(firm):
    complaint = firm.open()
    firm.close(complaint)
    firm.reclassify(complaint, "general")
    assert set(states(firm, complaint).values()) == {"stopped"}


def test_clocks_of_a_withdrawn_complaint_say_so(firm):
    complaint = firm.open()
    firm.close(complaint, outcome="withdrawn")
    assert {said.reason for said in firm.said(ClockStopped)} == {"withdrawn"}


@ON_BOTH
def test_an_event_delivered_again_changes_nothing(firm):
    opened = firm.envelope(firm.opened())
    for _ in range(2):
        firm.service.inbox.receive([opened], seen_before=False)
    firm.service.inbox.receive([opened], seen_before=True)
    firm.service.inbox.work_due()
    assert len(firm.listed(opened.subject)) == len(firm.said(ClockStarted)) == 3


@pytest.mark.parametrize("lacks", ["the tenant", "its Procedure"])
def test_a_case_waits_for_the_tenant_and_the_procedure_it_runs_under(new_firm, lacks):
    """Another sender's word may come later; that is no failure."""
    firm = new_firm()
    words = [firm.envelope(firm.created()), firm.envelope(firm.published())]
    opened = firm.envelope(firm.opened())
    firm.service.inbox.receive(words[:1] if lacks == "its Procedure" else [])
    firm.service.inbox.receive([opened])
    firm.service.inbox.work_due()
    assert firm.waiting() == 1 and firm.said() == []
    firm.service.inbox.receive(words)
    firm.clock.at += HOUR
    firm.service.inbox.work_due()
    assert firm.waiting() == 0 and len(firm.listed(opened.subject)) == 3


def test_a_case_stays_under_its_version_of_the_procedure(firm):
    complaint = firm.open()
    firm.hear(firm.published(version=2, extra_limits=(TO_CLOSING,)))
    firm.reclassify(complaint, "general")
    assert "closing" not in firm.clocks(complaint)
    assert "closing" in firm.clocks(firm.open(procedure_version=2))


def test_a_hundred_cases_cost_no_more_statements_than_one(firm, statements):
    firm.open()
    statements.clear()
    firm.open()
    for_one = len(statements)
    statements.clear()
    firm.hear(*(firm.opened() for _ in range(100)))
    assert 0 < for_one == len(statements) < 20
    assert not [statement for statement in statements if "FROM procedures" in statement or "FROM tenants" in statement]


REGISTRATION = {
    "id": "registration",
    "name": {"zh-Hans": "登记", "en": "registration"},
    "from": "received",
    "to": "registered",
    "within": "1h",
    "warn": "75%",
    "ladder": "standard",
}
STATEMENT = {
    "id": "statement",
    "name": {"zh-Hans": "说明", "en": "statement"},
    "when": {"group": True},
    "from": "received",
    "to": "verified",
    "within": "72h",
}
AT_NIGHT = {
    "id": "at-night",
    "name": {"zh-Hans": "夜间响应", "en": "answer at night"},
    "when": {"time_of_day": {"from": "22:00", "to": "06:00"}},
    "from": "received",
    "to": "contacted",
    "within": "1h",
}
TO_CLOSING = {
    "id": "closing",
    "name": {"zh-Hans": "结案", "en": "closing"},
    "from": "received",
    "to": "closed",
    "within": "7d",
}
TO_ARCHIVE = {
    "id": "archive",
    "name": {"zh-Hans": "归档", "en": "archiving"},
    "from": "closed",
    "to": "archived",
    "within": "5wd",
}


@pytest.fixture
def announce() -> Iterator[Callable[[], None]]:
    """Puts out the list of 2027, of which nothing was known: the first to the fourth of January are free."""
    with pytest.MonkeyPatch.context() as patch:

        def put_out() -> None:
            patch.setattr(statutory, "_ANNOUNCED_YEARS", range(2004, 2028))
            for day in range(1, 5):
                patch.setitem(announced.holidays, date(2027, 1, day), announced.Holiday.new_years_day.value)
            forget()

        yield put_out
    forget()


def forget() -> None:
    """As the next process, which reads the new list, remembers nothing of the old."""
    for remembered in (statutory.statutory_days, statutory.is_announced, working_calendar):
        remembered.cache_clear()


@pytest.fixture
def statements(firm) -> Iterator[list[str]]:
    """Every statement that reaches the database."""
    seen: list[str] = []

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    event.listen(firm.service.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(firm.service.database.engine, "before_cursor_execute", note)


def states(firm, complaint) -> dict[str, str]:
    return {limit: clock["state"] for limit, clock in firm.clocks(complaint).items()}


def hours(clock) -> float:
    """Between 10:00 on that Monday and the end."""
    return (at(clock["due_at"]) - datetime(2026, 3, 2, 2, tzinfo=UTC)) / HOUR


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
