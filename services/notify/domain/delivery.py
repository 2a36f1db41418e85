"""One notice by one channel: planned → sending → handed → delivered, or failed, or unknown (NO-4).

`due_at` says when it is to be sent next, in whatever state; None means nothing will be sent by itself.
`sending` is stored before the provider is called, so a process that dies leaves a lease that runs out.
Every function answers for every state: what does not apply changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from services.notify.domain.plan import next_attempt

State = Literal["planned", "sending", "handed", "delivered", "failed", "unknown"]
# Longer than the slowest gateway may take, so that a lease never ends under a call still running.
LEASE = timedelta(minutes=3)
LEASE_RAN_OUT = "the process that was sending did not come back"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Where one notice stands on one channel. `attempts` also numbers the attempt that is under way."""

    state: State = "planned"
    attempts: int = 0
    due_at: datetime | None = None
    lease_until: datetime | None = None
    provider_reference: str | None = None
    handed_at: datetime | None = None
    delivered_at: datetime | None = None
    error: str | None = None

    @property
    def needs_person(self) -> bool:
        """It may or may not have arrived, and sending again could tell somebody twice."""
        return self.state == "unknown" and self.due_at is None


def claim(delivery: Delivery, now: datetime) -> Delivery:
    """Take a due delivery for sending until `now` + LEASE. Unchanged when it is not due."""
    if delivery.due_at is None or delivery.due_at > now or delivery.state not in ("planned", "unknown"):
        return delivery
    attempts = delivery.attempts + 1
    return replace(delivery, state="sending", attempts=attempts, due_at=None, lease_until=now + LEASE)


def handed(delivery: Delivery, provider_reference: str, now: datetime) -> Delivery:
    """The provider took it. Counts even from an attempt whose lease ran out: the message is gone."""
    if delivery.state in ("delivered", "failed"):
        return replace(delivery, provider_reference=provider_reference, handed_at=delivery.handed_at or now)
    return replace(
        delivery,
        state="handed",
        due_at=None,
        lease_until=None,
        provider_reference=provider_reference,
        handed_at=delivery.handed_at or now,
        error=None,
    )


def refused(delivery: Delivery, *, attempt: int, permanent: bool, reason: str, now: datetime) -> Delivery:
    """The provider did not take it: tried again later, or failed. A refusal of an older attempt is stale."""
    if delivery.attempts != attempt or delivery.state not in ("sending", "unknown"):
        return delivery
    due_at = next_attempt(attempt, now, permanent)
    state: State = "failed" if due_at is None else "planned"
    return replace(delivery, state=state, due_at=due_at, lease_until=None, error=reason)


def answer_lost(delivery: Delivery, *, attempt: int, reason: str, now: datetime, repeatable: bool) -> Delivery:
    """The provider may have taken it. Sent again only where that does no harm (`repeatable`): mail keeps
    its Message-ID, a provider may know our key. Anything else waits for a person."""
    if delivery.attempts != attempt or delivery.state != "sending":
        return delivery
    due_at = next_attempt(attempt, now, permanent=not repeatable)
    return replace(delivery, state="unknown", due_at=due_at, lease_until=None, error=reason)


def lease_ran_out(delivery: Delivery, now: datetime, *, repeatable: bool) -> Delivery:
    """A delivery left in `sending` past its lease is unknown. Unchanged while the lease holds."""
    if delivery.lease_until is None or delivery.lease_until > now:
        return delivery
    return answer_lost(delivery, attempt=delivery.attempts, reason=LEASE_RAN_OUT, now=now, repeatable=repeatable)


def never_sent(delivery: Delivery, reason: str) -> Delivery:
    """There is no way to send it: failed without an attempt."""
    return replace(delivery, state="failed", due_at=None, lease_until=None, error=reason)


def send_again(delivery: Delivery, now: datetime) -> Delivery:
    """A person looked and decided: due at once. Only for what is unknown or failed."""
    return replace(delivery, state="planned", due_at=now) if delivery.state in ("unknown", "failed") else delivery


def reported(delivery: Delivery, *, arrived: bool, reason: str | None, at: datetime) -> Delivery:
    """What the provider's call-back says; it may come before our own commit, twice, or out of order.

    Arrived is final. A report about something never attempted changes nothing.
    """
    if delivery.attempts == 0 or delivery.state == "delivered":
        return delivery
    if arrived:
        return replace(delivery, state="delivered", due_at=None, lease_until=None, delivered_at=at, error=None)
    if delivery.state == "planned":
        return delivery
    return replace(delivery, state="failed", due_at=None, lease_until=None, error=reason)
