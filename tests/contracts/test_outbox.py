"""The relay and what it keeps: nothing leaves the outbox unconfirmed, and everything sent can be said again (R8)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import uuid_utils.compat as uuids
from sqlalchemy import create_engine, func, select, text

from libs.common import outbox
from libs.common.broker import PublishInDoubt
from libs.common.outbox import Relay, forget_sent, replay
from libs.common.testing.sample import NAME, Sample, plumbing, withdrawn

ON_A_SERVER = pytest.mark.parametrize("database", ["postgresql"])


def test_what_was_confirmed_moves_from_outbox_to_sent(service, tenant, broker):
    say(service, tenant, uuid4(), 3)
    assert relay(service, broker) == 3
    assert (count(service, "outbox"), count(service, "sent")) == (0, 3)
    assert relay(service, broker) == 0


def test_what_the_broker_doubted_stays_and_is_published_again(service, tenant, broker):
    say(service, tenant, uuid4(), 3)
    broker.doubts = True
    with pytest.raises(PublishInDoubt):
        relay(service, broker)
    assert (count(service, "outbox"), count(service, "sent")) == (3, 0)
    broker.doubts = False
    assert relay(service, broker) == 3
    assert broker.sequences() == [1, 2, 3, 1, 2, 3]


def test_an_envelope_carries_the_whole_row(service, tenant, broker):
    subject, cause = uuid4(), uuid4()
    with service.worker_units.transaction() as transaction:
        work = transaction.work_for(tenant, cause)
        work.record(withdrawn(tenant, subject, "leak", work.now))
    relay(service, broker)
    (envelope,) = broker.published
    assert (envelope.tenant_id, envelope.subject, envelope.cause_id) == (tenant, subject, cause)
    assert (envelope.source, envelope.type, envelope.sequence) == (NAME, "complaint.withdrawn.v1", 1)
    assert (envelope.body, envelope.occurred_at) == ('{"reason":"leak"}', service.clock.now())


def test_a_subjects_events_are_published_in_the_order_of_saying(service, tenant, broker):
    subject = uuid4()
    for _ in range(30):
        say(service, tenant, subject, 1)
    relay(service, broker)
    assert broker.sequences() == list(range(1, 31))


def test_ids_made_one_after_the_other_sort_that_way():
    made = [uuids.uuid7() for _ in range(20_000)]
    assert made == sorted(made)


def test_a_flood_of_one_tenant_leaves_the_others_a_place_in_the_window(service, broker, monkeypatch):
    monkeypatch.setattr(outbox, "WINDOW", 20)
    say(service, uuid4(), uuid4(), 100)
    quiet = uuid4()
    say(service, quiet, uuid4(), 1)
    assert relay(service, broker) == 11
    assert quiet in broker.tenants()


def test_with_more_tenants_than_the_window_holds_each_gets_its_turn(service, broker, monkeypatch):
    monkeypatch.setattr(outbox, "WINDOW", 4)
    last = UUID(int=2**128 - 1)
    for tenant in (*(uuid4() for _ in range(8)), last):
        say(service, tenant, uuid4(), 30)
    for _ in range(60):
        relay(service, broker)
    assert last in broker.tenants()


def test_replay_puts_back_what_was_sent_since_then(service, tenant, broker):
    since = send_an_hour_apart(service, tenant, broker, 3)
    assert replay(service.worker, plumbing, since[1]) == 2
    broker.published.clear()
    assert relay(service, broker) == 2
    assert broker.sequences() == [2, 3]


def test_what_is_replayed_twice_is_kept_once(service, tenant, broker):
    since = send_an_hour_apart(service, tenant, broker, 2)
    for _ in range(2):
        replay(service.worker, plumbing, since[0])
    assert count(service, "outbox") == 2
    relay(service, broker)
    replay(service.worker, plumbing, since[0])
    relay(service, broker)
    assert (count(service, "outbox"), count(service, "sent")) == (0, 2)


def test_what_was_sent_within_a_week_is_kept(service, tenant, broker):
    service.clock.set(today(service))
    send_an_hour_apart(service, tenant, broker, 1)
    forget_sent(service.worker, plumbing, service.clock.now() + timedelta(days=6))
    assert count(service, "sent") == 1


def test_what_was_sent_more_than_a_week_ago_is_forgotten(service, tenant, broker):
    service.clock.set(today(service) - timedelta(days=9))
    send_an_hour_apart(service, tenant, broker, 2)
    forget_sent(service.worker, plumbing, today(service))
    assert count(service, "sent") == 0


@ON_A_SERVER
def test_todays_rows_lie_in_todays_part(service, tenant, broker):
    service.clock.set(today(service))
    send_an_hour_apart(service, tenant, broker, 1)
    assert parts(service)[f"sent_{service.clock.now():%Y%m%d}"] == 1


@ON_A_SERVER
def test_a_part_past_a_week_is_dropped_and_counted(service, owner):
    day = today(service).date() - timedelta(days=8)
    owner(f"CREATE TABLE sent_{day:%Y%m%d} PARTITION OF sent FOR VALUES FROM ('{day}') TO ('{day + timedelta(1)}')")
    assert forget_sent(service.worker, plumbing, today(service)) == 1
    assert f"sent_{day:%Y%m%d}" not in parts(service)


@ON_A_SERVER
def test_a_relay_that_starts_before_the_days_are_made_does_not_spoil_them(service, tenant, broker, owner):
    """After days without a worker today's part is missing, and what is sent lands among the others."""
    now = today(service)
    for ahead in range(4):
        owner(f"DROP TABLE sent_{now + timedelta(ahead):%Y%m%d}")
    service.clock.set(now)
    send_an_hour_apart(service, tenant, broker, 1)
    assert parts(service)["sent_other"] == 1
    forget_sent(service.worker, plumbing, now)
    assert parts(service)["sent_other"] == 0
    assert parts(service)[f"sent_{now:%Y%m%d}"] == 1
    assert f"sent_{now + timedelta(3):%Y%m%d}" in parts(service)


