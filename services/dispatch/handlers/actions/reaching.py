"""A member of staff reaches a milestone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.dispatch.handlers.handling import Handling
from services.dispatch.handlers.reaching import mark_reached


def reach(
    handling: Handling,
    milestone: str,
    at: datetime,
    *,
    note: str | None = None,
    attachments: Sequence[UUID] = (),
) -> None:
    """`at` may lie in the past; `attachments` are files that intake keeps."""
    work, case, by = handling.work, handling.case, handling.person_id
    mark_reached(work, case, milestone, at, by, note=note, attachments=attachments)
