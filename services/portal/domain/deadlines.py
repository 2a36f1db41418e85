"""How a due time stands at a moment (SL-3, SL-4)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

ENDED = ("met", "met_late", "stopped")


def moment(text: str | None) -> datetime | None:
    """An ISO 8601 time as an aware datetime; None for no time or one that cannot be read."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return read if read.tzinfo else None


def standing(item: Mapping[str, Any], now: datetime) -> str:
    """`breached`, `near`, `on_time`, or `none` when nothing is due. A due time that has passed is a breach
    even while its event is still on the way."""
    due_at = moment(item.get("next_due_at"))
    if item.get("breached") or (due_at and due_at < now):
        return "breached"
    if item.get("near_limit"):
        return "near"
    return "on_time" if due_at else "none"


def clock_standing(clock: Mapping[str, Any], now: datetime) -> str:
    """As `standing`, for one clock: also `paused`, and `met`, `met_late` and `stopped` for those that have ended."""
    state = str(clock.get("state"))
    if state in (*ENDED, "paused"):
        return state
    due_at = moment(clock.get("due_at"))
    if state == "breached" or (due_at and due_at < now):
        return "breached"
    warn_at = moment(clock.get("warn_at"))
    return "near" if state == "warned" or (warn_at and warn_at <= now) else "on_time"


def by_urgency(clocks: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Running clocks first, the earliest due on top; ended ones after, in the order they were due."""
    return sorted(clocks, key=lambda clock: (clock.get("state") in ENDED, str(clock.get("due_at") or "~")))