class Notebook:
    """A broker that writes down what it is given."""

    def __init__(self) -> None:
        self.published: list = []
        self.doubts = False

    def publish(self, envelopes) -> None:
        self.published += envelopes
        if self.doubts:
            raise PublishInDoubt

    def sequences(self) -> list[int]:
        return [envelope.sequence for envelope in self.published]

    def tenants(self) -> set[UUID]:
        return {envelope.tenant_id for envelope in self.published}


@pytest.fixture
def broker() -> Notebook:
    return Notebook()


def relay(service: Sample, broker: Notebook) -> int:
    return Relay(NAME, service.worker, plumbing, broker).publish_waiting(service.clock.now)


def say(service: Sample, tenant: UUID, subject: UUID, times: int) -> None:
    with service.units.begin(tenant) as work:
        for number in range(times):
            work.record(withdrawn(tenant, subject, str(number), work.now))


def send_an_hour_apart(service: Sample, tenant: UUID, broker: Notebook, times: int) -> list[datetime]:
    """One event each; returns when each was sent."""
    subject, moments = uuid4(), []
    for number in range(times):
        if number:
            service.clock.advance(hours=1)
        say(service, tenant, subject, 1)
        relay(service, broker)
        moments.append(service.clock.now())
    return moments


def count(service: Sample, name: str) -> int:
    with service.worker.read() as connection:
        return connection.execute(select(func.count()).select_from(getattr(plumbing, name))).scalar_one()


def parts(service: Sample) -> dict[str, int]:
    """Rows in each partition of `sent`."""
    with service.worker.read() as connection:
        names = connection.execute(
            text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'sent'::regclass")
        )
        found = dict.fromkeys(names.scalars(), 0)
        inside = connection.execute(text("SELECT tableoid::regclass::text, count(*) FROM sent GROUP BY 1"))
        return found | dict(tuple(row) for row in inside)


def today(service: Sample) -> datetime:
    """The parts of `sent` follow the database's clock."""
    if service.web.dialect == "sqlite":
        return datetime(2026, 3, 2, 12, tzinfo=UTC)
    with service.worker.read() as connection:
        return connection.execute(text("SELECT now()")).scalar_one().astimezone(UTC)


@pytest.fixture
def owner(urls):
    """Runs a statement as the owner of the tables."""

    def run(statement: str) -> None:
        engine = create_engine(urls.owner)
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    return run
