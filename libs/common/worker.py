"""What a worker process does beside the web: relay the outbox, hear the broker, work the inbox, run the jobs.

Each is a loop in a thread of its own; a loop that fails logs it, rests a moment and goes on. SIGTERM lets each
finish what it is at. Nothing depends on a clean end: kill -9 is always safe.
"""

import logging
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from libs.common import doorbell, telemetry
from libs.common.broker import Broker
from libs.common.outbox import Bell, Relay, forget_sent
from libs.common.service import Job, Service

log = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
REST_SECONDS = (0.2, 3.0)


class Worker:
    """Runs one service's loops until stopped. `listen`, if given, blocks and hears the broker.

    `poll`: look every so many seconds instead of waiting for a bell, where a pooler in between cannot LISTEN.
    """

    def __init__(
        self,
        service: Service,
        broker: Broker,
        listen: Callable[[threading.Event], None] | None = None,
        poll: float | None = None,
    ) -> None:
        self._service = service
        self._relay = Relay(service.name, service.database, service.plumbing, broker)
        self._listen = listen
        self._poll = poll
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        loops: list[tuple[str, Callable[[], None]]] = [("relay", self._relaying), ("inbox", self._working)]
        if self._listen:
            loops.append(("listen", self._listening))
        if self._service.database.dialect == "postgresql" and self._poll is None:
            loops.append(("doorbell", self._answering))
        loops += [(job.name, partial(self._job, job)) for job in (*self._service.jobs, self._tidying())]
        for name, loop in loops:
            thread = threading.Thread(target=self._keep_going, args=(name, loop), daemon=True)
            thread.name = f"{self._service.name}-{name}"
            thread.start()
            self._threads.append(thread)

    def stop(self, within: float = 25.0) -> None:
        """Finish what is at hand, then end."""
        self._stop.set()
        bells = (job.bell for job in self._service.jobs if job.bell)
        for bell in (self._service.relay_bell, self._service.inbox_bell, *bells):
            bell.ring()
        for thread in self._threads:
            thread.join(within)

    def alive(self) -> bool:
        """Whether every loop is still turning; for /healthz."""
        return all(thread.is_alive() for thread in self._threads)

    def _keep_going(self, name: str, loop: Callable[[], None]) -> None:
        with telemetry.about(service=self._service.name):
            while not self._stop.is_set():
                try:
                    loop()
                except Exception:
                    log.warning("%s rests after a failure", name, exc_info=True)
                    self._stop.wait(random.uniform(*REST_SECONDS))  # noqa: S311 (jitter)

    def _relaying(self) -> None:
        with self._relay.turn() as mine:
            while mine and not self._stop.is_set():
                if self._relay.publish_waiting(self._service.clock.now) == 0:
                    self._rest(self._service.relay_bell, SWEEP_SECONDS)
        self._stop.wait(SWEEP_SECONDS)  # another process has the turn

    def _working(self) -> None:
        while not self._stop.is_set():
            if self._service.inbox.work_due() == 0:
                self._rest(self._service.inbox_bell, SWEEP_SECONDS)

    def _listening(self) -> None:
        assert self._listen is not None
        self._listen(self._stop)

    def _answering(self) -> None:
        doorbell.answer(self._service.relay_bell, self._service.database, self._stop)

    def _job(self, job: Job) -> None:
        while not self._stop.is_set():
            if job.run() == 0:
                self._rest(job.bell, job.every)

    def _rest(self, bell: Bell | None, seconds: float) -> None:
        """Until there may be work again."""
        if bell and self._poll is None:
            bell.wait(seconds)
        else:
            self._stop.wait(min(seconds, self._poll or seconds))

    def _tidying(self) -> Job:
        service = self._service

        def tidy() -> int:
            now = service.clock.now()
            forget_sent(service.database, service.plumbing, now)
            forget_answered(service, now - timedelta(days=3), now - timedelta(days=14))
            return 0

        return Job("tidy", tidy, every=600)


def forget_answered(service: Service, answered_before: object, handled_before: object) -> None:
    """Drop idempotency keys after 72 hours and handled inbox rows after 14 days."""
    inbox = service.plumbing.inbox
    with service.database.write() as connection:
        connection.execute(inbox.delete().where(inbox.c.received_at < handled_before, inbox.c.state == 1))
        keys = service.plumbing.idempotency
        connection.execute(keys.delete().where(keys.c.created_at < answered_before))
