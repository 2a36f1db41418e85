"""RabbitMQ only: doubt is said and the connection closed, whatever goes wrong and wherever (E1)."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import kombu
import pytest
from amqp import Message

from libs.common.broker import PublishInDoubt
from libs.common.broker.rabbitmq import BATCH, RabbitBroker
from libs.common.broker.topology import EXCHANGE, dead_queue_of, hearers, queue_of, routing_key
from libs.common.envelope import Envelope, to_json
from libs.common.testing.hearing import Hearer, emptied
from libs.common.testing.proxy import Proxy
from libs.common.testing.waiting import eventually

KEY = routing_key("notify", "complaint.withdrawn.v1")
MINE, DEAD = queue_of("reporting"), dead_queue_of("reporting")


def test_who_dies_without_an_acknowledgement_leaves_all_to_the_next_with_a_flag(url, broker, listening):
    said = envelopes(5)
    broker.publish(said)
    dying = listening(url, failures=1)
    eventually(lambda: dying.ended, within=15)
    dying.gone()
    nxt = listening(url)
    eventually(lambda: len(nxt.ids()) == 5, within=15)
    assert nxt.ids() == [envelope.event_id for envelope in said]
    assert nxt.batches[0][1]


def test_what_was_stored_before_a_failure_does_not_come_again(url, broker, listening):
    stored, failed = envelopes(BATCH), envelopes(7)
    broker.publish([*stored, *failed])
    first = listening(url, failures=1, after=1)
    eventually(lambda: first.ended and len(first.ids()) == BATCH + 7, within=20)
    heard = [envelope.event_id for batch, _ in first.batches for envelope in batch]
    assert heard == [envelope.event_id for envelope in [*stored, *failed]]
    assert [flag for _, flag in first.batches][0] is False
    assert length(url, MINE) == 0


@pytest.mark.parametrize("place", [0, 2, 4])
def test_what_cannot_be_read_goes_to_the_dead_letters_and_the_rest_of_the_batch_on(url, broker, place, listening):
    said = envelopes(4)
    broker.publish(said[:place])
    publish_bytes(url, b"not an event")
    broker.publish(said[place:])
    heard = listening(url)
    eventually(lambda: len(heard.ids()) == 4 and length(url, DEAD) == 1, within=15)
    assert heard.ids() == [envelope.event_id for envelope in said]
    assert length(url, MINE) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"time": "2026-03-02T01:30:00"},
        {"sequence": 0},
        {"sequence": 2**31},
        {"type": "t" * 81},
        {"type": "complaint\u0000.withdrawn.v1"},
        {"source": "/redress/" + "s" * 33},
        {"traceparent": "00-" + "a" * 60},
        {"tenantid": "nobody"},
    ],
    ids=str,
)
def test_what_no_inbox_has_room_for_goes_to_the_dead_letters_too(url, broker, change, listening):
    """Otherwise it would come back until the delivery limit throws its healthy neighbours away."""
    publish_bytes(url, json.dumps(json.loads(to_json(envelopes(1)[0])) | change).encode())
    broker.publish(envelopes(1))
    heard = listening(url)
    eventually(lambda: len(heard.ids()) == 1 and length(url, DEAD) == 1, within=15)


def test_what_no_queue_takes_is_in_doubt_and_the_connection_closed(url, broker, listening):
    broker.publish(envelopes(1))
    with kombu.Connection(url) as connection:
        for hearer in hearers("notify"):
            connection.channel().queue_delete(queue_of(hearer))
    with pytest.raises(PublishInDoubt, match="not routable"):
        broker.publish(envelopes(3))
    assert broker._connection is None
    again = envelopes(2)
    broker.publish(again)  # declares what is missing
    heard = listening(url)
    eventually(lambda: heard.ids() == [envelope.event_id for envelope in again], within=15)


def test_what_a_full_queue_refuses_is_in_doubt_and_the_connection_closed(url, broker, full_queue):
    with pytest.raises(PublishInDoubt, match="refused"):
        broker.publish(envelopes(20))
    assert broker._connection is None


def test_a_late_answer_to_an_old_message_confirms_no_new_one(url, broker, full_queue):
    """Five trials of five went wrong with a channel that was used again after a doubt (E1)."""
    for _ in range(5):
        with pytest.raises(PublishInDoubt):
            broker.publish(envelopes(3))
    with kombu.Connection(url) as connection:
        connection.channel().queue_delete(full_queue)
    broker.publish(envelopes(1))


def test_a_listener_whose_queue_is_deleted_ends_and_hears_again(url, broker, listening):
    heard = listening(url)
    broker.publish(envelopes(1))
    eventually(lambda: heard.ids(), within=15)
    with kombu.Connection(url) as connection:
        connection.channel().queue_delete(MINE)
    eventually(lambda: heard.ended, within=15)
    eventually(lambda: published(broker, envelopes(1)) and len(heard.ids()) > 1, within=15)


def test_a_broker_that_is_killed_while_we_publish_loses_nothing(url, broker, rabbit, listening):
    rabbit.settle()
    said, doubts, confirmed = envelopes(2000), [], []
    killing = threading.Thread(target=lambda: (at_work.wait(20), rabbit.kill(), rabbit.start()))
    at_work = threading.Event()
    killing.start()
    for start in range(0, len(said), 50):
        window = said[start : start + 50]
        eventually(lambda window=window: published(broker, window, doubts), within=90)
        confirmed += window
        if start == 500:
            at_work.set()
    killing.join(90)
    heard = listening(url)
    eventually(lambda: len(heard.ids()) == len(said), within=60)
    assert doubts, "the kill came too late to prove anything"
    assert {envelope.event_id for envelope in said} == set(heard.ids())


def test_a_listener_outlives_its_broker(url, broker, rabbit, listening):
    heard = listening(url)
    broker.publish(envelopes(1))
    eventually(lambda: heard.ids(), within=15)
    rabbit.settle()
    rabbit.kill()
    eventually(lambda: heard.ended, within=15)
    rabbit.start()
    eventually(lambda: published(broker, envelopes(1)), within=30)
    eventually(lambda: len(heard.ids()) >= 2, within=30)


def test_a_publisher_whose_broker_falls_silent_says_so_within_six_seconds(url):
    with Proxy.before(url) as proxy:
        broker = RabbitBroker(proxy.url)
        broker.publish(envelopes(1))
        proxy.swallow()
        assert seconds_until_doubt(broker, 3) < 7
        proxy.flow()
        eventually(lambda: published(broker, envelopes(1)), within=15)
        broker.close()


def test_a_publisher_that_meets_a_silent_broker_says_so_soon(url):
    with Proxy.before(url) as proxy:
        proxy.swallow()
        broker = RabbitBroker(proxy.url)
        assert seconds_until_doubt(broker, 1) < 9


def test_a_publisher_with_more_to_say_than_the_cable_holds_says_so_within_six_seconds(url):
    with Proxy.before(url) as proxy:
        broker = RabbitBroker(proxy.url)
        broker.publish(envelopes(1))
        proxy.stall()
        assert seconds_until_doubt(broker, 400, size=100_000) < 7
        broker.close()


def test_a_listener_whose_broker_falls_silent_ends_within_fifteen_seconds_and_hears_again(url, broker, listening):
    with Proxy.before(url) as proxy:
        heard = listening(proxy.url)
        broker.publish(envelopes(1))
        eventually(lambda: heard.ids(), within=15)
        proxy.swallow()
        broker.publish(envelopes(1))
        eventually(lambda: heard.ended, within=16)
        proxy.flow()
        eventually(lambda: len(heard.ids()) == 2, within=20)
        heard.gone()


@pytest.fixture
def url(rabbit) -> Iterator[str]:
    rabbit.start()
    yield emptied(rabbit.url)
    rabbit.start()


@pytest.fixture
def broker(url) -> Iterator[RabbitBroker]:
    found = RabbitBroker(url)
    yield found
    found.close()


@pytest.fixture
def listening() -> Iterator[Callable[..., Hearer]]:
    """Starts someone who listens for reporting, and fails so often, after so many batches."""
    started: list[Hearer] = []

    def listen(url: str, failures: int = 0, after: int = 0) -> Hearer:
        found = Hearer("reporting")
        found.failures, found.fail_after = failures, after
        found.listen(url)
        started.append(found)
        return found

    yield listen
    for found in started:
        found.gone()


@pytest.fixture
def full_queue(url) -> Iterator[str]:
    """A queue that takes one message and refuses the rest."""
    name = f"full-{uuid4().hex}"
    arguments = {"x-max-length": 1, "x-overflow": "reject-publish"}
    with kombu.Connection(url) as connection:
        channel = connection.channel()
        channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)
        channel.queue_bind(name, EXCHANGE, "notify.#")
        yield name
        channel.queue_delete(name)


def envelopes(count: int) -> list[Envelope]:
    now, tenant, subject = datetime(2026, 3, 2, 1, 30, tzinfo=UTC), uuid4(), uuid4()
    return [
        Envelope(uuid4(), "notify", "complaint.withdrawn.v1", now, tenant, subject, n, '{"reason":"漏水"}')
        for n in range(1, count + 1)
    ]


def published(broker: RabbitBroker, said: list[Envelope], doubts: list | None = None) -> bool:
    try:
        broker.publish(said)
    except PublishInDoubt as doubt:
        if doubts is not None:
            doubts.append(doubt)
        return False
    return True


def publish_bytes(url: str, content: bytes) -> None:
    with kombu.Connection(url) as connection:
        channel = connection.channel()
        channel.basic_publish(Message(content, delivery_mode=2), EXCHANGE, KEY)


def length(url: str, queue: str) -> int:
    """Messages that wait in the queue."""
    with kombu.Connection(url) as connection:
        return connection.channel().queue_declare(queue, passive=True).message_count


def seconds_until_doubt(broker: RabbitBroker, count: int, size: int = 10) -> float:
    said = [replace(envelope, body='{"reason":"' + "x" * size + '"}') for envelope in envelopes(count)]
    start = time.monotonic()
    with pytest.raises(PublishInDoubt):
        broker.publish(said)
    assert broker._connection is None
    return time.monotonic() - start
