"""`Idempotency-Key` (IETF draft): the same key gives the same answer, another body under it is refused.

The key is a row in the transaction of the effect, so it cannot be stored without it nor the effect without it.
Only answers that were committed are kept, for 72 hours.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, abort, current_app, request
from marshmallow import Schema
from sqlalchemy import Table
from sqlalchemy.engine import Connection

from libs.common.many_rows import LEFT_ALONE, insert_many
from libs.common.tenancy import TenantConnection
from libs.common.unit_of_work import UnitsOfWork, Work

StoreT = TypeVar("StoreT")


def requested_key() -> str | None:
    """The header's value without the quotes of a structured-field string; None when absent. 400 when unusable."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    key = key.strip().strip('"')
    if not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        abort(400, description="Idempotency-Key must be 1 to 255 printable ASCII characters.")
    return key


def fingerprint() -> bytes:
    return hashlib.sha256(request.get_data(cache=True)).digest()


def answered(content: str, status: int) -> Response:
    return current_app.response_class(content, status, content_type="application/json")


def replayed(row: Mapping[str, Any], body_sha256: bytes) -> Response:
    """The stored answer again; 422 when the body was another one."""
    if bytes(row["body_sha256"]) != body_sha256:
        abort(422, description="This Idempotency-Key was used with another body; take a new key.")
    response = answered(row["response"], row["status"])
    response.headers["Idempotency-Replayed"] = "true"
    return response


def once(
    units: UnitsOfWork[StoreT],
    tenant_id: UUID,
    run: Callable[[Work[StoreT]], Any],
    schema: Schema,
    status: int = 200,
) -> Response:
    """Carry out `run` in a unit of work and answer with `schema`; under a known key answer as before."""
    key, body = requested_key(), fingerprint()
    route = f"{request.method} {request.path}"[:120]
    with units.transaction() as transaction:
        work = transaction.work_for(tenant_id)
        keys, rows = units.plumbing.idempotency, TenantConnection(transaction.connection, tenant_id)
        if key and not _claim(transaction.connection, keys, tenant_id, route, key, body, work.now):
            return replayed(rows.only(keys, route=route, key=key), body)
        answer = run(work)
        content = current_app.json.dumps(schema.dump(answer))
        if key:
            rows.change(keys, {"status": status, "response": content}, route=route, key=key)
    return answered(content, status)


def _claim(connection: Connection, keys: Table, tenant_id: UUID, route: str, key: str, body: bytes, now: Any) -> bool:
    """True for the first; waits for one that is under way (up to the lock time-out)."""
    row = {
        "tenant_id": tenant_id,
        "route": route,
        "key": key,
        "body_sha256": body,
        "status": 0,
        "response": "",
        "created_at": now,
    }
    return insert_many(connection, keys, [row], LEFT_ALONE) == 1
