"""One relay works an outbox at a time (design of the relay), whatever the number of worker processes."""

from libs.common.db import Database
from libs.common.outbox import Relay


def test_a_second_relay_waits_for_its_turn(postgres_database):
    first, second = relay(postgres_database), relay(postgres_database)
    with first.turn() as mine, second.turn() as other:
        assert mine and not other


def test_the_turn_is_free_once_its_holder_is_gone(postgres_database):
    with relay(postgres_database).turn():
        pass
    with relay(postgres_database).turn() as mine:
        assert mine


def relay(url):
    return Relay("sample", Database(url), plumbing=None, broker=None)
