"""A notice: what it may promise, whether it waits for a time it can name, and when it has lost its point."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from libs.common.procedure.document import Notice, Procedure
from libs.common.procedure.vocabulary import INTERNAL, TRUE_ONCE_ACKNOWLEDGED
from services.notify.domain.templates import slots_of

# The first time limit of a case comes from another service, usually within the second. When none has come by
# then, the case has none that runs, and its notices go out without naming a time.
PATIENCE = timedelta(minutes=5)
COMPLAINANT = "complainant"
PROMISES = frozenset({"deadline", "step"})
MESSAGE = "message"  # of a complainant; it may come after the end
ABOUT_A_LIMIT = frozenset({"warned", "breached", "escalated"})
# Each names a time of its own, not the next one of the case.
KNOWS_ITS_TIME = ABOUT_A_LIMIT | {"extended", "summoned"}
MEANT_AS = {
    "registered": "acknowledgement",
    "result": "result",
    "extended": "extension",
    "waiting": "waiting",
    "reopened": "reopened",
    "survey": "survey",
}
PREVENTION = {"zh-Hans": "预防措施：", "zh-Hant": "預防措施：", "en": "So that it does not happen again: "}


def not_named_to(recipient: str) -> tuple[str, ...]:
    """The milestones by when which nothing is named to them: a complainant is not told the house's own."""
    return (*TRUE_ONCE_ACKNOWLEDGED, *INTERNAL) if recipient == COMPLAINANT else TRUE_ONCE_ACKNOWLEDGED


@dataclass(frozen=True)
class Promise:
    """What happens next in a case, and by when (UTC). `limit_id` None: no limit of the Procedure sets that time."""

    limit_id: str | None
    ends_at: datetime


def next_promise(running: Iterable[Promise], now: datetime) -> Promise | None:
    """The earliest limit that is still to be kept; one already passed only when there is no other."""
    return min(running, key=lambda promise: (promise.ends_at <= now, promise.ends_at), default=None)


def waits_for_promise(notice: Notice, procedure: Procedure) -> bool:
    """Whether the notice names the next step or its time, and the Procedure has limits that may tell them."""
    if notice.on in KNOWS_ITS_TIME or not procedure.limits:
        return False
    used = (template for channel, template in notice.templates.items() if channel in notice.channels)
    texts = (text for template in used for text in (*template.body.values(), *(template.subject or {}).values()))
    return any(slots_of(text) & PROMISES for text in texts)


def pointless(kind: str, to: str, *, closed: bool, limit_over: bool) -> str | None:
    """Why a notice that is still to be sent need not be sent any more; None when it does.

    `limit_over`: the limit it is about was kept, or applies no longer. Complainants are always told.
    """
    if to == "complainant":
        return None
    if closed and kind != MESSAGE:
        return "the case is closed"
    if kind in ABOUT_A_LIMIT and limit_over:
        return "the limit no longer runs"
    return None


def result_of(text: str, prevention: str | None, language: str) -> str:
    """The result as the complainant reads it: what was done, and on a line of its own how it will not happen again."""
    return f"{text}\n{PREVENTION.get(language, PREVENTION['en'])}{prevention}" if prevention else text


def meaning(kind: str) -> str:
    """What the occasion is called in events: acknowledgement, result, survey …; for the rest, alert."""
    return MEANT_AS.get(kind, "alert")


def audience(to: str) -> str:
    """complainant or staff."""
    return "complainant" if to == "complainant" else "staff"


def is_urgent(procedure: Procedure, urgency: str) -> bool:
    """The first of several urgencies is the one that justifies disturbing people at night (NO-3)."""
    return len(procedure.urgencies) > 1 and procedure.urgencies[0].id == urgency
