"""The answer to a registered complaint, the same again under the same Idempotency-Key."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, current_app, request

from libs.common.web.idempotency import answered, fingerprint, replayed, requested_key
from services.intake.domain.complaint import NewComplaint
from services.intake.handlers.desk import Desk, Tenant
from services.intake.handlers.registration import Registered, register_complaint, tracking_secret
from services.intake.schemas import RegisteredComplaint
from services.intake.store.registration import RequestKey

OUT = RegisteredComplaint()


def register(desk: Desk, tenant: Tenant, given: NewComplaint) -> Response:
    """Register the complaint and answer 201, or answer again what was answered under this key."""
    key, body, route = requested_key(), fingerprint(), f"{request.method} {request.path}"[:120]
    registered = register_complaint(desk, tenant, given, request=_remembering(key, body, route))
    if registered:
        return answered(_with_secret(desk, tenant, OUT.dump(registered)), 201)
    assert key is not None
    response = replayed(desk.register.answer_of(tenant.tenant_id, route, key), body)
    response.set_data(_with_secret(desk, tenant, current_app.json.loads(response.get_data())))
    return response


def _remembering(key: str | None, body: bytes, route: str) -> Callable[[Registered], RequestKey] | None:
    if key is None:
        return None
    return lambda registered: RequestKey(route, key, body, 201, _content(registered))


def _content(registered: Registered) -> str:
    return current_app.json.dumps(OUT.dump(registered))


def _with_secret(desk: Desk, tenant: Tenant, answer: dict[str, Any]) -> str:
    """The answer with the tracking secret, which is not stored, not even among answers kept for repetitions."""
    secret = tracking_secret(desk, tenant.tenant_id, UUID(answer["complaint_id"]))
    return current_app.json.dumps(answer | {"tracking_secret": secret})
