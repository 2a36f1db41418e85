"""Waiting for somebody who is not of the house stops the limits that allow it (SL-6)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from libs.common.events.sla import ClockBreached, ClockMet, ClockMoved, ClockPaused, ClockStarted, ClockWarned
from services.sla import tables
from tests.sla.conftest import waiting_limit

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@ON_BOTH
@pytest.mark.parametrize(
    ("limit", "before", "after"),
    [
        ("10h", "03-02 20:00", "03-04 21:00"),  # 49 hours of waiting
        ("8wh", "03-03 10:30", "03-05 11:30"),  # an hour used, seven left
        ("3wd", "03-06 00:00", "03-07 00:00"),  # Tuesday; Monday did not count anyway
        ("7d", "03-10 00:00", "03-11 00:00"),
    ],
)
def test_a_wait_is_taken_off_in_the_limits_own_counting(patient, limit, before, after):
    """SL-6: Monday 11:00 to Wednesday 12:00; the office is open 08:30-12:00 and 13:30-17:30."""
    complaint = patient.open()
    assert local(patient.clocks(complaint)[limit]["due_at"]) == before
    waited(patient, complaint, HOUR, 49 * HOUR)
    assert local(patient.clocks(complaint)[limit]["due_at"]) == after
    assert {said.reason for said in patient.said(ClockMoved)} == {"resumed"}


def test_only_limits_that_wait_for_this_party_stop_counting(patient):
    complaint = patient.open()
    patient.pause(complaint, "complainant")
    assert patient.said(ClockPaused) == []
    patient.pause(complaint, "third_party")
    paused = {said.limit_id: said.waits_for for said in patient.said(ClockPaused)}
    assert paused == dict.fromkeys(WAITING, "third_party")
    assert patient.clocks(complaint)["urgent-on-site"]["state"] == "running"


def test_while_it_waits_nothing_is_heard_of_a_clock_and_afterwards_all(patient):
    complaint = patient.open()
    patient.clock.at += HOUR
    pause = patient.pause(complaint)
    heard = patient.sweep(after=30 * DAY)
    assert not {said.limit_id for said in heard} & set(WAITING)
    patient.resume(complaint, pause)
    assert [type(said) for said in of("10h", patient.sweep(after=4 * HOUR))] == [ClockWarned]
    assert type(of("10h", patient.sweep(after=5 * HOUR))[0]) is ClockBreached


def test_while_it_waits_no_end_is_named_to_staff_or_complainant(patient):
    """SL-6, PO-1: by when it is due depends on how long the wait will be."""
    complaint = patient.open()
    pause = patient.pause(complaint)
    (promised,) = [each for each in patient.promises(complaint) if each["limit_id"] == "10h"]
    assert (promised["state"], promised["due_at"]) == ("paused", None)
    for explanation in (promised["explanation"], patient.clocks(complaint)["10h"]["explanation"]):
        assert "known when the wait is over" in explanation[-1]["en"]
        assert not [line for line in explanation if line["en"].startswith(("Due by", "Warning"))]
    patient.resume(complaint, pause)
    (promised,) = [each for each in patient.promises(complaint) if each["limit_id"] == "10h"]
    assert promised["due_at"] == patient.clocks(complaint)["10h"]["due_at"]


def test_a_warning_given_before_the_wait_is_not_repeated_after_it(patient):
    """SL-3: one warning for each clock."""
    complaint = patient.open()
    patient.sweep(after=6 * HOUR)
    waited(patient, complaint, MINUTE, DAY)
    assert patient.clocks(complaint)["10h"]["state"] == "warned"
    assert not [said for said in patient.sweep(after=HOUR) if isinstance(said, ClockWarned) and said.limit_id == "10h"]


def test_a_wait_never_brings_a_breached_clock_back_to_life(patient):
    complaint = patient.open()
    patient.sweep(after=11 * HOUR)
    before = patient.clocks(complaint)["10h"]
    waited(patient, complaint, timedelta(0), DAY)
    assert patient.clocks(complaint)["10h"] == before | {"binding": before["binding"]}


def test_a_wait_that_begins_past_the_limit_does_not_hide_its_breach(patient):
    """The sweep is late: the limit ended at 20:00, the wait begins at 20:30."""
    complaint = patient.open()
    patient.clock.at += 10 * HOUR + 30 * MINUTE
    patient.pause(complaint)
    assert patient.clocks(complaint)["10h"]["state"] == "running"
    assert "10h" in {said.limit_id for said in patient.sweep() if isinstance(said, ClockBreached)}


def test_a_wait_never_moves_a_finished_clock(patient):
    complaint = patient.open()
    patient.reach(complaint, "carried_out")
    before = patient.listed(complaint)
    waited(patient, complaint, HOUR, DAY)
    assert patient.listed(complaint) == before


def test_of_waits_that_overlap_each_hour_is_taken_off_once(patient):
    complaint = patient.open()
    patient.clock.at += HOUR
    one = patient.pause(complaint)
    patient.clock.at += HOUR
    other = patient.pause(complaint)
    patient.resume(complaint, one)
    assert patient.clocks(complaint)["10h"]["state"] == "paused"
    patient.clock.at += HOUR
    patient.resume(complaint, other)
    assert local(patient.clocks(complaint)["10h"]["due_at"]) == "03-02 22:00"
    assert len(of("10h", patient.said(ClockPaused))) == len(of("10h", patient.said(ClockMoved))) == 1


def test_an_end_of_a_wait_that_nobody_knows_and_one_told_twice_change_nothing(patient):
    complaint = patient.open()
    patient.resume(complaint, uuid4())
    waited(patient, complaint, HOUR, HOUR)
    (kept,) = patient.rows(tables.pauses)
    before = patient.listed(complaint)
    patient.clock.at += HOUR
    patient.resume(complaint, kept["pause_id"])
    assert patient.listed(complaint) == before


def test_what_is_reached_while_its_clock_waits_is_in_time(patient):
    complaint = patient.open()
    patient.clock.at += HOUR
    patient.pause(complaint)
    patient.reach(complaint, "carried_out", at=patient.clock.at + 20 * HOUR)
    (met,) = of("10h", patient.said(ClockMet))
    assert (met.in_time, met.due_at - met.met_at) == (True, 9 * HOUR)


def test_a_limit_that_begins_while_its_party_is_waited_for_waits_from_its_beginning(patient):
    patient.hear(patient.published(version=2, extra_limits=(AFTER_THE_PLAN,)))
    complaint = patient.open(procedure_version=2)
    pause = patient.pause(complaint)
    patient.clock.at += HOUR
    patient.reach(complaint, "planned")
    assert patient.clocks(complaint)["after-plan"]["state"] == "paused"
    assert patient.sweep(after=DAY) != [] and not of("after-plan", patient.said(ClockWarned))
    patient.resume(complaint, pause)
    assert local(patient.clocks(complaint)["after-plan"]["due_at"]) == "03-03 13:00"


def test_a_wait_is_not_lost_when_the_urgency_changes(patient):
    """A peer's bug: another priority forgot the hold time. A limit that holds only now has waited, too."""
    general = {**AFTER_THE_PLAN, "id": "general-10h", "when": {"urgency": "general"}, "from": "received"}
    patient.hear(patient.published(version=2, extra_limits=(general,)))
    complaint = patient.open(procedure_version=2)
    waited(patient, complaint, HOUR, 5 * HOUR)
    patient.reclassify(complaint, "general")
    assert local(patient.clocks(complaint)["general-10h"]["due_at"]) == "03-02 17:00"
    assert of("general-10h", patient.said(ClockStarted))[0].due_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_wait_goes_on_through_a_change_of_urgency(patient):
    complaint = patient.open()
    patient.pause(complaint)
    patient.reclassify(complaint, "general")
    assert {patient.clocks(complaint)[limit]["state"] for limit in WAITING} == {"paused"}


