"""More time holds only if the complainant was told before the old time ended (SL-5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from libs.common.events.sla import ClockBreached, ClockMoved, ClockPaused
from libs.common.testing.waiting import eventually
from services.sla import tables
from services.sla.handlers.waiting import pause_case

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
        "Due by 2026-03-02 20:00 (Asia/Shanghai).",
    ]


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
