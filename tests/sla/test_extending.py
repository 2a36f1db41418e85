"""More time holds only if the complainant was told before the old time ended (SL-5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from libs.common.events.sla import ClockBreached, ClockMoved, ClockPaused
from libs.common.testing.waiting import eventually
from services.sla import tables
from services.sla.handlers.waiting import pause_case
from tests.sla.conftest import waiting_limit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@ON_BOTH
def test_an_extension_the_complainant_knows_of_holds_at_once(patient):
    complaint = patient.open()
    until = patient.clock.at + 2 * DAY
    patient.extend(complaint, "10h", until, told=True)
    (moved,) = patient.said(ClockMoved)
    assert (moved.limit_id, moved.due_at, moved.reason) == ("10h", until, "extended")
    assert not breached("10h", patient.sweep(after=2 * DAY - HOUR))
    assert breached("10h", patient.sweep(after=HOUR))


@ON_BOTH
def test_an_extension_nobody_was_told_of_leaves_the_old_end(patient):
    complaint = patient.open()
    patient.extend(complaint, "10h", patient.clock.at + 2 * DAY)
    assert patient.said(ClockMoved) == []
    assert breached("10h", patient.sweep(after=10 * HOUR))
    assert "holds only if the complainant is told" in told(patient, complaint)


def test_it_holds_from_when_a_notice_reached_them_in_time(patient):
    complaint = patient.open()
    granted = patient.extend(complaint, "10h", patient.clock.at + 2 * DAY)
    patient.clock.at += 9 * HOUR
    patient.hear(patient.told_of(complaint, granted))
    assert not breached("10h", patient.sweep(after=HOUR))
    assert "Extended to 2026-03-04 10:00 (零件缺货); the complainant was told in time" in told(patient, complaint)


def test_told_too_late_counts_late_and_the_explanation_says_so(patient):
    complaint = patient.open()
    granted = patient.extend(complaint, "10h", patient.clock.at + 2 * DAY)
    patient.sweep(after=11 * HOUR)
    patient.hear(patient.told_of(complaint, granted))
    assert patient.clocks(complaint)["10h"]["state"] == "breached" and patient.said(ClockMoved) == []
    assert "does not count: the complainant was told too late, at 2026-03-02 21:00." in told(patient, complaint)


def test_a_notice_in_time_that_is_heard_of_after_the_breach_was_in_time(patient):
    """When the notice arrived decides; nobody is appraised for a breach that was none."""
    complaint = patient.open()
    granted = patient.extend(complaint, "10h", patient.clock.at + 2 * DAY)
    in_time = patient.clock.at + 9 * HOUR
    patient.sweep(after=11 * HOUR)
    patient.hear(patient.told_of(complaint, granted, at=in_time))
    assert patient.clocks(complaint)["10h"]["state"] == "running"
    assert "10h" not in {row["limit_id"] for row in patient.rows(tables.breaches)}
    assert breached("10h", patient.sweep(after=2 * DAY))


def test_only_the_first_telling_counts_and_other_notices_tell_nothing(patient):
    complaint = patient.open()
    granted = patient.extend(complaint, "10h", patient.clock.at + 2 * DAY)
    patient.hear(patient.told_of(complaint, None))
    assert patient.said(ClockMoved) == []
    for _ in range(2):
        patient.hear(patient.told_of(complaint, granted))
    assert len(patient.said(ClockMoved)) == 1


def test_a_notice_may_be_heard_of_before_its_extension(patient):
    complaint = patient.open()
    early = patient.envelope(patient.told_of(complaint, uuid4()))
    patient.service.inbox.receive([early])
    patient.service.inbox.work_due()
    assert patient.waiting() == 1


def test_an_extension_while_it_waits_adds_to_the_wait(patient):
    complaint = patient.open()
    pause = patient.pause(complaint)
    patient.extend(complaint, "10h", patient.clock.at + DAY, told=True)
    assert patient.clocks(complaint)["10h"]["state"] == "paused"
    patient.clock.at += 5 * HOUR
    patient.resume(complaint, pause)
    assert not breached("10h", patient.sweep(after=DAY - HOUR))
    assert breached("10h", patient.sweep(after=HOUR))
    assert len([said for said in patient.said(ClockPaused) if said.limit_id == "10h"]) == 1


def test_an_extension_of_a_finished_limit_changes_nothing(patient):
    complaint = patient.open()
    patient.reach(complaint, "carried_out")
    before = patient.listed(complaint)
    patient.extend(complaint, "10h", patient.clock.at + DAY, told=True)
    assert patient.listed(complaint) == before


def test_an_extension_moves_no_other_limit(patient):
    complaint = patient.open()
    before = patient.clocks(complaint)["8wh"]["due_at"]
    patient.extend(complaint, "10h", patient.clock.at + DAY, told=True)
    assert patient.clocks(complaint)["8wh"]["due_at"] == before


def test_the_complainant_reads_in_short_what_was_promised_and_what_moved_it(patient):
    """SL-5, SL-6: without warnings, departments' own clocks or extensions that do not hold."""
    complaint = patient.open()
    patient.extend(complaint, "10h", patient.clock.at + DAY)
    (shown,) = [each for each in patient.promises(complaint) if each["limit_id"] == "10h"]
    assert set(shown) == {"limit_id", "name", "milestone_to", "due_at", "state", "met_at", "explanation"}
    assert [line["en"] for line in shown["explanation"]] == [
        "Limit: 10h, 10 hours.",
        "Counted from 2026-03-02 10:00.",
        "Due by 2026-03-02 20:00.",
    ]


