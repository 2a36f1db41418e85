"""Someone who hears what a broker carries, and can be told to fail."""

import threading
from collections.abc import Callable, Sequence
from uuid import UUID

import kombu

from libs.common.broker import connect
from libs.common.broker.topology import HEARS, dead_queue_of, declare, queue_of
from libs.common.envelope import Envelope


class StoreFailed(Exception):
    """The hearer was told to fail."""


class Hearer:
    """Keeps every batch it was given, with the flag that it was delivered before."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.batches: list[tuple[list[Envelope], bool]] = []
        self.ended: list[Exception] = []
        self.failures = 0
        self.fail_after = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def receive(self, envelopes: Sequence[Envelope], seen_before: bool = False) -> None:
        if self.failures and len(self.batches) >= self.fail_after:
            self.failures -= 1
            raise StoreFailed
        self.batches.append((list(envelopes), seen_before))

    def store(self, envelopes: Sequence[Envelope]) -> None:
        self.receive(envelopes)

    def listen(self, url: str) -> None:
        """Listen in a thread, and again after every failure, as a worker does."""
        hears = connect.listener(url, self.service, self.receive)
        self._thread = threading.Thread(target=self._keep_listening, args=(hears,), daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Stop listening soon; `gone` waits for it."""
        self._stop.set()

    def gone(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(20)

    def ids(self) -> list[UUID]:
        """The ids heard, each once, in the order of first hearing."""
        return [envelope.event_id for envelope in self.distinct()]

    def distinct(self) -> list[Envelope]:
        return list({envelope.event_id: envelope for batch, _ in self.batches for envelope in batch}.values())

    def _keep_listening(self, hears: Callable[[threading.Event], None]) -> None:
        while not self._stop.is_set():
            try:
                hears(self._stop)
            except Exception as failure:  # noqa: BLE001 (kept for the test to look at)
                self.ended.append(failure)
                self._stop.wait(0.2)


def emptied(url: str) -> str:
    """The same URL, after every queue was declared and emptied."""
    with kombu.Connection(url) as connection:
        channel = connection.channel()
        declare(channel)
        for service in HEARS:
            channel.queue_purge(queue_of(service))
            channel.queue_purge(dead_queue_of(service))
    return url
