"""Closed cases that were kept as long as the Procedure says (SL-8, PR-3)."""

from libs.common.events.sla import RetentionEnded
from libs.common.unit_of_work import Work
from services.sla.store import Store


def end_retentions_due(work: Work[Store], limit: int) -> int:
    """Say of up to `limit` cases, once, that their retention has ended; returns of how many."""
    kept = work.store.retentions.take_due(work.now, limit)
    for each in kept:
        work.record(
            RetentionEnded(
                tenant_id=work.tenant_id,
                subject=each.complaint_id,
                occurred_at=work.now,
                closed_at=each.closed_at,
            )
        )
    work.store.retentions.finish([each.complaint_id for each in kept])
    return len(kept)
