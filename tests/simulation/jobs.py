"""The loops of the workers: which a story plays, and when each has something to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from libs.common.service import Job, Service
from tests.simulation.happenings import COUNTED_BEFORE, UNANNOUNCED
from tests.simulation.platform import FOUNDED

# The jobs of the workers that a story plays, each by the table whose `due_at` says when there is work for it.
PLAYED = {
    "alarms-1": "alarms",
    "sending-1": "deliveries",
    "handing-back-1": "handbacks",
    "surveys": "surveys",
    "calls": "summons",
    "retention": "retentions",
    "draws": "draws",
    "ledger": "ledger_checks",
}
# Those that count ends again, each by the question that finds something when there is work for it.
ASKED = {"calendars": COUNTED_BEFORE, "announced": UNANNOUNCED}
ANOTHER_HAND = "the same work as that of the first, by another hand"
NOT_PLAYED = {
    **dict.fromkeys(("alarms-2", "sending-2", "sending-3", "sending-4", "handing-back-2"), ANOTHER_HAND),
    "forget-reports": "no provider of a story calls back",
}


class UnknownJob(AssertionError):
    """A worker has a job of which nobody said whether stories play it."""


@dataclass(eq=False)
class Process:
    """One loop of a worker. `due` is when it next has something to do: None for nothing; it rests until `up_at`."""

    name: str
    service: str
    due: Callable[[], datetime | None]
    step: Callable[[], object]
    up_at: datetime = FOUNDED


def played(service: Service) -> list[Job]:
    """Raises UnknownJob."""
    known = PLAYED.keys() | ASKED.keys() | NOT_PLAYED.keys()
    if unknown := [job.name for job in service.jobs if job.name not in known]:
        raise UnknownJob(f"{service.name}: {', '.join(unknown)}")
    return [job for job in service.jobs if job.name not in NOT_PLAYED]
