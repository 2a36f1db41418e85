"""Claiming due rows: fair between tenants, oldest first, leased, never the same row twice at once (R13)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from libs.common import due
from libs.common.plumbing import DUE
from libs.common.testing.sample import Sample, plumbing

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LEASE = timedelta(seconds=15)


def test_what_is_due_is_claimed_once_and_again_when_the_lease_ends(service, tenant):
    put(service, tenant, ages=[5])
    assert claim(service) == 1
    assert claim(service, now=NOW + LEASE - timedelta(milliseconds=1)) == 0
    assert claim(service, now=NOW + LEASE) == 1


def test_a_row_is_due_at_its_moment_and_not_before(service, tenant):
    put(service, tenant, ages=[-1])
    assert claim(service) == 0
    assert claim(service, now=NOW + timedelta(seconds=1)) == 1


def test_a_row_without_a_time_is_never_due(service, tenant):
    put(service, tenant, ages=[None])
    assert claim(service, now=NOW + timedelta(days=400)) == 0


def test_a_claim_counts_the_attempt_and_sets_the_lease(service, tenant):
    put(service, tenant, ages=[5])
    (row,) = claimed(service)
    assert (row["attempts"], row["due_at"], row["tenant_id"]) == (1, NOW + LEASE, tenant)


def test_fresh_only_passes_over_what_was_tried_before(service, tenant):
    put(service, tenant, ages=[9], attempts=2)
    put(service, tenant, ages=[5])
    (row,) = claimed(service, fresh_only=True)
    assert row["attempts"] == 1
    assert claim(service, fresh_only=False) == 1


def test_the_oldest_of_a_tenant_come_first(service, tenant):
    put(service, tenant, ages=[10, 50, 30, 20, 40])
    assert sorted(row["sequence"] for row in claimed(service, limit=2)) == [40, 50]


def test_a_flood_of_one_tenant_leaves_the_others_their_share(service):
    flooding, quiet = uuid4(), [uuid4() for _ in range(4)]
    put(service, flooding, ages=range(1000, 1200))
    for tenant in quiet:
        put(service, tenant, ages=[1])
    found = Counter(row["tenant_id"] for row in claimed(service, limit=50))
    assert all(found[tenant] == 1 for tenant in quiet)
    assert found[flooding] == 10


def test_no_more_than_the_limit_is_claimed_however_many_tenants_wait(service):
    for _ in range(12):
        put(service, uuid4(), ages=[1, 2])
    assert claim(service, limit=5) == 5


@pytest.mark.parametrize("fresh_only", [True, False])
def test_every_tenant_gets_a_turn_though_one_has_always_something_due(service, fresh_only):
    """A claim of one row at a time, as for rows that failed, must not always take the same tenant's."""
    first, last = sorted([uuid4(), uuid4()])
    put(service, first, ages=range(1, 100))
    put(service, last, ages=[1])
    turns = [row["tenant_id"] for _ in range(40) for row in claimed(service, limit=1, fresh_only=fresh_only)]
    assert last in turns


def test_rows_that_only_wait_for_another_try_take_no_share_of_the_fresh_ones(service):
    tired, fresh = uuid4(), uuid4()
    put(service, tired, ages=range(1, 10), attempts=1)
    put(service, fresh, ages=range(1, 10))
    assert claim(service, limit=8, fresh_only=True) == 8


@pytest.mark.parametrize("database", ["postgresql"])
def test_what_another_process_holds_is_passed_over(service, tenant):
    put(service, tenant, ages=range(1, 11))
    with service.worker.write() as one, service.worker.write() as other:
        held = due.claim(one, plumbing.inbox, now=NOW, limit=6, lease=LEASE)
        rest = due.claim(other, plumbing.inbox, now=NOW, limit=6, lease=LEASE)
    assert sorted(row["sequence"] for row in held) == [5, 6, 7, 8, 9, 10]
    assert sorted(row["sequence"] for row in rest) == [1, 2, 3, 4]


def test_whose_turn_it_is_names_each_tenant_with_something_due_once(service, tenant):
    other, later = uuid4(), uuid4()
    put(service, tenant, ages=[5, 3])
    put(service, other, ages=[1])
    put(service, later, ages=[-1, None])
    assert sorted(due.whose_turn(service.worker, plumbing.inbox, NOW)) == sorted([tenant, other])


def test_the_lot_decides_whose_turn_comes_first(service):
    for _ in range(6):
        put(service, uuid4(), ages=[1])
    orders = {tuple(due.whose_turn(service.worker, plumbing.inbox, NOW)) for _ in range(20)}
    assert len(orders) > 1


def test_nobodys_turn_is_one_look(service, tenant):
    put(service, tenant, ages=[-60])
    asked = []
    event.listen(service.worker.engine, "before_cursor_execute", lambda *words: asked.append(words[2]))
    assert due.whose_turn(service.worker, plumbing.inbox, NOW) == []
    assert len([statement for statement in asked if "inbox" in statement]) == 1


def test_a_claim_that_is_rolled_back_took_nothing(service, tenant):
    put(service, tenant, ages=[1])
    with pytest.raises(ZeroDivisionError), service.worker.write() as connection:
        due.claim(connection, plumbing.inbox, now=NOW, limit=6)
        raise ZeroDivisionError
    assert claim(service) == 1


def test_an_idle_look_asks_one_question(service, tenant):
    put(service, tenant, ages=[-60])
    asked = []
    event.listen(service.worker.engine, "before_cursor_execute", lambda *words: asked.append(words[2]))
    assert claim(service) == 0
    assert len([statement for statement in asked if "inbox" in statement]) == 1


@pytest.mark.parametrize("database", ["postgresql"])
def test_an_idle_look_reads_the_front_of_the_index(service, tenant):
    put(service, tenant, ages=[-60 - n for n in range(500)])
    with service.worker.read() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        question = "EXPLAIN SELECT 1 FROM inbox WHERE due_at <= now() LIMIT 1"
        plan = "\n".join(connection.exec_driver_sql(question).scalars())
    assert "ix_inbox_due" in plan


def put(service: Sample, tenant: UUID, ages, attempts: int = 0) -> None:
    """Inbox rows that have been due for so many seconds; their sequence is their age."""
    rows = [
        {
            "tenant_id": tenant,
            "source": "intake",
            "event_id": uuid4(),
            "type": "complaint.withdrawn.v1",
            "subject": uuid4(),
            "sequence": abs(age or 0),
            "occurred_at": NOW,
            "received_at": NOW,
            "state": DUE,
            "attempts": attempts,
            "due_at": None if age is None else NOW - timedelta(seconds=age),
        }
        for age in ages
    ]
    with service.worker.write() as connection:
        connection.execute(plumbing.inbox.insert(), rows)


def claimed(service: Sample, *, now: datetime = NOW, limit: int = 100, fresh_only: bool = False) -> list:
    with service.worker.write() as connection:
        return due.claim(connection, plumbing.inbox, now=now, limit=limit, lease=LEASE, fresh_only=fresh_only)


def claim(service: Sample, **how) -> int:
    return len(claimed(service, **how))
