"""Operators of the platform let tenants in and see which there are (PO-5)."""

from typing import Any
from uuid import UUID, uuid5

import uuid_utils.compat as uuids
from flask import Response

from libs.common.unit_of_work import Work
from libs.common.web.access import OPERATOR, Blueprint, principal
from libs.common.web.idempotency import once, requested_key
from services.tenants import schemas
from services.tenants.api.answers import page, shown_once
from services.tenants.domain.person import NewPerson
from services.tenants.domain.tenant import NewTenant
from services.tenants.handlers import passwords
from services.tenants.handlers.founding import ADMIN, create_tenant
from services.tenants.handlers.gate import Gate
from services.tenants.store import Store


def blueprint(gate: Gate) -> Blueprint:
    api = Blueprint("tenants", access=OPERATOR, url_prefix="/v1/tenants")

    @api.route("", methods=["POST"])
    @api.arguments(schemas.TenantForm())
    @api.alt_response(201, schema=schemas.TenantMade())
    def create(form: dict[str, Any]) -> Response:
        """A new tenant with its first admin. A password that was not given is made up and shown this once."""
        preset, first = form.pop("preset", None), form.pop("admin")
        given = first.pop("password", None)
        password = given or passwords.generated()
        admin = NewPerson(**first, roles=[ADMIN], password_hash=passwords.hashed(password))

        def let_in(work: Work[Store]) -> dict[str, Any]:
            return create_tenant(work, NewTenant(**form), admin, preset)

        made = once(gate.units, _new_tenant_id(), let_in, schemas.TenantMade(), 201)
        return made if given else shown_once(made, password=password)

    @api.route("")
    @api.arguments(schemas.PageBySlug(), location="query")
    @api.response(200, schemas.TenantList())
    def listed(wanted: dict[str, Any]) -> dict[str, Any]:
        """All tenants by slug."""
        return page(gate.tenants.page(wanted["cursor"], wanted["limit"] + 1), wanted["limit"], "slug")

    return api


def _new_tenant_id() -> UUID:
    """Answers are remembered under the tenant they belong to. So under an Idempotency-Key the new tenant's id
    follows from the key: the same request finds its answer again."""
    key = requested_key()
    return uuid5(principal().tenant_id, key) if key else uuids.uuid7()