def test_the_complainant_reads_which_days_count(patient):
    """PO-1: make-up days too; the zone goes without saying."""
    patient.clock.at = datetime(2026, 2, 13, 2, tzinfo=UTC)
    read = read_by_complainant(patient, patient.open(), "3wd")
    assert read["en"] == [
        "Limit: 3wd, 3 working days.",
        "Counted from 2026-02-13 10:00.",
        "Working days count; the day it starts does not.",
        "Counted: 2026-02-14, a working day made up for Spring Festival.",
        "Not counted: 2026-02-15 to 2026-02-23, Spring Festival.",
        "Due by 2026-02-25 24:00.",
    ]
    assert "不計入 2026-02-15 至 2026-02-23：春節放假。" in read["zh-Hant"]


def test_the_end_is_read_once_and_a_limit_not_kept_is_called_late(patient):
    complaint = patient.open()
    patient.extend(complaint, "10h", patient.clock.at + DAY, told=True)
    read = read_by_complainant(patient, complaint, "10h")["en"]
    assert len([line for line in read if "2026-03-03 10:00" in line]) == 1
    patient.sweep(after=2 * DAY)
    late = read_by_complainant(patient, complaint, "10h")["en"]
    assert late == [*read, "This was not done in time; it is late."]


def test_a_zone_that_is_not_the_firms_own_is_named(new_firm):
    firm = new_firm()
    firm.hear(firm.created(time_zone="Europe/London"), firm.published())
    assert "Due by 2026-03-02 12:00 (Asia/Shanghai)." in read_by_complainant(firm, firm.open(), "urgent-on-site")["en"]


def test_the_houses_own_limits_are_promised_to_nobody(new_firm):
    """PO-1, NO-2."""
    firm = new_firm()
    own = waiting_limit("1wd") | {"id": "taken-on", "to": "accepted"}
    firm.hear(firm.created(), firm.published(extra_limits=(own,)))
    complaint = firm.open()
    assert "taken-on" in firm.clocks(complaint)
    assert "taken-on" not in {each["limit_id"] for each in firm.promises(complaint)}


def read_by_complainant(firm, complaint, limit_id) -> dict[str, list[str]]:
    (read,) = [each["explanation"] for each in firm.promises(complaint) if each["limit_id"] == limit_id]
    return {language: [line[language] for line in read] for language in ("en", "zh-Hans", "zh-Hant")}


@pytest.mark.parametrize("database", ["postgresql"])
def test_what_two_services_say_of_a_case_at_once_is_heard_in_turns(patient):
    """Notify says that the complainant knows of an extension while it is not yet certain that the case waits."""
    at_once, in_turn = patient.open(), patient.open()
    first, second = (patient.extend(each, "10h", patient.clock.at + 2 * DAY) for each in (at_once, in_turn))
    with ThreadPoolExecutor(1) as other, patient.service.units.begin(patient.id) as work:
        pause_case(patient.paused(at_once), work)
        other.submit(patient.hear, patient.told_of(at_once, first))
        assert eventually(lambda: locks_waited_for(patient)) == 1
    patient.pause(in_turn)
    patient.hear(patient.told_of(in_turn, second))
    for complaint in (at_once, in_turn):
        assert patient.clocks(complaint)["10h"]["state"] == "paused"
    assert words_of(patient, at_once) == words_of(patient, in_turn)


def locks_waited_for(firm) -> int:
    with firm.service.database.read() as connection:
        question = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return connection.execute(text(question)).scalar_one()


def words_of(firm, complaint) -> list[str]:
    return [line["en"] for line in firm.clocks(complaint)["10h"]["explanation"]]


def breached(limit_id, said) -> bool:
    return limit_id in {each.limit_id for each in said if isinstance(each, ClockBreached)}


def told(firm, complaint, limit_id="10h") -> str:
    return " ".join(line["en"] for line in firm.clocks(complaint)[limit_id]["explanation"])
