"""Tenant admins open doors for mailboxes and platforms (PO-4)."""

from typing import Any

from flask import Response, current_app

from libs.common.web.access import ADMIN, Blueprint, principal
from libs.common.web.idempotency import answered, once
from services.intake import schemas
from services.intake.handlers.accounts import Account, open_account
from services.intake.handlers.desk import Desk
from services.intake.handlers.tenant import KnownTenants


def blueprint(desk: Desk, known: KnownTenants) -> Blueprint:
    api = Blueprint("channel-accounts", access=ADMIN, url_prefix="/v1/channel-accounts")

    @api.route("", methods=["POST"])
    @api.arguments(schemas.AccountForm())
    @api.alt_response(201, schema=schemas.OpenedAccount())
    def add(form: dict[str, Any]) -> Response:
        """A new door; its token and signing secret are in this answer and nowhere after, not in its repetition."""
        tenant = known.tenant(principal().tenant_id)
        shown_once: dict[str, str] = {}

        def open_it(work: Any) -> Account:
            account, secrets = open_account(desk, work, tenant, form)
            shown_once.update(secrets)
            return account

        # What is answered here is kept for repetitions, so the secrets join the answer only afterwards.
        response = once(desk.units, tenant.tenant_id, open_it, schemas.AccountOut(), 201)
        if not shown_once:
            return response
        return answered(current_app.json.dumps(response.get_json() | shown_once), 201)

    @api.route("")
    @api.response(200, schemas.AccountList())
    def listed() -> dict[str, Any]:
        """The tenant's doors, without their secrets."""
        with desk.units.read(principal().tenant_id) as store:
            return {"items": store.accounts.all()}

    return api
