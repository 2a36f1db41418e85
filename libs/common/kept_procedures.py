"""A service's own copy of the Procedures that the tenants service published. Versions never change."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, Table, select

from libs.common.events.tenants import ProcedurePublished
from libs.common.inbox import NotYetKnown
from libs.common.plumbing import Plumbing
from libs.common.procedure.document import Procedure
from libs.common.procedure.reading import ProcedureRefused, mapping_from_yaml, read
from libs.common.tenancy import TenantConnection, theirs


class CandidateRefused(Exception):
    """The Procedure to be tried is none, or is not known; `errors` name what is wrong with it and where."""

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__(f"This cannot be tried; mistakes found: {len(errors)}.")
        self.errors = list(errors)


class KeptProcedures:
    """The Procedures of one tenant."""

    def __init__(self, rows: TenantConnection, plumbing: Plumbing) -> None:
        self._rows = rows
        self._table = plumbing.procedures
        self._versions: Sequence[tuple[int, datetime]] | None = None  # a store lives for one transaction
        self._procedures: dict[int, Procedure] = {}

    def keep(self, event: ProcedurePublished) -> None:
        """Remember a published version."""
        document = json.dumps(event.document, ensure_ascii=False)
        self._rows.insert(self._table, version=event.version, active_from=event.active_from, document=document)
        self._versions = None

    def in_force(self, at: datetime) -> tuple[int, Procedure]:
        """The version for complaints received then; the earliest one for those received before any.

        Raises NotYetKnown when the tenant has published none.
        """
        versions = self.published()
        if not versions:
            raise NotYetKnown("no Procedure is published yet")
        active = [version for version, active_from in versions if active_from <= at]
        version = active[-1] if active else versions[0][0]
        return version, self.version(version)

    def published(self) -> Sequence[tuple[int, datetime]]:
        """Every version that has arrived, with the moment from which it holds; in order."""
        if self._versions is None:
            rows = self._rows.all(_versions(self._table))
            self._versions = [(row["version"], row["active_from"]) for row in rows]
        return self._versions

    def version(self, version: int) -> Procedure:
        """Raises NotYetKnown when that version has not arrived."""
        if version in self._procedures:
            return self._procedures[version]
        row = self._rows.first(self._table, version=version)
        if row is None:
            raise NotYetKnown(f"Procedure version {version}")
        self._procedures[version] = _read(row["document"])
        return self._procedures[version]

    def candidate(self, given: Mapping[str, Any]) -> Procedure:
        """The Procedure of `document` or `yaml`, or the published `version`. Raises CandidateRefused."""
        try:
            if "version" in given:
                return self.version(given["version"])
            return read(mapping_from_yaml(given["yaml"]) if "yaml" in given else given["document"])
        except NotYetKnown as unknown:
            errors = [{"detail": "is not a published version", "pointer": "#/version"}]
            raise CandidateRefused(errors) from unknown
        except ProcedureRefused as refused:
            raise CandidateRefused([mistake.as_error for mistake in refused.mistakes]) from refused


@cache
def _versions(table: Table) -> Select[Any]:
    return select(table.c.version, table.c.active_from).where(theirs(table)).order_by(table.c.version)


@lru_cache(maxsize=512)
def _read(document: str) -> Procedure:
    content: Mapping[str, Any] = json.loads(document)
    return read(content)
