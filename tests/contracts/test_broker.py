"""What both brokers promise: published is safe for every hearer, delivery at least once, doubt is said."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from libs.common.broker.inprocess import InProcessBroker
from libs.common.broker.rabbitmq import RabbitBroker
from libs.common.broker.topology import HEARS, hearers
from libs.common.envelope import Envelope
from libs.common.testing import sample
from libs.common.testing.hearing import Hearer, emptied
from libs.common.testing.roles import Urls
from libs.common.testing.waiting import eventually


@pytest.mark.parametrize("source", ["tenants", "intake", "dispatch", "sla", "notify"])
def test_what_is_said_reaches_every_hearer_of_its_source_and_no_other(post, source):
    said = [envelope(source) for _ in range(3)]
    post.publish(said)
    for service in hearers(source):
        post.expect(service, said)
    post.expect_nothing_else()


def test_an_envelope_arrives_as_it_was_sent(post):
    sent = replace(
        envelope("notify"),
        body='{"reason":"漏水 🛗 \\u0000 \\"quoted\\""}',
        cause_id=uuid4(),
        traceparent="00-" + "ab" * 16 + "-" + "cd" * 8 + "-01",
        occurred_at=datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC),
    )
    post.publish([sent])
    post.expect("reporting", [sent])


def test_one_publishers_order_is_kept(post):
    story = [envelope("notify", n) for n in range(1, 501)]
    for start in range(0, 500, 50):
        post.publish(story[start : start + 50])
    post.expect("reporting", story)


def test_a_batch_of_several_senders_reaches_each_ones_hearers(post):
    told, done = envelope("tenants"), envelope("notify")
    post.publish([told, done])
    post.expect("reporting", [told])
    post.expect("reporting", [done])
    post.expect("intake", [told])


def test_saying_nothing_is_no_failure(post):
    post.publish([])


def test_what_was_not_stored_is_delivered_again(post):
    said = [envelope("notify", n) for n in (1, 2, 3)]
    post.failing("reporting", times=1)
    post.publish_until_safe(said)
    post.expect("reporting", said)


def test_what_was_stored_is_handled_by_the_next_process_when_this_one_dies_first(tmp_path):
    """In one process: published is stored, and handling comes after."""
    address = f"sqlite:///{tmp_path}/sample.db"
    sample.migrate(address)
    dying, nxt = (sample.Sample(Urls(address, address, address)) for _ in range(2))
    broker = InProcessBroker()
    broker.attach("reporting", dying.inbox().store)
    said = envelope("notify")
    broker.publish([said])
    dying.close()
    nxt.inbox().work_due()
    assert nxt.noted(said.tenant_id, said.subject) == ["漏水"]
    nxt.close()


class Post:
    """A broker of either kind with a hearer for every service."""

    def __init__(self, publish: Callable, listening: dict[str, Hearer]) -> None:
        self.publish = publish
        self._listening = listening
        self._expected: dict[str, set[UUID]] = {service: set() for service in HEARS}

    def publish_until_safe(self, envelopes: list[Envelope]) -> None:
        """As the relay does it: again after every failure."""
        eventually(lambda: self._published(envelopes), within=20)

    def failing(self, service: str, times: int) -> None:
        self._listening[service].failures = times

    def expect(self, service: str, envelopes: list[Envelope]) -> None:
        """All of them, in this order, whatever comes twice."""
        wanted = [envelope.event_id for envelope in envelopes]
        self._expected[service] |= set(wanted)
        hearer = self._listening[service]
        eventually(lambda: [event_id for event_id in hearer.ids() if event_id in wanted] == wanted, within=20)
        assert [heard for heard in hearer.distinct() if heard.event_id in wanted] == envelopes

    def expect_nothing_else(self) -> None:
        for service, hearer in self._listening.items():
            assert set(hearer.ids()) <= self._expected[service], service

    def _published(self, envelopes: list[Envelope]) -> bool:
        try:
            self.publish(envelopes)
        except Exception:  # noqa: BLE001 (whatever it is, the relay publishes again)
            return False
        return True


@pytest.fixture(params=["inprocess", "rabbitmq"])
def post(request) -> Iterator[Post]:
    listening = {service: Hearer(service) for service in HEARS}
    if request.param == "inprocess":
        broker = InProcessBroker()
        for service, hearer in listening.items():
            broker.attach(service, hearer.store)
        yield Post(broker.publish, listening)
        return
    url = emptied(request.getfixturevalue("rabbit").url)
    for hearer in listening.values():
        hearer.listen(url)
    publishing = RabbitBroker(url)
    yield Post(publishing.publish, listening)
    publishing.close()
    for hearer in listening.values():
        hearer.leave()
    for hearer in listening.values():
        hearer.gone()


def envelope(source: str, sequence: int = 1, subject: UUID | None = None) -> Envelope:
    now = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    body = '{"reason":"漏水"}'
    return Envelope(uuid4(), source, "complaint.withdrawn.v1", now, uuid4(), subject or uuid4(), sequence, body)
