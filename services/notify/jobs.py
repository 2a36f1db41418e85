"""Timed work: sending what is due, reminding of surveys, and forgetting reports that nobody claimed."""

from collections.abc import Callable

from libs.common import due, telemetry
from libs.common.outbox import Bell
from libs.common.service import Job
from services.notify.domain.survey import cause_of_reminder
from services.notify.handlers.desk import Desk
from services.notify.handlers.reports import forget_unclaimed
from services.notify.handlers.sending import RESERVED, deliver
from services.notify.handlers.surveying import remind
from services.notify.tables import deliveries, surveys

# Partners may be slow; while one hand waits for them, the others go on.
HANDS = 4
# Few, so that a burst is spread over the hands. What one does not get to in time goes to another.
BATCH = 8
REMINDERS_AT_ONCE = 50
MINUTE = 60.0
HOUR = 3600.0


def jobs(desk: Desk, bell: Bell, every: float) -> tuple[Job, ...]:
    """`every`: seconds between two looks without a ring."""
    hands = (Job(f"sending-{number}", sending(desk, bell), every, bell) for number in range(1, HANDS + 1))
    reminders = Job("surveys", reminding(desk), MINUTE)
    return (*hands, reminders, Job("forget-reports", lambda: forget(desk), HOUR))


def sending(desk: Desk, bell: Bell) -> Callable[[], int]:
    """Send what is due, some of each tenant's; returns how much was looked at. Where more may wait, the next
    hand is called."""

    def run() -> int:
        with desk.units.database.read() as connection:
            if not due.anything_due(connection, deliveries, desk.clock.now()):
                return 0
        with desk.units.transaction() as transaction:
            claimed = due.claim(
                transaction.connection,
                deliveries,
                now=transaction.now,
                limit=BATCH,
                lease=RESERVED,
                key="delivery_id",
            )
        if len(claimed) == BATCH:
            bell.ring()
        for row in claimed:
            about = {"tenant": row["tenant_id"], "complaint": row["complaint_id"]}
            with (
                telemetry.about(service="notify", **about),
                telemetry.span("send notice", parent=row["traceparent"], channel=row["channel"]),
            ):
                deliver(desk, row)
        return len(claimed)

    return run


def reminding(desk: Desk) -> Callable[[], int]:
    """Ask again those who have not answered a survey; returns how many were looked at."""

    def run() -> int:
        with desk.units.transaction() as transaction:
            now = transaction.now
            claimed = due.claim(transaction.connection, surveys, now=now, limit=REMINDERS_AT_ONCE, key="survey_id")
            for row in claimed:
                cause = cause_of_reminder(row["survey_id"], row["reminded"])
                remind(transaction.work_for(row["tenant_id"], cause), row)
        return len(claimed)

    return run


def forget(desk: Desk) -> int:
    forget_unclaimed(desk, desk.clock.now())
    return 0
