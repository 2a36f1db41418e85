"""The staff of one tenant."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from libs.common.tenancy import TenantConnection
from services.tenants.tables import people


class LoginTaken(Exception):
    """Somebody else of the tenant has this login."""


class People:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        """Raises LoginTaken."""
        try:
            self._rows.execute(people.insert(), [{"tenant_id": self._rows.tenant_id, **values}])
        except IntegrityError as failure:
            raise LoginTaken from failure

    def find(self, person_id: UUID) -> RowMapping | None:
        return self._rows.one(select(people).where(self._rows.mine(people), people.c.person_id == person_id))

    def find_and_hold(self, person_id: UUID) -> RowMapping | None:
        """The person as of now; whoever wants to change them waits until this transaction ends."""
        this = self._rows.mine(people) & (people.c.person_id == person_id)
        return self._rows.one(select(people).where(this).with_for_update())

    def by_login(self, login: str) -> RowMapping | None:
        return self._rows.one(select(people).where(self._rows.mine(people), people.c.login == login))

    def active(self) -> Sequence[RowMapping]:
        """Those who work there now, without their addresses."""
        shown = (people.c.person_id, people.c.roles, people.c.departments)
        return self._rows.all(select(*shown).where(self._rows.mine(people), people.c.active))

    def change(self, person_id: UUID, **values: Any) -> None:
        this = self._rows.mine(people) & (people.c.person_id == person_id)
        self._rows.execute(people.update().where(this).values(**values))

    def page(self, after: UUID | None, limit: int) -> Sequence[RowMapping]:
        """In the order they were added; `after` is the last person of the page before."""
        wanted = select(people).where(self._rows.mine(people)).order_by(people.c.person_id).limit(limit)
        if after is not None:
            wanted = wanted.where(people.c.person_id > after)
        return self._rows.all(wanted)
