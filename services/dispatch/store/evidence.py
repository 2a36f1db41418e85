"""The evidence chains, and the files that may stand in them. Rows are added, never changed."""

from uuid import UUID

from libs.common.tenancy import TenantConnection
from services.dispatch.domain.chain import Link, Step
from services.dispatch.tables import evidence, files


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

    def keep_file(self, complaint_id: UUID, attachment_id: UUID, sha256: str) -> None:
        self._rows.insert(files, complaint_id=complaint_id, attachment_id=attachment_id, sha256=sha256)

    def files(self, complaint_id: UUID) -> dict[UUID, str]:
        """The SHA-256 of the files that staff kept with the complaint, by id."""
        return {row["attachment_id"]: row["sha256"] for row in self._rows.of(files, complaint_id=complaint_id)}
