"""When each version of the tenant's Procedure was published and by whom; the documents are in `procedures`."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection, theirs
from services.tenants.tables import plumbing, publications

procedures = plumbing.procedures
NEWEST = select(func.max(publications.c.version)).where(theirs(publications))
OF_VERSION = select(procedures).where(theirs(procedures), procedures.c.version == bindparam("version"))


class Publications:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, version: int, published_at: datetime, published_by: UUID | None) -> None:
        self._rows.insert(publications, version=version, published_at=published_at, published_by=published_by)

    def newest(self) -> int:
        """The last version published; 0 when there is none."""
        return self._rows.run(NEWEST).scalar() or 0

    def document(self, version: int) -> dict[str, Any]:
        """{version, active_from, document} of a published version."""
        row = self._rows.run(OF_VERSION, version=version).mappings().one()
        return {**row, "document": json.loads(row["document"])}

    def page(self, before: int | None, limit: int) -> Sequence[RowMapping]:
        """The newest first; `before` is the last version of the page before."""
        same = (procedures.c.tenant_id == publications.c.tenant_id) & (procedures.c.version == publications.c.version)
        wanted = (
            select(publications, procedures.c.active_from)
            .join(procedures, same)
            .where(self._rows.mine(publications))
            .order_by(publications.c.version.desc())
            .limit(limit)
        )
        if before is not None:
            wanted = wanted.where(publications.c.version < before)
        return self._rows.all(wanted)
