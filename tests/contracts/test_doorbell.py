"""The bell that one process rings for another, over the database."""

import threading
from collections.abc import Callable, Iterator

import pytest

from libs.common import doorbell
from libs.common.outbox import Bell
from libs.common.testing.waiting import eventually

pytestmark = pytest.mark.parametrize("database", ["postgresql"])


def test_a_ring_in_one_process_wakes_the_relay_of_another(service, answering):
    here, there = Bell(), Bell()
    answering(there)
    doorbell.forward(here, service.web)
    eventually(lambda: rung(here, there), within=20)


def test_the_doorbell_works_again_after_the_database_was_killed(service, postgres, answering):
    here, there = Bell(), Bell()
    doorbell.forward(here, service.web)
    postgres.kill()
    here.ring()
    postgres.start()
    answering(there)
    eventually(lambda: rung(here, there), within=20)


def test_who_answers_the_door_says_so_when_the_database_is_gone(service, postgres):
    ended: list[BaseException] = []

    def answer() -> None:
        try:
            doorbell.answer(Bell(), service.worker, threading.Event())
        except Exception as failure:  # noqa: BLE001 (looked at below)
            ended.append(failure)

    threading.Thread(target=answer, daemon=True).start()
    postgres.kill()
    eventually(lambda: ended, within=20)
    postgres.start()


@pytest.fixture
def answering(service) -> Iterator[Callable[[Bell], None]]:
    """Answers the doorbell in a thread that is gone before the database is."""
    stop, threads = threading.Event(), []

    def start(bell: Bell) -> None:
        threads.append(threading.Thread(target=doorbell.answer, args=(bell, service.worker, stop)))
        threads[-1].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join(10)


def rung(here: Bell, there: Bell) -> bool:
    here.ring()
    return there.wait(0.2)
