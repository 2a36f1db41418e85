"""Any permutation and multiplicity of a story has the effects of the story (R6)."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.inbox import ATTEMPTS
from libs.common.testing import sample
from libs.common.testing.roles import Urls
from libs.common.testing.sample import Sample, told

DELIVERIES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5), st.booleans()), max_size=30)
"""Which of three subjects, which of its five events, and whether a new batch begins there."""


@settings(max_examples=60, deadline=None)
@given(deliveries=DELIVERIES, failures=st.sets(st.tuples(st.integers(0, 2), st.integers(1, 5)), max_size=4))
def test_effects_come_once_and_in_order_whatever_is_delivered(deliveries, failures):
    with TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder)}/sample.db"
        sample.migrate(address)
        service = Sample(Urls(address, address, address))
        deliver_and_check(service, deliveries, failures)
        service.close()


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize("seed", range(5))
def test_effects_come_once_and_in_order_on_postgresql_too(service, seed):
    lot = random.Random(seed)
    deliveries = [(lot.randrange(3), lot.randint(1, 5), lot.random() < 0.3) for _ in range(40)]
    deliver_and_check(service, deliveries, {(lot.randrange(3), lot.randint(1, 5)) for _ in range(2)})


def deliver_and_check(service: Sample, deliveries, failures) -> None:
    """Each event in `failures` fails twice, then works."""
    tenant, now = uuid4(), service.clock.now()
    subjects = [uuid4() for _ in range(3)]
    events = {(s, n): told(tenant, subjects[s], n, str(n), now) for s in range(3) for n in range(1, 6)}
    left = {(subjects[s], str(n)): ATTEMPTS - 1 for s, n in failures}

    def handler(event, work) -> None:
        if left.get((event.subject, event.reason), 0):
            left[event.subject, event.reason] -= 1
            raise ZeroDivisionError
        sample.note(event, work)

    inbox = service.inbox(handler)
    for batch in batches(deliveries):
        inbox.receive([events[s, n] for s, n, _ in batch], seen_before=batch[0][2] and len(batch) % 3 == 0)
        inbox.work_due()
        check(service, tenant, subjects, deliveries)
        service.clock.advance(seconds=1)
    for _ in range(25):
        service.clock.advance(minutes=20)
        inbox.work_due()
    for number, subject in enumerate(subjects):
        assert service.noted(tenant, subject) == reachable(deliveries, number)


def check(service: Sample, tenant, subjects, deliveries) -> None:
    """At any moment what is noted is a beginning of the story."""
    for number, subject in enumerate(subjects):
        noted = service.noted(tenant, subject)
        assert noted == reachable(deliveries, number)[: len(noted)]


def batches(deliveries):
    batch = []
    for delivery in deliveries:
        if delivery[2] and batch:
            yield batch
            batch = []
        batch.append(delivery)
    if batch:
        yield batch


def reachable(deliveries, subject: int) -> list[str]:
    """What can be handled of what was delivered: the events before the first missing one."""
    heard = {n for s, n, _ in deliveries if s == subject}
    return [str(n) for n in range(1, 6) if set(range(1, n + 1)) <= heard]
