"""What is asked about all tenants: who is behind a public name, and which tenants there are."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.engine import RowMapping

from libs.common.db import Database
from services.tenants.tables import doors, tenants

BEHIND = select(doors.c.tenant_id).where(doors.c.slug == bindparam("slug"))


class Doors:
    """Asked before any tenant is known."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def behind(self, slug: str) -> UUID | None:
        """None when no tenant has this name."""
        with self._database.read() as connection:
            return connection.execute(BEHIND, {"slug": slug}).scalar()


class AllTenants:
    """For operators. `database` must be the worker's: only its role sees the row of every tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, after: str | None, limit: int) -> Sequence[RowMapping]:
        """By slug; `after` is the last slug of the page before."""
        wanted = select(tenants).order_by(tenants.c.slug).limit(limit)
        if after is not None:
            wanted = wanted.where(tenants.c.slug > after)
        with self._database.read() as connection:
            return connection.execute(wanted).mappings().all()
