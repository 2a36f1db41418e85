"""The loops of a worker go on whatever fails, wake each other, and end when told to."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from libs.common.broker.inprocess import InProcessBroker
from libs.common.outbox import Bell
from libs.common.plumbing import DUE
from libs.common.service import Job, Service
from libs.common.testing.sample import NAME, Sample, plumbing, told, withdrawn
from libs.common.testing.waiting import eventually
from libs.common.worker import Worker, forget_answered


def test_what_is_said_is_published_and_what_is_stored_is_handled(service, tenant, worker):
    broker, subject = InProcessBroker(), uuid4()
    worker(broker)
    with service.units.begin(tenant) as work:
        work.record(withdrawn(tenant, subject, "said", work.now))
    service.inbox().store([told(tenant, subject, 1, "heard", service.clock.now())])
    eventually(lambda: count(service, plumbing.sent) == 1)
    eventually(lambda: service.noted(tenant, subject) == ["heard"])


def test_a_loop_that_fails_goes_on(service, worker):
    turns = []

    def run() -> int:
        turns.append(1)
        if len(turns) < 3:
            raise ZeroDivisionError
        return 0

    working = worker(InProcessBroker(), Job("often", run, every=0.01))
    eventually(lambda: len(turns) > 3, within=20)
    assert working.alive()


def test_a_listener_that_loses_its_broker_is_called_again(service, worker):
    calls = []

    def listen(stop: threading.Event) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise OSError
        stop.wait()

    worker(InProcessBroker(), listen=listen)
    eventually(lambda: len(calls) == 2, within=20)


def test_a_job_that_finds_work_is_called_again_at_once(service, worker):
    left = [0, 1, 1, 1]
    worker(InProcessBroker(), Job("rare", lambda: left.pop() if left else 0, every=3600))
    eventually(lambda: not left)


def test_a_bell_wakes_a_job_before_its_time(service, worker):
    bell, turns = Bell(), []
    worker(InProcessBroker(), Job("rare", lambda: turns.append(1) or 0, every=3600, bell=bell))
    eventually(lambda: turns)
    bell.ring()
    eventually(lambda: len(turns) == 2)


def test_a_ring_wakes_one_of_those_who_wait(service, worker):
    bell, turns = Bell(), []
    jobs = [Job(f"hand-{n}", lambda: turns.append(1) or 0, every=3600, bell=bell) for n in range(4)]
    worker(InProcessBroker(), *jobs)
    eventually(lambda: len(turns) == 4)
    for rings in (5, 6, 7):
        bell.ring()
        eventually(lambda rings=rings: len(turns) == rings)


def test_a_worker_that_is_stopped_ends_all_its_loops(service, worker):
    working = worker(InProcessBroker(), Job("rare", lambda: 0, every=3600))
    assert working.alive()
    working.stop()
    assert not any(thread.is_alive() for thread in working._threads)
    assert not working.alive()


def test_a_lost_ring_is_repaired_by_the_sweep(service, tenant, worker):
    worker(InProcessBroker())
    silent = Sample(service.urls)  # another process, whose bell nobody hears
    with silent.units.begin(tenant) as work:
        work.record(withdrawn(tenant, uuid4(), "said", work.now))
    silent.close()
    eventually(lambda: count(service, plumbing.sent) == 1)


def test_answered_keys_and_handled_events_are_forgotten_in_time(service, tenant):
    now = service.clock.now()
    service.inbox().receive([told(tenant, uuid4(), 1, "done", now), told(tenant, uuid4(), 2, "waits", now)])
    forget_answered(built(service), now, now + timedelta(seconds=1))
    with service.worker.read() as connection:
        assert connection.execute(select(plumbing.inbox.c.state)).scalars().all() == [DUE]


@pytest.fixture
def worker(service) -> Iterator[Callable[..., Worker]]:
    started: list[Worker] = []

    def start(broker, *jobs: Job, listen=None) -> Worker:
        working = Worker(built(service, *jobs), broker, listen)
        working.start()
        started.append(working)
        return working

    yield start
    for working in started:
        working.stop()


def built(service: Sample, *jobs: Job) -> Service:
    return Service(
        name=NAME,
        app=Flask(NAME),
        database=service.worker,
        plumbing=plumbing,
        units=service.units,
        inbox=service.inbox(),
        clock=service.clock,
        relay_bell=service.bell,
        jobs=jobs,
    )


def count(service: Sample, table) -> int:
    with service.worker.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()
