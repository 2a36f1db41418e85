"""The databases of all services, for the operator's commands. Reads plumbing as the worker's role does."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.engine import Connection

from libs.common import tenancy
from libs.common.db import Database, UtcDateTime


class Databases:
    """`template` has `{service}` in it, such as sqlite:////srv/data/{service}.sqlite."""

    def __init__(self, template: str) -> None:
        self.template = template
        self._open: dict[str, Database] = {}

    @classmethod
    def from_env(cls) -> "Databases":
        """REDRESS_DATABASES, else the embedded mode's files in REDRESS_DATA (./data)."""
        data = Path(os.environ.get("REDRESS_DATA", "data")).resolve()
        return cls(os.environ.get("REDRESS_DATABASES", f"sqlite:///{data}/{{service}}.sqlite"))

    def of(self, service: str) -> Database:
        if service not in self._open:
            self._open[service] = Database(self.template.format(service=service), pool_size=2)
        return self._open[service]

    @contextmanager
    def read(self, service: str) -> Iterator[Connection]:
        with self.of(service).read() as connection:
            yield connection

    def tenants(self) -> list[UUID]:
        """Every tenant that ever said anything."""
        with self.read("tenants") as connection:
            rows = connection.execute(text("SELECT DISTINCT tenant_id FROM streams")).scalars()
            return [row if isinstance(row, UUID) else UUID(str(row)) for row in rows]

    def rows(
        self, service: str, statement: str, only: UUID | None = None, **values: object
    ) -> list[tuple[object, ...]]:
        """The answer for every tenant in turn, or `only` one; the statement must ask `tenant_id = :tenant` itself."""
        found: list[tuple[object, ...]] = []
        times = [bindparam(name, type_=UtcDateTime) for name, value in values.items() if isinstance(value, datetime)]
        asked = text(statement).bindparams(bindparam("tenant", type_=Uuid), *times)
        for tenant_id in [only] if only else self.tenants():
            with self.read(service) as connection:
                tenancy.bind(connection, tenant_id)
                answer = connection.execute(asked, {"tenant": tenant_id, **values})
                found += [tuple(row) for row in answer]
        return found

    def column(self, service: str, statement: str, only: UUID | None = None, **values: object) -> list[str]:
        """The first column of that, as text."""
        return [plain(row[0]) for row in self.rows(service, statement, only, **values)]

    def close(self) -> None:
        for database in self._open.values():
            database.close()


def plain(value: object) -> str:
    """Ids read the same from both databases: SQLite keeps UUIDs as 32 hex digits."""
    return value.hex if isinstance(value, UUID) else str(value)
