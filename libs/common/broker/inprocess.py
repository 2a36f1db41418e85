"""The broker of the embedded mode: publishing stores the envelopes in the hearers' inboxes, durably."""

from collections.abc import Callable, Sequence

from libs.common.broker.topology import hearers
from libs.common.envelope import Envelope

Store = Callable[[Sequence[Envelope]], None]


class InProcessBroker:
    def __init__(self) -> None:
        self._stores: dict[str, Store] = {}

    def attach(self, service: str, store: Store) -> None:
        """`store` puts envelopes into the service's inbox and returns when they are committed."""
        self._stores[service] = store

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        for source in {envelope.source for envelope in envelopes}:
            mine = [envelope for envelope in envelopes if envelope.source == source]
            for service in hearers(source):
                if service in self._stores:
                    self._stores[service](mine)
