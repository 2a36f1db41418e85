"""Which broker a URL means. The one place that chooses."""

import threading
from collections.abc import Callable

from libs.common.broker import Broker, Receive
from libs.common.broker.rabbitmq import Listener, RabbitBroker
from libs.common.broker.topology import HEARS


def publisher(url: str) -> Broker:
    return RabbitBroker(url)


def listener(url: str, service: str, receive: Receive) -> Callable[[threading.Event], None] | None:
    """Hears the service's queue until stopped; raises when the broker is lost, then call again.

    None for a service that hears nobody.
    """
    return Listener(url, service, receive).listen if service in HEARS else None
