"""RabbitMQ through kombu: pipelined confirms, batches in, time-outs on everything.

After any doubt (a nack, a return, a time-out, an error) the connection is closed: a late confirm on a reused
channel could be taken for another message's. Nothing is retried here; the rows are the queue.
"""

import logging
import socket
import threading
from collections.abc import Sequence
from typing import Any

import amqp
import kombu
from amqp import Message
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError

from libs.common.broker import PublishInDoubt, Receive
from libs.common.broker.topology import EXCHANGE, declare, queue_of, routing_key
from libs.common.envelope import CONTENT_TYPE, Envelope, from_json, to_json
from libs.common.events import NotUnderstood

log = logging.getLogger(__name__)

BATCH = 100
PREFETCH = 3 * BATCH
CONFIRM_SECONDS = 5
HEARTBEAT = 6  # a silent broker is given up after two of them
TIMEOUTS = {"connect_timeout": 3, "read_timeout": 10, "write_timeout": 5}
BROKEN = (OSError, AMQPError, OperationalError, socket.timeout)


def connect(url: str, heartbeat: int = HEARTBEAT) -> amqp.Connection:
    """An open connection with every time-out set. Raises OperationalError.

    It is the bare connection: kombu's own would open itself again, without its consumers.
    """
    connection = kombu.Connection(url, heartbeat=heartbeat, transport_options=dict(TIMEOUTS))
    connection.ensure_connection(max_retries=1, timeout=5)
    return connection.connection


class RabbitBroker:
    """Publishes for one relay; not for use by two threads."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self._channel: Any = None
        self._waiting: set[int] = set()
        self._refused: list[str] = []
        self._tag = 0

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when the broker has confirmed every one. Raises PublishInDoubt, with the connection closed."""
        try:
            if self._connection is None:
                self._open()
            for envelope in envelopes:
                self._send(envelope)
            while self._waiting and not self._refused:
                self._connection.drain_events(timeout=CONFIRM_SECONDS)
        except BROKEN as failure:
            self.close()
            raise PublishInDoubt(type(failure).__name__) from failure
        if self._refused:
            reason = self._refused[0]
            self.close()
            raise PublishInDoubt(reason)

    def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        self._waiting, self._refused, self._tag = set(), [], 0
        if connection is not None:
            drop(connection)

    def _open(self) -> None:
        connection = connect(self._url, heartbeat=0)  # idle for hours; a dead peer shows at the next confirm
        self._connection = connection
        self._channel = channel = connection.channel()
        declare(channel)
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)

    def _send(self, envelope: Envelope) -> None:
        self._tag += 1
        self._waiting.add(self._tag)
        message = Message(
            to_json(envelope),
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=2,
            message_id=str(envelope.event_id),
            type=envelope.type,
        )
        self._channel.basic_publish(
            message,
            EXCHANGE,
            routing_key(envelope.source, envelope.type),
            mandatory=True,
            timeout=CONFIRM_SECONDS,
        )

    def _on_ack(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._waiting = {waiting for waiting in self._waiting if waiting > tag}
        else:
            self._waiting.discard(tag)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused.append(f"refused by the broker (tag {tag})")

    def _on_return(self, failure: Exception, *_: Any) -> None:
        self._refused.append(f"not routable: {failure}")


def drop(connection: amqp.Connection) -> None:
    """Close the socket without a farewell, whose answer may never come."""
    try:
        connection.collect()
    except BROKEN:
        log.info("the broker connection was gone already")


class Listener:
    """Takes deliveries of one service's queue in batches and acknowledges them once they are stored."""

    def __init__(self, url: str, service: str, receive: Receive) -> None:
        self._url = url
        self._service = service
        self._receive = receive
        self._held: list[Any] = []

    def listen(self, stop: threading.Event) -> None:
        """Until `stop`. Raises what the broker or the store raises; then call again."""
        connection = connect(self._url)
        try:
            channel = connection.channel()
            declare(channel)
            channel.basic_qos(0, PREFETCH, False)
            self._held = []
            channel.basic_consume(queue_of(self._service), callback=self._held.append)
            while not stop.is_set():
                self._gather(connection)
                if self._held:
                    self._take(channel)
        finally:
            drop(connection)

    def _gather(self, connection: Any) -> None:
        """Wait up to a second for the first delivery, then take what is there."""
        patience = 1.0
        while len(self._held) < BATCH:
            try:
                connection.drain_events(timeout=patience)
            except (TimeoutError, socket.timeout):  # noqa: UP041 (amqp raises either, by transport)
                connection.heartbeat_tick()
                return
            patience = 0.001

    def _take(self, channel: Any) -> None:
        deliveries, self._held[:] = self._held[:], []
        envelopes, last_stored = [], 0
        for delivery in deliveries:
            try:
                envelopes.append(from_json(_bytes(delivery.body)))
                last_stored = delivery.delivery_tag
            except NotUnderstood:
                log.error("a message that is no event goes to the dead-letter queue")
                channel.basic_reject(delivery.delivery_tag, requeue=False)
        if envelopes:
            self._receive(envelopes, any(delivery.delivery_info["redelivered"] for delivery in deliveries))
            channel.basic_ack(last_stored, multiple=True)  # all up to here are stored, or rejected above


def _bytes(body: bytes | str) -> bytes:
    return body.encode() if isinstance(body, str) else body
