"""Closed cases that were kept as long as the Procedure says (SL-8, PR-3)."""

from collections.abc import Sequence

from libs.common.events.sla import RetentionEnded
from libs.common.unit_of_work import Work
from services.sla.store import Store
from services.sla.store.retentions import Kept


def end_retention(kept: Sequence[Kept], work: Work[Store]) -> int:
    """Say so of one tenant's cases, once; returns of how many."""
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
