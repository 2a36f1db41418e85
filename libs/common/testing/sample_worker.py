"""The sample service's worker as a process of its own, whose handler some events make fail and some kill.

`python -m libs.common.testing.sample_worker DATABASE_URL BROKER_URL CLOCK_FILE [--repaired]` listens on the queue
of dispatch, by a movable clock, until SIGTERM. A reason that begins with `raise` fails, one that begins with
`kill` ends the process; `--repaired` notes both like any other.
"""

import argparse
import os
import signal
import threading
from pathlib import Path

from flask import Flask

from libs.common.broker.connect import listener, publisher
from libs.common.clock import MovableClock
from libs.common.db import Database
from libs.common.events.intake import ComplaintWithdrawn
from libs.common.inbox import Inbox
from libs.common.outbox import Bell
from libs.common.service import Service
from libs.common.testing.sample import Handler, Notes, note, plumbing
from libs.common.unit_of_work import UnitsOfWork, Work
from libs.common.worker import Worker

HEARS_AS = "dispatch"
KILLED = 9


class Unbearable(Exception):
    """The handler cannot carry this event."""


def fragile(event: ComplaintWithdrawn, work: Work[Notes]) -> None:
    """Note it, or fail, or take the whole process along."""
    if event.reason and event.reason.startswith("kill"):
        os._exit(KILLED)
    if event.reason and event.reason.startswith("raise"):
        raise Unbearable
    note(event, work)


def build(database_url: str, clock_file: Path, handler: Handler) -> Service:
    """The sample as a service that a worker can run; its app answers nothing."""
    database, bell, clock = Database(database_url), Bell(), MovableClock(clock_file)
    units = UnitsOfWork(database, plumbing, Notes, clock, bell.ring)
    return Service(
        name=HEARS_AS,
        app=Flask(HEARS_AS),
        database=database,
        plumbing=plumbing,
        units=units,
        inbox=Inbox(HEARS_AS, units, {ComplaintWithdrawn: handler}),
        clock=clock,
        relay_bell=bell,
    )


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("broker")
    parser.add_argument("clock", type=Path)
    parser.add_argument("--repaired", action="store_true")
    given = parser.parse_args(words)
    service = build(given.database, given.clock, note if given.repaired else fragile)
    worker = Worker(service, publisher(given.broker), listener(given.broker, HEARS_AS, service.inbox.receive))
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    worker.start()
    ended.wait()
    worker.stop()


if __name__ == "__main__":
    main()
