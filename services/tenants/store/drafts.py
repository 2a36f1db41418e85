"""Procedures that are being written: kept as they are, also with mistakes, until they are published or dropped."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from libs.common.tenancy import TenantConnection
from services.tenants.tables import drafts

LISTED = tuple(column for column in drafts.c if column.name not in ("tenant_id", "document"))


class NameTaken(Exception):
    """Another draft of the tenant has this name."""


class Drafts:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, document: Mapping[str, Any], **values: Any) -> None:
        """Raises NameTaken."""
        self._rows.insert(drafts, document=_written(document), **values)
        try:
            self._rows.flush()
        except IntegrityError as failure:
            raise NameTaken from failure

    def find(self, draft_id: UUID, *, to_change: bool = False) -> dict[str, Any] | None:
        """None when the tenant has no such draft. `to_change` keeps it from others until the transaction ends."""
        row = self._rows.first(drafts, to_change=to_change, draft_id=draft_id)
        return {**row, "document": json.loads(row["document"])} if row else None

    def change(self, draft_id: UUID, document: Mapping[str, Any], **values: Any) -> None:
        """Raises NameTaken."""
        try:
            self._rows.change(drafts, {"document": _written(document), **values}, draft_id=draft_id)
        except IntegrityError as failure:
            raise NameTaken from failure

    def drop(self, draft_id: UUID) -> None:
        self._rows.remove(drafts, draft_id=draft_id)

    def page(self, after: UUID | None, limit: int) -> Sequence[RowMapping]:
        """In the order they were begun, without their documents; `after` is the last of the page before."""
        wanted = select(*LISTED).where(self._rows.mine(drafts)).order_by(drafts.c.draft_id).limit(limit)
        if after is not None:
            wanted = wanted.where(drafts.c.draft_id > after)
        return self._rows.all(wanted)


def _written(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)
