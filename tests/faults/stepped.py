"""The embedded mode by a clock that stands still until a test moves it, with a broker that may misbehave."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from deploy import embedded
from deploy.databases import Databases
from libs.common.broker import Broker
from libs.common.broker.topology import hearers
from libs.common.envelope import Envelope
from libs.common.service import Service
from libs.common.testing.partners.mail import MailPartner
from libs.common.testing.partners.sms import SmsPartner
from libs.common.testing.still_clock import StillClock
from libs.common.testing.waiting import eventually
from libs.common.worker import Worker
from services.tenants.handlers.founding import found_platform

TURN = 300  # seconds that one look of the clock may cost: all that has come in by then is worked in it
OUT = "SELECT count(*) FROM outbox"
UNHEARD = "SELECT count(*) FROM inbox WHERE state = 0"
HEARD_TOO_LATE = "SELECT count(*) FROM inbox WHERE state = 0 AND due_at <= '{now:%Y-%m-%d %H:%M:%S.%f}'"
UNTOLD = "SELECT count(*) FROM deliveries WHERE state IN ('planned', 'sending')"
ALARMS = "SELECT count(*) FROM alarms WHERE due_at <= '{now:%Y-%m-%d %H:%M:%S.%f}'"
WITNESS = """CREATE TRIGGER never_back BEFORE UPDATE ON applied WHEN NEW.sequence <= OLD.sequence
    BEGIN SELECT RAISE(ABORT, 'applied backwards'); END"""


class RepeatingBroker:
    """Carries everything twice, one in twenty five times, in an order and at a pace of its own.

    Until `wild` it carries each event once and at once, as the embedded mode's broker does.
    """

    def __init__(self, services: dict[str, Service], chosen: random.Random) -> None:
        self.wild = False
        self.carried = 0
        self._services = services
        self._chosen = chosen
        self._lock = threading.Lock()
        self._under_way: dict[str, list[Envelope]] = {name: [] for name in services}
        self._handing_over = 0
        self._stop = threading.Event()
        self._carrier = threading.Thread(target=self._carrying, daemon=True)

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        for service in hearers(envelopes[0].source):
            if self.wild:
                with self._lock:
                    copies = [copy for each in envelopes for copy in [each] * self._chosen.choices([2, 5], [19, 1])[0]]
                    self._under_way[service] += copies
                    self.carried += len(copies)
            else:
                self._services[service].inbox.store(envelopes)
                self._services[service].inbox_bell.ring()

    def idle(self) -> bool:
        with self._lock:
            return not self._handing_over and not any(self._under_way.values())

    def start(self) -> None:
        self._carrier.start()

    def stop(self) -> None:
        self._stop.set()
        self._carrier.join(10)

    def _carrying(self) -> None:
        while not self._stop.wait(0.02):
            for name in self._services:
                for batch, seen_before in self._taken(name):
                    self._services[name].inbox.receive(batch, seen_before)
                    self._services[name].inbox_bell.ring()
            with self._lock:
                self._handing_over = 0

    def _taken(self, name: str) -> list[tuple[list[Envelope], bool]]:
        """Some of what is under way, shuffled, in batches; the rest comes later."""
        with self._lock:
            waiting = self._under_way[name]
            self._chosen.shuffle(waiting)
            some = len(waiting) if len(waiting) < 20 else self._chosen.randrange(len(waiting))
            now, self._under_way[name] = waiting[:some], waiting[some:]
            self._handing_over += len(now)
            size = self._chosen.randint(20, 100)
            batches = [now[start : start + size] for start in range(0, len(now), size)]
            return [(batch, self._chosen.random() < 0.1) for batch in batches]


@dataclass
class Stepped:
    """`start()` prepares everything; `rest(until)` lets what is due by then happen, second by second."""

    folder: Path
    clock: StillClock
    chosen: random.Random | None = None
    broker: RepeatingBroker | None = field(init=False, default=None)

    def start(self) -> None:
        """`embedded.clock` must answer with `clock`."""
        self.mail, self.sms = MailPartner().start(), SmsPartner().start()
        environ = embedded.environment(
            self.folder,
            SMTP_URL=f"smtp://127.0.0.1:{self.mail.port}?tls=none&sender=complaints@redress.example",
            ALIYUN_ENDPOINT=self.sms.url,
        )
        embedded.prepare(environ)
        self.platform = embedded.assemble(environ)
        self.services = self.platform.services
        for service in self.services.values():
            with service.database.write() as connection:
                connection.exec_driver_sql(WITNESS)
        if self.chosen:
            self.broker = RepeatingBroker(self.services, self.chosen)
            self.broker.start()
            broker: Broker = self.broker
            self.platform.workers = [Worker(service, broker) for service in self.services.values()]
        self.platform.start()

    def stop(self) -> None:
        if self.broker:
            self.broker.stop()
        self.platform.stop()
        self.mail.stop()
        self.sms.stop()

    def found(self, login: str, password: str) -> None:
        found_platform(self.services["tenants"].units, login=login, password=password)

    def client(self, name: str) -> httpx.Client:
        return self.platform.client(name)

    def databases(self) -> Databases:
        return Databases(f"sqlite:///{self.folder}/{{service}}.sqlite")

    def rest(self, until: datetime) -> None:
        """Nothing is left to do, and it is `until`; AssertionError when that took longer, by the platform's clock."""
        while not self._at_rest():
            assert self.clock.now() < until, "still busy"
            self._move_to(min(until, self.clock.now() + timedelta(seconds=1)))
        self._move_to(until)
        eventually(self._at_rest, within=TURN)

    def _move_to(self, moment: datetime) -> None:
        self.clock.set(moment)
        for service in self.services.values():
            bells = (service.relay_bell, service.inbox_bell, *(job.bell for job in service.jobs if job.bell))
            for bell in bells:
                bell.ring()
        eventually(self._nothing_due, within=TURN)

    def _nothing_due(self) -> bool:
        """What is left waits for a later moment."""
        return self._carried() and self._none(HEARD_TOO_LATE) and self._count("sla", ALARMS) == 0

    def _at_rest(self) -> bool:
        told = self._count("notify", UNTOLD) == 0
        return self._nothing_due() and told and self._none(UNHEARD) and self._carried()

    def _carried(self) -> bool:
        return self._none(OUT) and (self.broker is None or self.broker.idle())

    def _none(self, statement: str) -> bool:
        return all(self._count(name, statement) == 0 for name in self.services)

    def _count(self, name: str, statement: str) -> int:
        with self.services[name].database.read() as connection:
            return int(connection.exec_driver_sql(statement.format(now=self.clock.now())).scalar_one())


Starting = Callable[[random.Random | None], Stepped]
