"""Properties, buildings and units of one tenant."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from libs.common.tenancy import TenantConnection
from services.tenants.tables import places


class PlaceTaken(Exception):
    """There is a place of this name at this spot."""


class Places:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        """Raises PlaceTaken."""
        try:
            self._rows.execute(places.insert(), [{"tenant_id": self._rows.tenant_id, **values}])
        except IntegrityError as failure:
            raise PlaceTaken from failure

    def find(self, place_id: UUID) -> RowMapping | None:
        return self._rows.one(select(places).where(self._rows.mine(places), places.c.place_id == place_id))

    def all(self) -> Sequence[RowMapping]:
        return self._rows.all(select(places).where(self._rows.mine(places)).order_by(places.c.label))

    def page(self, after: UUID | None, limit: int) -> Sequence[RowMapping]:
        """By label; `after` is the last place of the page before."""
        wanted = select(places).where(self._rows.mine(places)).order_by(places.c.label).limit(limit)
        if after is not None:
            last = select(places.c.label).where(self._rows.mine(places), places.c.place_id == after)
            wanted = wanted.where(places.c.label > last.scalar_subquery())
        return self._rows.all(wanted)
