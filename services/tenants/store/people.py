"""The staff of one tenant."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from libs.common.tenancy import TenantConnection, theirs
from services.tenants.tables import people

ACTIVE = select(people.c.person_id, people.c.name, people.c.roles, people.c.departments).where(
    theirs(people), people.c.active
)


class LoginTaken(Exception):
    """Somebody else of the tenant has this login."""


class People:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        """Raises LoginTaken."""
        self._rows.insert(people, **values)
        try:
            self._rows.flush()
        except IntegrityError as failure:
            raise LoginTaken from failure

    def find(self, person_id: UUID) -> dict[str, Any] | None:
        return self._rows.first(people, person_id=person_id)

    def find_and_hold(self, person_id: UUID) -> dict[str, Any] | None:
        """The person as of now; whoever wants to change them waits until this transaction ends."""
        return self._rows.first(people, to_change=True, person_id=person_id)

    def by_login(self, login: str) -> dict[str, Any] | None:
        return self._rows.first(people, login=login)

    def active(self) -> Sequence[RowMapping]:
        """Those who work there now, without their addresses."""
        return self._rows.all(ACTIVE)

    def change(self, person_id: UUID, **values: Any) -> None:
        self._rows.change(people, values, person_id=person_id)

    def page(self, after: UUID | None, limit: int) -> Sequence[RowMapping]:
        """In the order they were added; `after` is the last person of the page before."""
        wanted = select(people).where(self._rows.mine(people)).order_by(people.c.person_id).limit(limit)
        if after is not None:
            wanted = wanted.where(people.c.person_id > after)
        return self._rows.all(wanted)
