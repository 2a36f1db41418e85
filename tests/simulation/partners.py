"""Broker, SMS provider, mail server and booking platform of a story: they lose, repeat, delay and refuse, and remember
what they took."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from libs.common.broker.topology import HEARS, hearers
from libs.common.clock import Clock
from libs.common.envelope import Envelope
from libs.common.inbox import Inbox
from libs.common.testing.partners.ota import ToldStatus, read_status
from services.intake.domain.handback import Answer
from services.notify.domain.message import Handed, Message, Outcome, Refused, Uncertain

UNPUBLISHED, UNCONFIRMED, REPEATED, HELD_BACK = 0.02, 0.02, 0.06, 0.05
BATCH = 40


class BrokerAway(Exception):
    """The connection to the broker broke."""


@dataclass
class Carried:
    envelope: Envelope
    ready_at: datetime
    seen_before: bool = False


@dataclass
class CarryingBroker:
    """A queue for each hearer. Nothing is acknowledged before the hearer has stored it."""

    clock: Clock
    chosen: random.Random
    calm: bool = True
    queues: dict[str, list[Carried]] = field(default_factory=lambda: {name: [] for name in HEARS})

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Raises BrokerAway, before or after some of it or all was taken."""
        drawn = 1.0 if self.calm else self.chosen.random()
        if drawn < UNPUBLISHED:
            raise BrokerAway
        doubtful = drawn < UNPUBLISHED + UNCONFIRMED
        taken = envelopes[: self.chosen.randrange(len(envelopes) + 1)] if doubtful else envelopes
        for envelope in taken:
            for service in hearers(envelope.source):
                self.queues[service] += [Carried(envelope, self._arrives()) for _ in range(self._copies())]
        if doubtful:
            raise BrokerAway

    def deliver(self, service: str, inbox: Inbox) -> None:
        """One batch. Whoever dies over it gets it again, marked as delivered before."""
        now = self.clock.now()
        arrived = [each for each in self.queues[service] if each.ready_at <= now]
        first = arrived[0]
        batch = [each for each in arrived if each.seen_before == first.seen_before][:BATCH]
        seen_before = first.seen_before
        for each in batch:
            each.seen_before = True
        inbox.receive([each.envelope for each in batch], seen_before)
        self.acknowledge(service, batch)

    def acknowledge(self, service: str, batch: Sequence[Carried]) -> None:
        done = {id(each) for each in batch}
        self.queues[service] = [each for each in self.queues[service] if id(each) not in done]

    def next_arrival(self, service: str) -> datetime | None:
        return min((each.ready_at for each in self.queues[service]), default=None)

    def _copies(self) -> int:
        return 1 if self.calm or self.chosen.random() >= REPEATED else self.chosen.randint(2, 3)

    def _arrives(self) -> datetime:
        """On the next full second, with what else comes by then; some of it later."""
        held_back = not self.calm and self.chosen.random() < HELD_BACK
        on_the_way = timedelta(seconds=self.chosen.randint(2, 30) if held_back else 1)
        return self.clock.now().replace(microsecond=0) + on_the_way


@dataclass
class Partner:
    """A way out behind notify's Gateway. `taken` are the keys of the messages that reached somebody,
    `unread` these messages until somebody reads them."""

    repeatable: bool
    chosen: random.Random
    calm: bool = True
    taken: list[str] = field(default_factory=list)
    unread: list[Message] = field(default_factory=list)

    def send(self, message: Message, now: datetime) -> Outcome:
        drawn = 1.0 if self.calm else self.chosen.random()
        if drawn < 0.02:
            return Refused(True, "no such number")
        if drawn < 0.05:
            return Refused(False, "busy")
        if drawn < 0.06:
            return Uncertain("no answer, and nothing was taken")
        self.taken.append(message.message_key)
        self.unread.append(message)
        if drawn < 0.08:
            return Uncertain("no answer, though it was taken")
        return Handed(f"partner-{len(self.taken)}")


@dataclass
class BookingPlatform:
    """Is told how far the complaints are that it passed on. `told` are the statuses that reached it, copies too."""

    chosen: random.Random
    calm: bool = True
    told: list[ToldStatus] = field(default_factory=list)

    def tell(self, _url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        drawn = 1.0 if self.calm else self.chosen.random()
        if drawn < 0.05:
            return Answer(False, reason="busy")
        status = read_status(headers["webhook-id"], body)
        if status is None:
            return Answer(False, final=True, reason="not readable")
        self.told.append(status)
        return Answer(False, reason="no answer, though it was taken") if drawn < 0.08 else Answer(True)
