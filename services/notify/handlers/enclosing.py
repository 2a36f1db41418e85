"""What a notice has to tell at the moment of sending: the time it may name, and the alerts that a digest encloses."""

from datetime import datetime

from services.notify.domain.notice import Promise, next_promise, not_named_to, pointless
from services.notify.handlers.desk import Desk
from services.notify.handlers.gathering import sealed
from services.notify.handlers.wording import Letter
from services.notify.store import Store
from services.notify.store.rows import Row


def gathered_letters(desk: Desk, claimed: Row, now: datetime) -> tuple[Letter, ...]:
    """What goes with this digest, in the order it happened; what has lost its point meanwhile is left out."""
    with desk.units.begin(claimed["tenant_id"]) as work:
        alerts = sealed(work, claimed["notice_id"])
    with desk.units.read(claimed["tenant_id"]) as store:
        opened = [(alert, _alert(store, alert, now)) for alert in alerts if alert["reason"] is None]
    over = {alert["notice_id"]: reason for alert, (_, reason) in opened if reason}
    if over:
        with desk.units.begin(claimed["tenant_id"]) as work:
            for notice_id, reason in over.items():
                work.store.notices.change(notice_id, reason=reason)
    return tuple(letter for _, (letter, reason) in opened if reason is None)


def _alert(store: Store, alert: Row, now: datetime) -> tuple[Letter, str | None]:
    case, tenant = store.cases.find(alert["complaint_id"]), store.known.tenant()
    assert case is not None and tenant is not None
    promise, over = promise_of(store, alert, now)
    reason = pointless(alert["kind"], alert["recipient"], closed=case["closed_at"] is not None, limit_over=over)
    return Letter(alert, case, tenant, store.procedures.version(case["procedure_version"]), promise), reason


def promise_of(store: Store, notice: Row, now: datetime) -> tuple[Promise | None, bool]:
    """What the notice may name as next, and whether the limit it is about is over."""
    complaint_id, limit_id = notice["complaint_id"], notice["limit_id"]
    if notice["ends_at"] is None:
        return next_promise(store.cases.promises(complaint_id, not_named_to(notice["recipient"])), now), False
    over = limit_id is not None and store.cases.limit_is_over(complaint_id, limit_id)
    return Promise(limit_id, notice["ends_at"]), over
