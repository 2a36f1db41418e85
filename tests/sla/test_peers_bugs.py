"""What other products got wrong with clocks, each tried here the way its users met it (SL-2 to SL-8)."""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from libs.common.events.intake import MessageAdded
from libs.common.events.sla import ClockBreached, ClockMet, ClockMoved, EscalationDue
from libs.common.procedure import presets
from tests.sla.conftest import waiting_limit

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_excluded_days_pulled_deadlines_earlier(new_firm):
    """Days off were taken from the time allowed instead of being passed over."""
    usual, closing = new_firm(), new_firm()
    usual.hear(usual.created(), usual.published(extra_limits=(waiting_limit("3wd"),)))
    closing.hear(closing.created(), on_days_off(closing, "2026-03-03", "2026-03-04"))
    dues = [firm.clocks(firm.open())["3wd"]["due_at"] for firm in (usual, closing)]
    assert dues == ["2026-03-05T16:00:00Z", "2026-03-09T16:00:00Z"]


def test_a_comment_reset_the_clock(firm):
    """The clock counted from the last change of the case, and a word of the complainant was one."""
    complaint = firm.open()
    before = firm.listed(complaint)
    firm.clock.at += HOUR
    said = {"message_id": uuid4(), "author": "complainant", "channel": "web", "text": "还在漏", "attachments": ()}
    firm.hear(MessageAdded(**firm.about(complaint), **said))
    assert firm.listed(complaint) == before


def test_the_second_shift_of_a_day_was_dropped(patient):
    """Opening hours were kept by date: those of the afternoon replaced those of the morning, or were lost."""
    assert (
        patient.clocks(patient.open())["8wh"]["due_at"] == "2026-03-03T02:30:00Z"
    )  # 10:00, with lunch from 12 to 13:30


def test_time_waited_in_one_unit_was_added_in_another(patient):
    """A weekend of waiting became two days of working hours."""
    complaint = patient.open(friday(patient))
    pause = patient.pause(complaint)
    patient.clock.at += 3 * DAY
    patient.resume(complaint, pause)
    assert patient.clocks(complaint)["8wh"]["due_at"] == "2026-03-10T02:30:00Z"  # Tuesday 10:30, not Thursday


def test_a_pause_was_lost_when_the_priority_changed(patient):
    """The new policy counted from the start as if nobody had ever been waited for."""
    complaint = patient.open()
    pause = patient.pause(complaint)
    patient.clock.at += DAY
    patient.resume(complaint, pause)
    before = patient.clocks(complaint)["10h"]["due_at"]
    patient.reclassify(complaint, "general")
    assert patient.clocks(complaint)["10h"]["due_at"] == before == "2026-03-03T12:00:00Z"


def test_met_at_was_the_time_of_the_sweep(firm):
    """What was done in time, and reported or looked at later, counted as late."""
    complaint = firm.open()
    reached_at = firm.clock.at + HOUR
    firm.sweep(after=3 * HOUR)
    firm.reach(complaint, "on_site", at=reached_at)
    assert {(said.met_at, said.in_time) for said in firm.said(ClockMet)} == {(reached_at, True)}
    assert firm.clocks(complaint)["urgent-on-site"]["state"] == "met"


def test_deleting_a_policy_erased_its_history(firm):
    """Here a limit that a later version has no more stays with its cases: shown, explained, and on the record."""
    complaint = firm.open()
    firm.sweep(after=3 * HOUR)
    before = firm.listed(complaint)
    without = deepcopy(presets.load("p1-accommodation")) | {"limits": [waiting_limit("3wd")]}
    firm.hear(replace(firm.published(version=2), document=without))
    assert firm.listed(complaint) == before and all(clock["explanation"] for clock in before)
    breached = firm.get("/v1/appraisals?from=2026-03-01&to=2026-03-31", "manager").json["items"]
    assert [each["limit_id"] for each in breached] == ["urgent-on-site"]


def test_a_policy_applied_again_deleted_what_was_pending(firm):
    """A change of team began every limit anew, and what was about to be told was told never."""
    complaint = firm.open()
    before = firm.clocks(complaint)["urgent-on-site"]
    firm.clock.at += HOUR
    firm.transfer(complaint, "security")
    assert firm.clocks(complaint)["urgent-on-site"] | {"binding": True} == before and not firm.said(ClockMoved)
    assert "urgent-on-site" in {said.limit_id for said in firm.sweep(after=HOUR) if isinstance(said, ClockBreached)}


def test_cases_beyond_the_first_page_were_never_escalated(firm):
    """A sweep that reads one page leaves the rest in silence, until the page has room."""
    opened = {firm.open() for _ in range(30)}
    firm.service.inbox.work_due()
    escalated = {said.subject for said in firm.sweep(after=2 * DAY) if isinstance(said, EscalationDue)}
    assert escalated == opened


def test_only_the_nearest_deadline_was_shown(firm):
    """One column for the next time to look at hid what else was promised."""
    shown = firm.clocks(firm.open())
    assert [limit_id for limit_id in shown if shown[limit_id]["binding"]] and len(shown) == 3
    assert all(clock["due_at"] and clock["explanation"] for clock in shown.values())


def friday(firm) -> datetime:
    """The firm's clock at 10:00 on a Friday."""
    firm.clock.at += 4 * DAY
    return firm.clock.at


def on_days_off(firm, *days: str):
    """Its rules, with an own closure of these days."""
    published = firm.published(extra_limits=(waiting_limit("3wd"),))
    published.document["calendars"] = deepcopy(published.document["calendars"])
    published.document["calendars"]["default"]["overrides"] = [{"date": day, "open": False} for day in days]
    return published
