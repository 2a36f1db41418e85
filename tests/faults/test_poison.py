"""R12: an event that cannot be handled holds up its own complaint and no other, whatever it does."""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import amqp
import pytest
from sqlalchemy import select

from libs.common.broker.rabbitmq import RabbitBroker, connect
from libs.common.broker.topology import EXCHANGE, dead_queue_of, routing_key
from libs.common.clock import MovableClock
from libs.common.db import Database
from libs.common.envelope import Envelope
from libs.common.inbox import LEASE, replay_parked
from libs.common.plumbing import DONE, PARKED
from libs.common.tenancy import bind
from libs.common.testing import sample
from libs.common.testing.hearing import emptied
from libs.common.testing.roles import Urls, give_roles
from libs.common.testing.sample import plumbing, told
from libs.common.testing.sample_worker import HEARS_AS, KILLED
from libs.common.testing.waiting import eventually
from libs.common.web.operations import parked_events

COMPLAINTS, EACH = 400, 3
RAISING, KILLING, UNDECODABLE = 12, 1, 4  # of 1,200 events
DEATHS_PER_KILLER = 3
ROOT = Path(__file__).resolve().parents[2]


def test_poison_holds_up_only_its_own_complaint_and_is_gone_after_a_repair(desk, seed):
    chosen = random.Random(seed)
    events = stories(desk, chosen)
    poison = poisoned(events, chosen)
    desk.publish([poison.get(event.event_id, event) for event in events], chosen)

    desk.work()
    expected = before_the_poison(events, set(poison))
    eventually(lambda: desk.mend() and desk.noted() == expected, within=60)
    eventually(lambda: desk.mend() and desk.states()[PARKED] == len(poison), within=60)
    print(f"{desk.deaths} deaths")
    assert desk.deaths <= DEATHS_PER_KILLER * KILLING
    assert Counter(each["error"] for each in desk.parked()) == {
        "Unbearable": RAISING,
        "the process died while handling this": KILLING,
    }
    assert {each["event_id"] for each in desk.parked()} == set(poison)
    assert desk.noted() == expected
    assert desk.dead_letters() == UNDECODABLE

    desk.work(repaired=True)
    assert replay_parked(desk.database, plumbing, None, desk.clock.now()) == len(poison)
    eventually(lambda: desk.mend() and desk.states() == {DONE: len(events)}, within=60)
    assert desk.noted() == told_in_order(events, poison)
    assert desk.parked() == []


def stories(desk: "Desk", chosen: random.Random) -> list[Envelope]:
    """Each complaint's events in order, mixed with those of the others."""
    subjects = [UUID(int=chosen.getrandbits(128), version=4) for _ in range(COMPLAINTS)]
    turns = [subject for subject in subjects for _ in range(EACH)]
    chosen.shuffle(turns)
    so_far: Counter[UUID] = Counter()
    events = []
    for subject in turns:
        so_far[subject] += 1
        number = so_far[subject]
        events.append(told(desk.tenant_id, subject, number, f"note {number}", desk.clock.now()))
    return events


def poisoned(events: list[Envelope], chosen: random.Random) -> dict[UUID, Envelope]:
    """The poison by its id: at most one for a complaint, at any place in its story."""
    first_of_each = {event.subject: event for event in chosen.sample(events, len(events))}
    victims = chosen.sample(list(first_of_each.values()), RAISING + KILLING)
    deeds = ["raise"] * RAISING + ["kill"] * KILLING
    return {
        victim.event_id: replace(victim, body=victim.body.replace("note", deed))
        for victim, deed in zip(victims, deeds, strict=True)
    }


def before_the_poison(events: list[Envelope], poison: set[UUID]) -> dict[UUID, list[str]]:
    """What each complaint's notes are when it waits for its poison; all of them where there is none."""
    notes: dict[UUID, list[str]] = {}
    held = set()
    for event in events:
        if event.event_id in poison:
            held.add(event.subject)
        elif event.subject not in held:
            notes.setdefault(event.subject, []).append(f"note {event.sequence}")
    return notes


def told_in_order(events: list[Envelope], poison: dict[UUID, Envelope]) -> dict[UUID, list[str]]:
    notes: dict[UUID, list[str]] = {}
    for event in events:
        deed = "note"
        if event.event_id in poison:
            deed = "kill" if "kill" in poison[event.event_id].body else "raise"
        notes.setdefault(event.subject, []).append(f"{deed} {event.sequence}")
    return notes


@dataclass
class Desk:
    """The sample service's worker as a process, started again whenever it dies, on a broker and a database."""

    urls: Urls
    broker: str
    folder: Path

    def __post_init__(self) -> None:
        self.tenant_id = uuid4()
        self.clock = MovableClock(self.folder / "clock")
        self.database = Database(self.urls.worker)
        self.deaths = 0
        self._words: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None

    def work(self, repaired: bool = False) -> None:
        """Start, or start again with the other program."""
        self.stop()
        program = [sys.executable, "-m", "libs.common.testing.sample_worker", self.urls.worker, self.broker]
        self._words = [*program, str(self.folder / "clock"), *["--repaired"] * repaired]
        self._start()

    def mend(self) -> bool:
        """Start it again if it died; its lease on what it held is over by then. Always true."""
        assert self._process is not None
        if self._process.poll() is not None:
            assert self._process.returncode == KILLED, "only poison kills it"
            self.deaths += 1
            self.clock.advance(LEASE)
            self._start()
        return True

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def publish(self, events: list[Envelope], chosen: random.Random) -> None:
        """All events, and somewhere among them messages that are none."""
        places = sorted(chosen.sample(range(1, len(events)), UNDECODABLE))
        with closing(RabbitBroker(self.broker)) as publisher:
            for begin, end in zip([0, *places], [*places, len(events)], strict=True):
                publisher.publish(events[begin:end])
                if end < len(events):
                    self._publish_garbage()

    def noted(self) -> dict[UUID, list[str]]:
        """The notes of each complaint in the order of noting."""
        found: dict[UUID, list[str]] = {}
        with self.database.read() as connection:
            bind(connection, self.tenant_id)
            mine = select(sample.notes).where(sample.notes.c.tenant_id == self.tenant_id)
            for row in connection.execute(mine.order_by(sample.notes.c.note_id)).mappings():
                found.setdefault(row["subject"], []).append(row["text"])
        return found

    def states(self) -> Counter[int]:
        with self.database.read() as connection:
            return Counter(connection.execute(select(plumbing.inbox.c.state)).scalars())

    def parked(self) -> list[dict[str, object]]:
        return parked_events(self.database, plumbing)

    def dead_letters(self) -> int:
        connection = connect(self.broker)
        try:
            declared = connection.channel().queue_declare(dead_queue_of(HEARS_AS), passive=True)
            return int(declared.message_count)
        finally:
            connection.close()

    def _publish_garbage(self) -> None:
        connection = connect(self.broker)
        try:
            channel = connection.channel()
            channel.confirm_select()
            key = routing_key("intake", "complaint.withdrawn.v1")
            channel.basic_publish_confirm(amqp.Message(b"\xff no event"), EXCHANGE, key)
        finally:
            connection.close()

    def _start(self) -> None:
        with (self.folder / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(self._words, cwd=ROOT, stdout=log, stderr=log)


@pytest.fixture
def desk(postgres_database: str, rabbit, tmp_path: Path) -> Iterator[Desk]:
    urls = give_roles(postgres_database, sample.NAME)
    sample.migrate(urls.owner)
    desk = Desk(urls, emptied(rabbit.url), tmp_path)
    yield desk
    desk.stop()
    desk.database.close()
