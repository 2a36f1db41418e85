"""Waking the relay of another process after a commit: PostgreSQL NOTIFY from a side connection.

Never inside the business transaction, where it would serialise all commits. Rung at most every few milliseconds;
a lost ring is repaired by the relay's slow sweep. SQLite needs none of this: there everything is one process.
"""

import logging
import threading

import psycopg

from libs.common.db import Database
from libs.common.outbox import Bell

log = logging.getLogger(__name__)

CHANNEL = "outbox"
QUIET_SECONDS = 0.003
REST_SECONDS = 2.0


def forward(bell: Bell, database: Database) -> None:
    """In a web process: pass every ring of `bell` on to the worker, from a thread of its own."""
    if database.dialect == "postgresql":
        threading.Thread(target=_forwarding, args=(bell, _plain(database)), name="doorbell", daemon=True).start()


def _forwarding(bell: Bell, url: str) -> None:
    pause = threading.Event()
    while True:
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
                while True:
                    if bell.wait(60):
                        connection.execute(f"NOTIFY {CHANNEL}")
                        pause.wait(QUIET_SECONDS)
        except psycopg.Error:
            log.info("the doorbell rests; the relay's sweep goes on")
            pause.wait(REST_SECONDS)


def answer(bell: Bell, database: Database, stop: threading.Event) -> None:
    """In a worker: ring `bell` whenever another process rings. Returns when stopped or the connection is lost."""
    with psycopg.connect(_plain(database), autocommit=True, connect_timeout=3) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        while not stop.is_set():
            for _ in connection.notifies(timeout=1, stop_after=1):
                bell.ring()


def _plain(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)