def test_a_clock_explains_its_waits_in_every_language(patient):
    complaint = patient.open()
    pause = patient.pause(complaint)
    told = words(patient.clocks(complaint)["10h"])
    assert told["en"][-1].startswith("Not counted since 2026-03-02 10:00, waiting for a third party (等配件);")
    patient.clock.at += HOUR
    patient.resume(complaint, pause)
    told = words(patient.clocks(complaint)["10h"])
    assert (
        "不计入 2026-03-02 10:00 至 2026-03-02 11:00：等待外单位（等配件），到期时间改为 2026-03-02 21:00。"
        in told["zh-Hans"]
    )
    assert "到期時間：2026-03-02 21:00（Asia/Shanghai）。" in told["zh-Hant"]


WAITING = ("10h", "8wh", "3wd", "7d")
AFTER_THE_PLAN = {
    "id": "after-plan",
    "name": {"zh-Hans": "落实", "en": "carrying out"},
    "from": "planned",
    "to": "carried_out",
    "within": "2h",
    "warn": "50%",
    "pause": ["third_party"],
}


@ON_BOTH
def test_a_part_waits_alone_and_the_case_waits_with_all_its_parts(shared):
    """DI-5, DI-9: an hour of the part's own, then one with the case; each clock is moved by what it waited."""
    complaint = shared.open()
    shared.hear(shared.part(complaint, "assigned"), shared.part(complaint, "accepted"))
    due = {limit: at(shared.clocks(complaint)[limit]["due_at"]) for limit in ("10h", "part")}
    own = shared.paused(complaint, part=UUID(int=70))
    shared.hear(own)
    assert (state(shared, complaint, "part"), state(shared, complaint, "10h")) == ("paused", "running")
    shared.clock.at += HOUR
    shared.resume(complaint, own.pause_id)
    whole = shared.pause(complaint)
    assert (state(shared, complaint, "part"), state(shared, complaint, "10h")) == ("paused", "paused")
    shared.clock.at += HOUR
    shared.resume(complaint, whole)
    now = {limit: at(shared.clocks(complaint)[limit]["due_at"]) for limit in due}
    assert {limit: now[limit] - due[limit] for limit in due} == {"10h": HOUR, "part": 2 * HOUR}


