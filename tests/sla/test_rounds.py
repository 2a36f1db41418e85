"""A case that is reopened has another round (DI-12), a department its own part (DI-5), a closed case an end (SL-8)."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from libs.common.events.sla import ClockBreached, ClockStarted, ClockStopped, RetentionEnded
from libs.common.procedure import presets

P1 = presets.load("p1-accommodation")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEARS = timedelta(days=P1["retention"]["days"])
ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@ON_BOTH
def test_every_round_has_its_own_limit_from_reopening_and_no_second_first_answer(joint):
    """DI-12."""
    complaint = done(joint)
    for round in (2, 3):
        joint.reopen(complaint, round)
        joint.reach(complaint, "carried_out")
        joint.close(complaint)
    started = [said.limit_id for said in joint.said(ClockStarted)]
    assert started.count("redo") == 2 and started.count("urgent-on-site") == 1
    redone = [(clock["round"], clock["state"]) for clock in joint.listed(complaint) if clock["limit_id"] == "redo"]
    assert redone == [(2, "met"), (3, "met")]


def test_what_was_finished_stays_as_it_was(joint):
    complaint = done(joint)
    before = [clock for clock in joint.listed(complaint) if clock["state"] in ("met", "met_late")]
    joint.clock.at += DAY
    joint.reopen(complaint)
    joint.reach(complaint, "carried_out")
    assert [clock for clock in joint.listed(complaint) if clock["clock_id"] in ids(before)] == before


def test_the_survey_stops_with_reopening_and_begins_anew_with_the_new_result(joint):
    """SL-8: it counts from carrying out, which must be reached anew."""
    complaint = done(joint)
    joint.reopen(complaint)
    assert [(said.limit_id, said.reason) for said in joint.said(ClockStopped)][-1] == ("survey", "reopened")
    joint.reach(complaint, "carried_out")
    states = [clock["state"] for clock in joint.listed(complaint) if clock["limit_id"] == "survey"]
    assert states == ["stopped", "running"]


def test_what_closing_stopped_does_not_begin_again_with_another_urgency_in_the_next_round(joint):
    complaint = joint.open()
    joint.close(complaint)
    joint.reopen(complaint)
    joint.reclassify(complaint, "general")
    running = {clock["limit_id"] for clock in joint.listed(complaint) if clock["state"] == "running"}
    assert running == {"redo"}


def test_clocks_of_a_case_that_was_merged_wrongly_run_on_to_the_same_ends(joint):
    """IN-8: what was kept before stays kept, and no other round has begun."""
    complaint = joint.open()
    joint.reach(complaint, "accepted")
    before = {clock["limit_id"]: (clock["due_at"], clock["state"]) for clock in joint.listed(complaint)}
    joint.close(complaint, "merged")
    joint.clock.at += timedelta(minutes=10)
    joint.take_out(complaint)
    counting = [clock for clock in joint.listed(complaint) if clock["state"] != "stopped"]
    assert {clock["limit_id"]: (clock["due_at"], clock["state"]) for clock in counting} == before
    assert len(counting) == len(before) and {clock["round"] for clock in counting} == {1}


def test_a_reopening_told_twice_is_one(joint):
    complaint = done(joint)
    joint.reopen(complaint)
    joint.reopen(complaint)
    assert len([said for said in joint.said(ClockStarted) if said.limit_id == "redo"]) == 1


@ON_BOTH
def test_a_departments_own_clock_runs_from_when_it_got_its_part(joint):
    """DI-5"""
    complaint = joint.open()
    joint.clock.at += HOUR
    joint.hear(joint.part(complaint, "assigned"))
    (started,) = [said for said in joint.said(ClockStarted) if said.limit_id == "part-accepted"]
    assert (started.part_id, started.department, started.started_at) == (UUID(int=70), "security", joint.clock.at)
    assert started.due_at == joint.clock.at + HOUR
    joint.hear(joint.part(complaint, "accepted"))
    assert states(joint, complaint, "part-accepted", "part-done") == ["met", "running"]


def test_milestones_of_the_case_and_of_a_part_do_not_meet_each_others_clocks(joint):
    complaint = joint.open()
    joint.hear(joint.part(complaint, "assigned"))
    joint.reach(complaint, "accepted")
    assert states(joint, complaint, "part-accepted") == ["running"]
    joint.hear(joint.part(complaint, "accepted"), joint.part(complaint, "carried_out"))
    assert states(joint, complaint, "part-done", "urgent-on-site") == ["met", "running"]


@pytest.mark.parametrize("state", ["refused", "dropped"])
def test_a_part_that_was_refused_stops_and_given_again_begins_anew(joint, state):
    complaint = joint.open()
    joint.hear(joint.part(complaint, "assigned"), joint.part(complaint, "accepted"), joint.part(complaint, state))
    assert states(joint, complaint, "part-accepted", "part-done") == ["met", "stopped"]
    joint.clock.at += HOUR
    joint.hear(joint.part(complaint, "assigned"))
    again = [clock for clock in joint.listed(complaint) if clock["limit_id"] == "part-accepted"]
    assert [clock["state"] for clock in again] == ["met", "running"]
    assert at(again[1]["started_at"]) == joint.clock.at


def test_a_part_carried_out_without_being_accepted_can_be_given_again(joint):
    """DI-5: what it never came to stops with it, so that it can begin anew."""
    complaint = joint.open()
    joint.hear(joint.part(complaint, "assigned"), joint.part(complaint, "carried_out"))
    joint.clock.at += HOUR
    joint.hear(joint.part(complaint, "assigned"))
    of_it = [clock["state"] for clock in joint.listed(complaint) if clock["limit_id"] == "part-accepted"]
    assert of_it == ["stopped", "running"]


def test_a_part_in_other_hands_of_the_department_runs_on(joint):
    complaint = joint.open()
    joint.hear(joint.part(complaint, "assigned"))
    joint.clock.at += HOUR / 2
    joint.hear(joint.part(complaint, "assigned", assignee_id=UUID(int=8)))
    assert len([said for said in joint.said(ClockStarted) if said.limit_id == "part-accepted"]) == 1
    (breached,) = of("part-accepted", joint.sweep(after=HOUR / 2))
    assert (breached.department, breached.part_id) == ("security", UUID(int=70))


def test_a_part_told_twice_is_one(joint):
    complaint = joint.open()
    joint.hear(joint.part(complaint, "assigned"))
    joint.hear(joint.part(complaint, "assigned"))
    assert len([clock for clock in joint.listed(complaint) if clock["limit_id"] == "part-accepted"]) == 1


def test_a_transfer_of_the_case_moves_neither_promise_nor_part(joint):
    complaint = joint.open()
    joint.hear(joint.part(complaint, "assigned"))
    before = joint.clocks(complaint)
    joint.transfer(complaint, "security")
    after = joint.clocks(complaint)
    for limit in ("urgent-on-site", "part-accepted"):
        assert (after[limit]["clock_id"], after[limit]["due_at"]) == (
            before[limit]["clock_id"],
            before[limit]["due_at"],
        )


def test_closing_stops_the_departments_clocks_too(joint):
    complaint = joint.open()
    joint.hear(joint.part(complaint, "assigned"))
    joint.close(complaint)
    assert states(joint, complaint, "part-accepted") == ["stopped"]


def test_a_complex_case_has_its_longer_limit_from_receipt(joint):
    """SL-7: what the event does not say stays as it was."""
    complaint = joint.open()
    joint.clock.at += HOUR
    joint.reclassify(complaint, "urgent", complex=True)
    joint.reclassify(complaint, "urgent", vip=True)
    assert at(joint.clocks(complaint)["complex"]["due_at"]) == joint.clock.at + 14 * HOUR


def test_a_group_has_its_public_statement_from_the_beginning(joint):
    """P6: 72 hours."""
    assert "statement" in joint.clocks(joint.open(group=True))
    assert "statement" not in joint.clocks(joint.open())


@ON_BOTH
def test_a_closed_case_is_kept_as_long_as_the_procedure_says_and_that_is_said_once(joint):
    """SL-8, PR-3"""
    complaint = done(joint)
    closed_at = joint.clock.at
    assert ended(joint.sweep(after=YEARS - HOUR)) == []
    assert [(said.subject, said.closed_at) for said in ended(joint.sweep(after=HOUR))] == [(complaint, closed_at)]
    joint.close(complaint)
    assert ended(joint.sweep(after=YEARS)) == []


def test_reopening_withdraws_the_end_of_retention_and_closing_again_sets_it_anew(joint):
    complaint = done(joint)
    joint.reopen(complaint)
    assert ended(joint.sweep(after=YEARS)) == []
    joint.close(complaint)
    assert ended(joint.sweep(after=YEARS - HOUR)) == []
    assert len(ended(joint.sweep(after=HOUR))) == 1


def done(firm):
    """A complaint put right on site and closed."""
    complaint = firm.open()
    for milestone in ("on_site", "first_measures", "carried_out"):
        firm.reach(complaint, milestone)
    firm.close(complaint)
    return complaint


def of(limit_id, said) -> list:
    return [each for each in said if isinstance(each, ClockBreached) and each.limit_id == limit_id]


def ended(said) -> list:
    return [each for each in said if isinstance(each, RetentionEnded)]


def states(firm, complaint, *limits) -> list[str]:
    clocks = firm.clocks(complaint)
    return [clocks[limit]["state"] for limit in limits]


def ids(clocks) -> set[str]:
    return {clock["clock_id"] for clock in clocks}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def limit(id: str, first: str, last: str, within: str, **more) -> dict:
    return {"id": id, "name": {"zh-Hans": id, "en": id}, "from": first, "to": last, "within": within, **more}


def test_the_limit_of_a_part_is_not_that_of_who_got_it_afterwards(joint):
    """SL-4, DI-5"""
    complaint = joint.open(urgency="general")
    joint.hear(joint.part(complaint, "assigned", assignee_id=UUID(int=1)))
    joint.clock.at += 2 * HOUR
    joint.hear(joint.part(complaint, "assigned", assignee_id=UUID(int=2)))
    (said,) = [each for each in joint.sweep() if isinstance(each, ClockBreached)]
    assert (said.limit_id, said.assignee_id) == ("part-accepted", UUID(int=1))


@pytest.fixture
def joint(new_firm):
    """A firm whose departments have their own limits, and whose cases may be reopened."""
    firm = new_firm()
    own = (
        limit("part-accepted", "assigned", "accepted", "1h", per_department=True),
        limit("part-done", "accepted", "carried_out", "4h", per_department=True),
        limit("redo", "reopened", "carried_out", "24h"),
        limit("complex", "received", "planned", "15h", when={"complex": True}),
        limit("statement", "received", "statement", "72h", when={"group": True}),
    )
    published = firm.published(extra_limits=own)
    published.document["routing"]["rules"].append({"id": "shared", "when": {"major": True}, "joint": ["security"]})
    published.document["steps"].append({"milestone": "statement", "optional": True})
    firm.hear(firm.created(), published)
    return firm
