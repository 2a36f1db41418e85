"""Who has to do with a case, as dispatch told."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam

from libs.common.tenancy import TENANT, TenantConnection, theirs
from services.intake.domain.circle import Circle
from services.intake.tables import circle

Members = set[tuple[str, str]]

EMPTIED = circle.delete().where(
    theirs(circle), circle.c.complaint_id == bindparam("complaint_id"), circle.c.place == bindparam("place")
)


class Circles:
    """What is known of a case comes in places: its holders, each department's part, everybody called."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._put: dict[tuple[UUID, str], Members] = {}

    def of(self, complaint_id: UUID) -> Circle:
        self.flush()
        rows = self._rows.of(circle, complaint_id=complaint_id)
        people = frozenset(UUID(row["member"]) for row in rows if row["kind"] == "person")
        return Circle(people, frozenset(row["member"] for row in rows if row["kind"] == "department"))

    def put(self, complaint_id: UUID, place: str, people: Iterable[UUID | None], departments: Iterable[str]) -> None:
        """In this place these are now, and nobody else; written when `flush` comes, with those of other cases."""
        members = {("person", str(each)) for each in people if each}
        self._put[complaint_id, place] = members | {("department", each) for each in departments}

    def join(self, complaint_id: UUID, place: str, people: Iterable[UUID]) -> None:
        """These too."""
        self.flush()
        rows = self._rows.of(circle, complaint_id=complaint_id, place=place)
        known = {(row["kind"], row["member"]) for row in rows}
        self._add(complaint_id, place, {("person", str(each)) for each in people} - known)

    def flush(self) -> None:
        """Write what was put, in one order, so that no two transactions wait for each other in a circle."""
        put, self._put = self._put, {}
        if not put:
            return
        places = sorted(put)
        tenant_id = self._rows.tenant_id
        self._rows.execute(
            EMPTIED, [{TENANT: tenant_id, "complaint_id": this, "place": place} for this, place in places]
        )
        for complaint_id, place in places:
            self._add(complaint_id, place, put[complaint_id, place])

    def _add(self, complaint_id: UUID, place: str, members: Members) -> None:
        for kind, member in sorted(members):
            self._rows.insert(circle, complaint_id=complaint_id, place=place, kind=kind, member=member)
