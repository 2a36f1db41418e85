"""The evidence chains. Rows are added, never changed."""

from uuid import UUID

from sqlalchemy import select

from libs.common.tenancy import TenantConnection
from services.dispatch.domain.chain import Link, Step
from services.dispatch.tables import evidence


class Evidence:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, kept: Link) -> None:
        self._rows.insert(evidence, **kept.step.__dict__, prev=kept.prev, hash=kept.hash)

    def of(self, complaint_id: UUID) -> list[Link]:
        """The case's chain, in the order of its numbers."""
        rows = self._rows.all(
            select(evidence)
            .where(self._rows.mine(evidence), evidence.c.complaint_id == complaint_id)
            .order_by(evidence.c.n)
        )
        return [
            Link(
                Step(
                    complaint_id=row["complaint_id"],
                    n=row["n"],
                    at=row["at"],
                    actor=row["actor"],
                    action=row["action"],
                    details=row["details"],
                    words=row["words"],
                ),
                bytes(row["prev"]),
                bytes(row["hash"]),
            )
            for row in rows
        ]
