"""Who has to do with a case, as dispatch told."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from libs.common.tenancy import TenantConnection
from services.intake.domain.circle import Circle
from services.intake.tables import circle


class Circles:
    """What is known of a case comes in places: its holders, each department's part, everybody called."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def of(self, complaint_id: UUID) -> Circle:
        this = select(circle).where(self._rows.mine(circle), circle.c.complaint_id == complaint_id)
        rows = self._rows.all(this)
        people = frozenset(UUID(row["member"]) for row in rows if row["kind"] == "person")
        return Circle(people, frozenset(row["member"] for row in rows if row["kind"] == "department"))

    def put(self, complaint_id: UUID, place: str, people: Iterable[UUID | None], departments: Iterable[str]) -> None:
        """In this place these are now, and nobody else."""
        this = self._rows.mine(circle) & (circle.c.complaint_id == complaint_id) & (circle.c.place == place)
        self._rows.execute(circle.delete().where(this))
        self._add(complaint_id, place, "person", {str(each) for each in people if each})
        self._add(complaint_id, place, "department", set(departments))

    def join(self, complaint_id: UUID, place: str, people: Iterable[UUID]) -> None:
        """These too."""
        this = self._rows.mine(circle) & (circle.c.complaint_id == complaint_id) & (circle.c.place == place)
        known = {row["member"] for row in self._rows.all(select(circle.c.member).where(this))}
        self._add(complaint_id, place, "person", {str(each) for each in people} - known)

    def _add(self, complaint_id: UUID, place: str, kind: str, members: set[str]) -> None:
        for member in sorted(members):
            self._rows.insert(circle, complaint_id=complaint_id, place=place, kind=kind, member=member)
