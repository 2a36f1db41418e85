"""A service, put together: what `main.build` returns and what a web process or a worker runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from libs.common.clock import Clock
from libs.common.db import Database
from libs.common.inbox import Inbox
from libs.common.outbox import Bell
from libs.common.plumbing import Plumbing
from libs.common.unit_of_work import UnitsOfWork


@dataclass(frozen=True)
class Job:
    """Timed work: `run` does what is due and returns how much it did; it is called again at once while it
    finds work, and when it finds none after `every` seconds or when its bell rings."""

    name: str
    run: Callable[[], int]
    every: float
    bell: Bell | None = None


@dataclass(frozen=True)
class Service:
    name: str
    app: Flask
    database: Database
    plumbing: Plumbing
    units: UnitsOfWork[Any]
    inbox: Inbox[Any]
    clock: Clock
    relay_bell: Bell
    inbox_bell: Bell = field(default_factory=Bell)
    jobs: tuple[Job, ...] = ()
