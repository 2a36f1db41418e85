"""Effects exactly once and in order per subject, whatever arrives, fails or dies (R3, R6, R12, R27)."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from libs.common.db import DatabaseAway
from libs.common.envelope import Envelope
from libs.common.inbox import ATTEMPTS, ATTEMPTS_WHEN_AWAY, LEASE, NotYetKnown, replay_parked
from libs.common.outbox import Relay
from libs.common.plumbing import DONE, DUE, PARKED
from libs.common.testing.sample import NAME, Sample, note, notes, plumbing, told, withdrawn

LONGEST_PAUSE = {"hours": 1}


def test_what_is_next_in_line_is_handled_at_once(service, tenant, subject, story):
    service.inbox().receive(story[:3])
    assert service.noted(tenant, subject) == ["1", "2", "3"]
    assert states(service) == {1: DONE, 2: DONE, 3: DONE}


def test_a_batch_in_any_order_is_handled_in_the_order_of_saying(service, tenant, subject, story):
    service.inbox().receive(story[::-1])
    assert service.noted(tenant, subject) == ["1", "2", "3", "4", "5"]


def test_a_second_copy_changes_nothing(service, tenant, subject, story):
    inbox = service.inbox()
    for _ in range(3):
        inbox.receive([story[0], story[0], story[1]])
    inbox.receive(story[:2], seen_before=True)
    work(service, inbox)
    assert service.noted(tenant, subject) == ["1", "2"]


def test_a_gap_waits_and_is_filled(service, tenant, subject, story):
    inbox = service.inbox()
    inbox.receive([story[0], story[2], story[3]])
    assert service.noted(tenant, subject) == ["1"]
    inbox.receive([story[1]])
    work(service, inbox)
    assert service.noted(tenant, subject) == ["1", "2", "3", "4"]


def test_who_waited_behind_a_gap_is_woken_at_once_when_it_fills(service, tenant, subject, story):
    inbox = service.inbox()
    inbox.receive([story[0], story[2]])
    inbox.work_due()
    inbox.receive([story[1]])
    inbox.work_due()
    assert service.noted(tenant, subject) == ["1", "2", "3"]


def test_who_waits_behind_a_gap_is_never_to_blame(service, tenant, subject, story):
    inbox = service.inbox()
    inbox.receive(story[1:])
    for _ in range(20):
        service.clock.advance(seconds=6)
        inbox.work_due()
    assert PARKED not in states(service).values()
    inbox.receive([story[0]])
    work(service, inbox)
    assert service.noted(tenant, subject) == ["1", "2", "3", "4", "5"]


def test_a_failure_takes_no_other_of_the_batch_along(service, tenant, story):
    others = [told(tenant, uuid4(), 1, "fine", service.clock.now()) for _ in range(5)]
    inbox = service.inbox(failing_on("1"))
    inbox.receive([*others[:3], story[0], *others[3:]])
    work(service, inbox, steps=1)
    assert all(service.noted(tenant, other.subject) == ["fine"] for other in others)
    assert row(service, 1, story[0])["last_error"] == "Broken"


def test_a_failure_leaves_nothing_of_its_own(service, tenant, subject, story):
    def half_done(event, work) -> None:
        work.store.add(subject, "half", work.now)
        work.record(withdrawn(tenant, subject, "half", work.now))
        raise Broken

    inbox = service.inbox(half_done)
    inbox.receive(story[:1])
    work(service, inbox)
    assert service.noted(tenant, subject) == []
    assert said(service) == []


def test_a_failed_event_is_tried_again_after_a_pause(service, tenant, subject, story):
    times = []
    inbox = service.inbox(failing_on("1", until=lambda: len(times) > 2, seen=times))
    inbox.store(story[:1])
    inbox.work_due()
    assert len(times) == 2  # with the batch, then alone
    assert inbox.work_due() == 0
    assert service.noted(tenant, subject) == []
    work(service, inbox)
    assert service.noted(tenant, subject) == ["1"]


def test_an_event_that_keeps_failing_is_parked_and_holds_back_only_its_own_subject(service, tenant, subject, story):
    other = told(tenant, uuid4(), 1, "fine", service.clock.now())
    inbox = service.inbox(failing_on("2"))
    inbox.receive([*story, other])
    work(service, inbox)
    assert states(service, story[0]) == {1: DONE, 2: PARKED, 3: DUE, 4: DUE, 5: DUE}
    assert row(service, 2, story[0])["attempts"] == ATTEMPTS
    assert service.noted(tenant, subject) == ["1"]
    inbox.receive([replace(told(tenant, other.subject, 2, "also", service.clock.now()))])
    assert service.noted(tenant, other.subject) == ["fine", "also"]


def test_a_parked_event_that_is_replayed_lets_its_followers_go_on(service, tenant, subject, story):
    failing = service.inbox(failing_on("2"))
    failing.receive(story)
    work(service, failing)
    assert replay_parked(service.worker, plumbing, story[1].event_id, service.clock.now()) == 1
    repaired = service.inbox()
    for _ in range(5):  # without waiting: each wakes the next
        repaired.work_due()
    assert service.noted(tenant, subject) == ["1", "2", "3", "4", "5"]


def test_only_parked_events_are_replayed(service, story):
    service.inbox().receive(story)
    assert replay_parked(service.worker, plumbing, None, service.clock.now()) == 0
    assert replay_parked(service.worker, plumbing, story[0].event_id, service.clock.now()) == 0


def test_a_copy_of_a_parked_event_does_not_unpark_it(service, story):
    inbox = service.inbox(failing_on("1"))
    inbox.receive(story[:1])
    work(service, inbox)
    inbox.receive(story[:1])
    work(service, inbox)
    assert states(service) == {1: PARKED}


def test_another_senders_story_about_the_same_subject_goes_on(service, tenant, subject, story):
    inbox = service.inbox(failing_on("1"))
    inbox.receive([*story[:1], told(tenant, subject, 1, "elsewhere", service.clock.now(), source="dispatch")])
    work(service, inbox)
    assert service.noted(tenant, subject) == ["elsewhere"]


def test_what_is_not_yet_known_is_asked_again_until_it_is(service, tenant, subject, story):
    asked: list[str] = []
    inbox = service.inbox(failing_on("1", error=NotYetKnown("person 7"), until=lambda: len(asked) > 8, seen=asked))
    inbox.receive(story[:1])
    work(service, inbox, steps=3)
    assert row(service, 1)["last_error"] == "not yet known: person 7"
    work(service, inbox)
    assert service.noted(tenant, subject) == ["1"]


def test_what_never_becomes_known_is_parked_in_the_end(service, story):
    inbox = service.inbox(failing_on("1", error=NotYetKnown("person 7")))
    inbox.receive(story[:1])
    work(service, inbox)
    assert (states(service), row(service, 1)["attempts"]) == ({1: PARKED}, ATTEMPTS_WHEN_AWAY)


def test_an_event_that_kills_its_process_is_parked_after_the_third_time(service, tenant, story):
    """Claimed and never heard of again is how a killed process looks."""
    inbox = service.inbox(failing_on("1", error=Killed()))
    inbox.store(story[:1])
    deaths = deaths_until_quiet(service, inbox)
    assert deaths == ATTEMPTS
    assert states(service) == {1: PARKED}
    assert "died" in row(service, 1)["last_error"]


def test_an_event_that_failed_first_and_kills_its_process_later_does_not_kill_for_ever(service, story):
    service_is_patient = service.inbox(failing_on("1", error=NotYetKnown("person 7")))
    service_is_patient.store(story[:1])
    work(service, service_is_patient, steps=1)
    assert deaths_until_quiet(service, service.inbox(failing_on("1", error=Killed()))) <= ATTEMPTS_WHEN_AWAY
    assert states(service) == {1: PARKED}


def test_those_who_were_in_a_batch_with_a_killer_are_handled(service, tenant, story):
    others = [told(tenant, uuid4(), 1, "fine", service.clock.now()) for _ in range(20)]
    inbox = service.inbox(failing_on("1", error=Killed()))
    inbox.store([*others[:10], story[0], *others[10:]])
    deaths_until_quiet(service, inbox)
    assert all(service.noted(tenant, other.subject) == ["fine"] for other in others)


def test_what_was_delivered_before_is_stored_and_not_handled_with_its_batch(service, tenant, subject, story):
    inbox = service.inbox(failing_on("1", error=Killed()))
    inbox.receive(story[:1], seen_before=True)
    assert states(service) == {1: DUE}


def test_a_lost_database_is_told_to_the_caller_so_that_nothing_is_acknowledged(service, story, monkeypatch):
    inbox = service.inbox(failing_on("1", error=DatabaseAway("gone")))
    with pytest.raises(DatabaseAway):
        inbox.receive(story[:1])
    assert states(service) == {}


def test_a_type_of_a_newer_release_only_moves_the_story_on(service, tenant, subject, story):
    newer = replace(story[1], type="complaint.sung.v1", body='{"tune": "blue"}')
    service.inbox().receive([story[0], newer, story[2]])
    assert service.noted(tenant, subject) == ["1", "3"]
    assert states(service) == {1: DONE, 2: DONE, 3: DONE}


@pytest.mark.parametrize("body", ["[]", "{}", "null", '"x"', '{"reason": 7}', "{broken"])
def test_a_body_that_is_not_what_its_type_says_is_parked(service, story, body):
    inbox = service.inbox()
    inbox.receive([replace(story[0], body=body)])
    work(service, inbox)
    assert states(service) == {1: PARKED}


def test_an_unknown_field_of_a_newer_sender_is_ignored(service, tenant, subject, story):
    service.inbox().receive([replace(story[0], body='{"reason": "1", "mood": "bad"}')])
    assert service.noted(tenant, subject) == ["1"]


def test_a_batch_over_several_tenants_gives_each_its_own(service, subject):
    tenants = [uuid4() for _ in range(4)]
    now = service.clock.now()
    batch = [told(tenant, subject, n, f"{tenant} {n}", now) for n in (2, 1, 3) for tenant in tenants]
    service.inbox().receive(batch)
    for tenant in tenants:
        assert service.noted(tenant, subject) == [f"{tenant} {n}" for n in (1, 2, 3)]


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_handler_for_one_tenant_cannot_see_anothers_rows(service, subject):
    found = {}

    def look(event, work) -> None:
        found[work.tenant_id] = work.store._rows.all(select(notes.c.text))  # forgets to ask for its own

    tenants = [uuid4(), uuid4()]
    for tenant in tenants:
        with service.units.begin(tenant) as unit:
            unit.store.add(subject, f"of {tenant}", unit.now)
    service.inbox(look).receive([told(tenant, subject, 1, "look", service.clock.now()) for tenant in tenants])
    assert {tenant: [row["text"] for row in rows] for tenant, rows in found.items()} == {
        tenant: [f"of {tenant}"] for tenant in tenants
    }


def test_an_answer_names_the_event_that_caused_it(service, tenant, subject, story):
    def answer(event, work) -> None:
        work.record(withdrawn(tenant, subject, "so be it", work.now))

    service.inbox(answer).receive(story[:1])
    assert [row["cause_id"] for row in said(service)] == [story[0].event_id]


def test_what_is_said_again_by_a_relay_has_no_second_effect(service, tenant, subject):
    """Publishing twice is harmless (R27)."""
    with service.units.begin(tenant) as unit:
        unit.record(withdrawn(tenant, subject, "once", unit.now))
    inbox = service.inbox()

    class Twice:
        def publish(self, envelopes: Sequence[Envelope]) -> None:
            inbox.receive(envelopes)
            inbox.receive(envelopes)

    Relay(NAME, service.worker, plumbing, Twice()).publish_waiting(service.clock.now)
    assert service.noted(tenant, subject) == ["once"]


def test_two_processes_that_hear_the_same_at_once_have_one_effect(service, tenant):
    now = service.clock.now()
    batch = [told(tenant, uuid4(), n, str(n), now) for n in [1] * 10]
    hear_at_once(service, [batch, batch[::-1], batch])
    assert all(service.noted(tenant, envelope.subject) == ["1"] for envelope in batch)


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_beginning_whose_lease_ran_out_in_a_slow_process_has_one_effect(service, tenant, subject, story):
    """A story that has not begun has no row that two processes could lock."""
    at_work, go_on = threading.Event(), threading.Event()

    def slowly(event, work) -> None:
        at_work.set()
        assert go_on.wait(20)
        note(event, work)

    service.inbox().store(story[:1])
    slow = threading.Thread(target=service.inbox(slowly).work_due)
    slow.start()
    assert at_work.wait(20)
    service.clock.advance(seconds=LEASE.total_seconds() + 1)
    quick = threading.Thread(target=service.inbox().work_due)
    quick.start()
    quick.join(0.5)
    go_on.set()
    slow.join(20)
    quick.join(20)
    work(service, service.inbox())
    assert service.noted(tenant, subject) == ["1"]
    assert states(service) == {1: DONE}


class Broken(Exception):
    pass


class Killed(BaseException):
    """Stands for kill -9: nothing in the program can catch it and write anything down."""


@pytest.fixture
def subject() -> UUID:
    return uuid4()


@pytest.fixture
def story(service, tenant, subject) -> list[Envelope]:
    """Five events of one subject, whose texts are their numbers."""
    return [told(tenant, subject, n, str(n), service.clock.now()) for n in range(1, 6)]


def failing_on(text: str, *, error: BaseException | None = None, until=lambda: False, seen: list | None = None):
    """A handler that notes, but fails on this text as long as `until` says no."""

    def handler(event, work) -> None:
        if event.reason == text:
            if seen is not None:
                seen.append(text)
            if not until():
                raise error or Broken("with the words of a complainant: 13812345678")
        note(event, work)

    return handler


def work(service: Sample, inbox, steps: int = 40) -> None:
    """Let the inbox work, with long waits between, until nothing changes any more."""
    for step in range(steps):
        if step:
            service.clock.advance(**LONGEST_PAUSE)
        inbox.work_due()


def deaths_until_quiet(service: Sample, inbox) -> int:
    deaths = 0
    for _ in range(60):
        try:
            inbox.work_due()
        except Killed:
            deaths += 1
        service.clock.advance(**LONGEST_PAUSE)
    return deaths


def hear_at_once(service: Sample, batches: list[list[Envelope]]) -> None:
    threads = [threading.Thread(target=service.inbox().receive, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    work(service, service.inbox(), steps=3)


def rows(service: Sample):
    with service.worker.read() as connection:
        return connection.execute(select(plumbing.inbox)).mappings().all()


def row(service: Sample, sequence: int, of: Envelope | None = None):
    (found,) = [r for r in rows(service) if r["sequence"] == sequence and (of is None or r["subject"] == of.subject)]
    return found


def states(service: Sample, of: Envelope | None = None) -> dict[int, int]:
    return {r["sequence"]: r["state"] for r in rows(service) if of is None or r["subject"] == of.subject}


def said(service: Sample):
    with service.worker.read() as connection:
        return connection.execute(select(plumbing.outbox)).mappings().all()
