"""The broker carries envelopes from a service's outbox to the inboxes of those who hear it.

The promise, the same for both kinds: `publish` returns when every envelope is in safe keeping for every
hearer; after an exception nobody knows, and the caller publishes again. Delivery is at least once.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from libs.common.envelope import Envelope

Receive = Callable[[Sequence[Envelope], bool], None]
"""Takes a batch; the flag says that some were delivered before. Returns when they are stored."""


class PublishInDoubt(Exception):
    """The broker refused, returned or did not confirm; publish again."""


class Broker(Protocol):
    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when all are safe. Raises PublishInDoubt."""
