"""What supervisors said of complainants (IN-11)."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from libs.common.tenancy import TenantConnection, theirs
from services.intake.domain.standing import KnownBy, Standing
from services.intake.tables import standings, tenants

COLUMNS = tuple(standings.c[field.name] for field in fields(Standing))
# A print that the person did not leave is none of anybody's: null equals nothing.
SAID_OF = (
    select(*COLUMNS)
    .where(
        theirs(standings),
        (standings.c.phone_print == bindparam("phone_print")) | (standings.c.email_print == bindparam("email_print")),
    )
    .order_by(standings.c.set_at.desc(), standings.c.standing_id)
)


class Standings:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take_turn(self) -> None:
        """One at a time, until the transaction ends: nobody is given two standings at once."""
        self._rows.first(tenants, to_change=True)

    def of(self, person: KnownBy) -> list[Standing]:
        """All that was ever said of this person, the newest first."""
        return [Standing(**row) for row in self._rows.all(SAID_OF, **person.__dict__)]

    def add(self, standing: Standing, person: KnownBy) -> None:
        values: Mapping[str, Any] = {**standing.__dict__, **person.__dict__}
        self._rows.insert(standings, **values)

    def lift(self, standing_id: UUID, **values: Any) -> None:
        self._rows.change(standings, values, standing_id=standing_id)