def test_a_part_that_waits_twice_goes_on_when_both_waits_are_over(shared):
    complaint = shared.open()
    shared.hear(shared.part(complaint, "assigned"), shared.part(complaint, "accepted"))
    own = shared.paused(complaint, part=UUID(int=70))
    shared.hear(own)
    whole = shared.pause(complaint)
    shared.resume(complaint, whole)
    assert state(shared, complaint, "part") == "paused"
    shared.resume(complaint, own.pause_id)
    assert state(shared, complaint, "part") == "running"


def test_another_departments_part_does_not_wait_for_it(shared):
    complaint = shared.open()
    shared.hear(shared.part(complaint, "assigned"), shared.part(complaint, "accepted"))
    shared.hear(shared.paused(complaint, part=UUID(int=71)))
    assert state(shared, complaint, "part") == "running"


@pytest.fixture
def shared(new_firm):
    """A firm whose departments' parts have a limit of their own, which waits for an outside party."""
    firm = new_firm()
    own = {**waiting_limit("5h"), "id": "part", "from": "accepted", "per_department": True}
    del own["extension"]
    published = firm.published(extra_limits=(waiting_limit("10h"), own))
    published.document["routing"]["rules"].append({"id": "shared", "when": {"major": True}, "joint": ["security"]})
    firm.hear(firm.created(), published)
    return firm


def state(firm, complaint, limit) -> str:
    return firm.clocks(complaint)[limit]["state"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def waited(firm, complaint, first: timedelta, long: timedelta) -> None:
    """`first` passes, then `long` is waited for a third party."""
    firm.clock.at += first
    pause = firm.pause(complaint)
    firm.clock.at += long
    firm.resume(complaint, pause)


def of(limit_id: str, said) -> list:
    return [each for each in said if each.limit_id == limit_id]


def local(text: str) -> str:
    """As the wall clock shows it in Shanghai."""
    return f"{datetime.fromisoformat(text) + 8 * HOUR:%m-%d %H:%M}"


def words(clock) -> dict[str, list[str]]:
    return {language: [line[language] for line in clock["explanation"]] for language in ("zh-Hans", "zh-Hant", "en")}
