"""Timed work: statuses handed back to those who sent complaints on (DI-16)."""

from collections.abc import Callable

from libs.common import due, telemetry
from libs.common.service import Job
from services.intake.handlers.desk import Desk
from services.intake.handlers.telling import LEASE, hand_back
from services.intake.tables import handbacks

# A partner may take its time; while one hand waits for it, the other goes on.
HANDS = 2
BATCH = 8


def jobs(desk: Desk, every: float) -> tuple[Job, ...]:
    """`every`: seconds between two looks."""
    return tuple(Job(f"handing-back-{number}", handing_back(desk), every) for number in range(1, HANDS + 1))


def handing_back(desk: Desk) -> Callable[[], int]:
    """Tell what is due, some of each tenant's; returns how much was looked at."""

    def run() -> int:
        with desk.units.database.read() as connection:
            if not due.anything_due(connection, handbacks, desk.clock.now()):
                return 0
        with desk.units.transaction() as transaction:
            now = transaction.now
            claimed = due.claim(transaction.connection, handbacks, now=now, limit=BATCH, lease=LEASE, key="handback_id")
        for row in sorted(claimed, key=lambda row: row["handback_id"].bytes):
            about = {"tenant": row["tenant_id"], "complaint": row["complaint_id"]}
            with (
                telemetry.about(service="intake", **about),
                telemetry.span("hand back a status", parent=row["traceparent"]),
            ):
                hand_back(desk, row)
        return len(claimed)

    return run
