"""What the SMS provider reports about messages it took: arrived, or not (NO-4)."""

from datetime import datetime, timedelta

from services.notify.domain import delivery as ledger
from services.notify.domain.message import DeliveryReport
from services.notify.handlers.desk import Desk
from services.notify.handlers.settling import save
from services.notify.store import Store
from services.notify.store.deliveries import as_delivery
from services.notify.store.rows import Row

KEPT = timedelta(days=3)


def take_report(desk: Desk, report: DeliveryReport) -> None:
    """Mark the delivery. What is about no known delivery is kept: our own record may still be under way."""
    found = desk.reports.whose(report)
    if found is None:
        desk.reports.keep(report)
        found = desk.reports.whose(report)  # recorded in the meantime, when nobody looked for the report
    if found is None:
        return
    tenant_id, delivery_id = found
    with desk.units.begin(tenant_id) as work:
        row = work.store.deliveries.take(delivery_id)
        if row is None:
            return
        before = as_delivery(row)
        after = ledger.reported(before, arrived=report.arrived, reason=report.reason, at=report.reported_at)
        notice = work.store.notices.find(row["notice_id"])
        assert notice is not None
        save(work, row, notice, after, _channels(desk, work.store, notice))


def forget_unclaimed(desk: Desk, now: datetime) -> int:
    """Drop reports that no delivery claimed within KEPT; returns how many."""
    return desk.reports.forget(now - KEPT)


def _channels(desk: Desk, store: Store, notice: Row) -> list[str]:
    """The ways that the Procedure offers for this notice; who is told by them is asked when it is sent."""
    case = store.cases.find(notice["complaint_id"])
    assert case is not None
    procedure = store.procedures.version(case["procedure_version"])
    offered = (channel for each in procedure.notices if each.id == notice["template"] for channel in each.channels)
    return [channel for channel in offered if channel in desk.gateways]
