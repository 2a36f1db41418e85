"""The evidence chains. Rows are added, never changed."""

from uuid import UUID

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
            for row in self._rows.of(evidence, evidence.c.n, complaint_id=complaint_id)
        ]
