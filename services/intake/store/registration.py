"""Registering in one round trip: complaint, complainant and event, unless the key or the origin is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common import tenancy
from libs.common.db import Database
from libs.common.events.intake import ComplaintRegistered
from libs.common.one_statement import Claim, KeyTaken, insert_once
from libs.common.outbox import row_of
from libs.common.telemetry import current_traceparent
from libs.common.tenancy import TenantConnection
from services.intake.tables import complainants, complaints, origins, outside_references, plumbing


class NumberTaken(Exception):
    """Another complaint of the tenant has this number; draw again."""


@dataclass(frozen=True)
class RequestKey:
    """An Idempotency-Key with what it was used for and the answer to give again."""

    route: str
    key: str
    body_sha256: bytes
    status: int
    response: str


class Register:
    """Writes new complaints; used by every door."""

    def __init__(self, database: Database, rang: Callable[[], None]) -> None:
        self._database = database
        self._rang = rang

    def add(
        self,
        complaint: Mapping[str, Any],
        complainant: Mapping[str, Any],
        event: ComplaintRegistered,
        *,
        reference: Mapping[str, Any] | None = None,
        request: RequestKey | None = None,
        origin: tuple[str, datetime | None] | None = None,
    ) -> bool:
        """False, and nothing written, when the request key or the origin is known already.

        Raises NumberTaken; DatabaseAway when nobody knows whether it was written.
        """
        claim = _claim(event, request, origin)
        said = row_of(event, uuids.uuid7(), 1, None, current_traceparent())
        del said["tenant_id"]
        rows = [
            (complaints, complaint),
            (complainants, complainant),
            (plumbing.streams, {"subject": event.subject, "sequence": 1}),
            (plumbing.outbox, said),
            *([(outside_references, reference)] if reference else []),
        ]
        try:
            added = insert_once(self._database, event.tenant_id, claim, rows)
        except KeyTaken as failure:
            if "number" in str(failure):
                raise NumberTaken from failure
            raise
        if added:
            self._rang()
        return added

    def answer_of(self, tenant_id: UUID, route: str, key: str) -> dict[str, Any]:
        """What was answered under a known request key."""
        with self._database.read() as connection:
            tenancy.bind(connection, tenant_id)
            return TenantConnection(connection, tenant_id).only(plumbing.idempotency, route=route, key=key)


def _claim(
    event: ComplaintRegistered, request: RequestKey | None, origin: tuple[str, datetime | None] | None
) -> Claim | None:
    if origin:
        key, revision_at = origin
        return Claim(origins, {"key": key, "complaint_id": event.subject, "revision_at": revision_at})
    if request:
        return Claim(
            plumbing.idempotency,
            {
                "route": request.route,
                "key": request.key,
                "body_sha256": request.body_sha256,
                "status": request.status,
                "response": request.response,
                "created_at": event.occurred_at,
            },
        )
    return None
