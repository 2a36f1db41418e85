"""API keys for a tenant's own programs, kept by its admins (PO-4)."""

from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import Work
from libs.common.web.access import ADMIN, Blueprint, principal
from libs.common.web.idempotency import once
from services.tenants import schemas
from services.tenants.api.answers import page, shown_once
from services.tenants.handlers.api_keys import add_key, new_key, revoke_key
from services.tenants.handlers.gate import Gate
from services.tenants.store import Store


def blueprint(gate: Gate) -> Blueprint:
    api = Blueprint("api-keys", access=ADMIN, url_prefix="/v1/api-keys")

    @api.route("", methods=["POST"])
    @api.arguments(schemas.KeyForm())
    @api.alt_response(201, schema=schemas.KeyMade())
    def add(form: dict[str, Any]) -> Response:
        """A new key; it is in this answer and nowhere after."""
        key = new_key()

        def add_it(work: Work[Store]) -> dict[str, Any]:
            return add_key(work, form["name"], form["scopes"], key)

        made = once(gate.units, principal().tenant_id, add_it, schemas.KeyOut(), 201)
        return shown_once(made, api_key=key)

    @api.route("")
    @api.arguments(schemas.Page(), location="query")
    @api.response(200, schemas.KeyList())
    def listed(wanted: dict[str, Any]) -> dict[str, Any]:
        """The tenant's keys, also the revoked ones."""
        with gate.units.read(principal().tenant_id) as store:
            rows = store.api_keys.page(wanted["cursor"], wanted["limit"] + 1)
        return page(rows, wanted["limit"], "key_id")

    @api.route("/<uuid:key_id>", methods=["DELETE"])
    @api.response(204)
    def revoke(key_id: UUID) -> None:
        """Revoke a key."""
        with gate.units.begin(principal().tenant_id) as work:
            revoke_key(work, key_id)

    return api
