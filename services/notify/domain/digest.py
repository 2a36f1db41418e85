"""A digest instead of a flood (SL-3): the first alert of a kind goes at once, the next ones wait and go together.

What nobody may wait for, such as a call to the case or an escalation, is never held back, and nothing of an
urgent case is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

DIGEST = "digest"
WINDOW = timedelta(minutes=10)
# How far back an alert may lie that still decides: in a digest that went at the end of a window.
LOOKED_BACK = 2 * WINDOW
GATHERED = frozenset({"assigned", "warned", "breached"})
SAYS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "assigned": {"zh": "指派给您", "en": "assigned"},
        "warned": {"zh": "临近时限", "en": "limit near"},
        "breached": {"zh": "已超时", "en": "limit passed"},
    }
)


@dataclass(frozen=True)
class Alerted:
    """What was planned for a person: `sent_at` is when it went or will go, alone or in a digest."""

    kind: str
    sent_at: datetime


def waits_until(kind: str, lately: Iterable[Alerted], now: datetime) -> datetime | None:
    """When the digest goes that this alert waits for; None: it goes at once, being the first of its kind within
    WINDOW. `lately` is what the same person was alerted of."""
    if kind not in GATHERED:
        return None
    ends = [each.sent_at + WINDOW for each in lately if each.kind == kind and each.sent_at <= now]
    waiting = [each.sent_at for each in lately if each.kind == kind and each.sent_at > now]
    return min(waiting) if waiting else max((end for end in ends if end > now), default=None)


def line(language: str, kind: str, number: str, step: str | None, until: str | None) -> str:
    """One alert in a digest: the number, what happened, the step and its limit as far as they are known."""
    spoken = "zh" if language.startswith("zh") else "en"
    return " · ".join(filter(None, (number, SAYS[kind][spoken], step, until)))
