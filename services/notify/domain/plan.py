"""Which way a notice goes, and when. All times are aware; results are UTC."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

NEEDS_NO_ADDRESS = frozenset({"notice_board"})
QUIET_FROM = time(21)
QUIET_UNTIL = time(8)
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
)

Untold = Literal["do_not_contact", "wants_no_answer", "anonymous", "no_address", "not_offered"]


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the complainant asked for. `answer_by` is their order of channels; empty without a choice."""

    answer_by: Sequence[str] = ()
    anonymous: bool = False
    do_not_contact: bool = False


@dataclass(frozen=True)
class Route:
    """The channels to try, in order. When there are none, `untold` says why (NO-3)."""

    channels: tuple[str, ...]
    untold: Untold | None = None

    @property
    def needs_person(self) -> bool:
        """Nobody is told although they did not ask for silence: a member of staff has to find a way."""
        return self.untold in ("no_address", "not_offered")


def route(wishes: Wishes, *, offered: Sequence[str], addresses: Collection[str]) -> Route:
    """The channels for a complainant, in order.

    `offered` are the Procedure's notice channels in its order, `addresses` the channels for which the
    complainant left one. A choice is kept, never widened; somebody anonymous is told only as they chose
    (IN-5). The notice board needs neither an address nor the Procedure's consent.
    """
    if wishes.do_not_contact:
        return Route((), "do_not_contact")
    if "none" in wishes.answer_by:
        return Route((), "wants_no_answer")
    if wishes.anonymous and not wishes.answer_by:
        return Route((), "anonymous")
    wanted = tuple(dict.fromkeys(wishes.answer_by or offered))
    reachable = [channel for channel in wanted if channel in NEEDS_NO_ADDRESS or channel in addresses]
    if not reachable:
        return Route((), "no_address")
    allowed = NEEDS_NO_ADDRESS.union(offered)
    channels = tuple(channel for channel in reachable if channel in allowed)
    return Route(channels) if channels else Route((), "not_offered")


def next_channel(channels: Sequence[str], tried: Collection[str]) -> str | None:
    """The first channel not tried yet; None when all failed and the notice has (NO-4)."""
    return next((channel for channel in channels if channel not in tried), None)


def allowed_from(
    now: datetime,
    zone: ZoneInfo,
    *,
    urgent: bool,
    owed_by: datetime | None = None,
    quiet_from: time = QUIET_FROM,
    quiet_until: time = QUIET_UNTIL,
) -> datetime:
    """The first moment, not before `now`, at which the complainant may be disturbed (NO-3).

    Quiet hours are local in the tenant's zone, begin included, end excluded; equal bounds mean none. `owed_by`:
    what has to be told before then is told in the night rather than too late; None: it may wait.
    """
    local = now.astimezone(zone)
    if urgent or not _within(local.time(), quiet_from, quiet_until):
        return now.astimezone(UTC)
    day = local.date() if local.time() < quiet_until else local.date() + timedelta(days=1)
    morning = max(now, datetime.combine(day, quiet_until, zone)).astimezone(UTC)
    return now.astimezone(UTC) if owed_by is not None and now < owed_by <= morning else morning


def next_attempt(attempts: int, now: datetime, permanent: bool) -> datetime | None:
    """When to try this channel again after `attempts` tries (1 or more); None gives the channel up."""
    if permanent or attempts > len(PAUSES):
        return None
    return now + PAUSES[max(attempts, 1) - 1]


def _within(moment: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end
