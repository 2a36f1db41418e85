"""What supervisors said of complainants (IN-11)."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from libs.common.tenancy import TenantConnection
from services.intake.domain.standing import KnownBy, Standing
from services.intake.tables import standings, tenants

COLUMNS = tuple(standings.c[field.name] for field in fields(Standing))


class Standings:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take_turn(self) -> None:
        """One at a time, until the transaction ends: nobody is given two standings at once."""
        self._rows.one(select(tenants.c.tenant_id).where(self._rows.mine(tenants)).with_for_update())

    def of(self, person: KnownBy) -> list[Standing]:
        """All that was ever said of this person, the newest first."""
        prints = {name: value for name, value in person.__dict__.items() if value}
        theirs = or_(*(standings.c[name] == value for name, value in prints.items()))
        newest_first = select(*COLUMNS).order_by(standings.c.set_at.desc(), standings.c.standing_id)
        return [Standing(**row) for row in self._rows.all(newest_first.where(self._rows.mine(standings), theirs))]

    def add(self, standing: Standing, person: KnownBy) -> None:
        values: Mapping[str, Any] = {**standing.__dict__, **person.__dict__}
        self._rows.insert(standings, **values)

    def lift(self, standing_id: UUID, **values: Any) -> None:
        this = self._rows.mine(standings) & (standings.c.standing_id == standing_id)
        self._rows.execute(standings.update().where(this).values(**values))
