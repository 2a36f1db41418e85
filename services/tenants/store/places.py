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
        self._rows.insert(places, **values)
        try:
            self._rows.flush()
        except IntegrityError as failure:
            raise PlaceTaken from failure

    def find(self, place_id: UUID) -> dict[str, Any] | None:
        return self._rows.first(places, place_id=place_id)

    def all(self) -> list[dict[str, Any]]:
        return self._rows.of(places, places.c.label)

    def page(self, after: UUID | None, limit: int) -> Sequence[RowMapping]:
        """By label; `after` is the last place of the page before."""
        wanted = select(places).where(self._rows.mine(places)).order_by(places.c.label).limit(limit)
        if after is not None:
            last = select(places.c.label).where(self._rows.mine(places), places.c.place_id == after)
            wanted = wanted.where(places.c.label > last.scalar_subquery())
        return self._rows.all(wanted)
