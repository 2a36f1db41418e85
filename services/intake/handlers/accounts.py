"""Channel accounts: the doors a tenant opens for a mailbox or a booking platform (PO-4)."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.unit_of_work import Work
from services.intake.domain import webhooks
from services.intake.domain.acceptance import NO_SUCH_PLACE, NotAccepted
from services.intake.domain.complaint import NotAcceptable
from services.intake.domain.status_address import NotAStatusAddress, check_address
from services.intake.handlers.desk import Desk, NoSuchTenant, Tenant
from services.intake.store import Store

Account = Mapping[Any, Any]


def door_key(token: str) -> str:
    """A door's token is never stored; its digest leads to the tenant."""
    return "door:" + hashlib.sha256(token.encode()).hexdigest()


def open_account(
    desk: Desk, work: Work[Store], tenant: Tenant, form: Mapping[str, Any]
) -> tuple[Account, dict[str, str]]:
    """A new door, and its token and signing secret, which nobody can be shown again. Raises NotAcceptable
    for a place that the tenant does not have, and for an address that no status may be sent to."""
    if mistake := _wrong_address(desk, form):
        raise NotAcceptable([{"detail": str(mistake), "pointer": "#/status_url"}])
    place_id = form.get("place_id")
    if place_id is not None and work.store.known.place_label(place_id) is None:
        raise NotAcceptable.of([NotAccepted("place_id", NO_SUCH_PLACE)], tenant.language)
    token, secret = secrets.token_urlsafe(24), webhooks.new_secret(secrets.token_bytes(32))
    account_id, key = uuids.uuid7(), desk.seal.new_person_key(work.tenant_id)
    account = {
        "account_id": account_id,
        "kind": form["kind"],
        "platform": form.get("platform"),
        "address": form.get("address"),
        "place_id": place_id,
        "created_at": work.now,
        "status_url": form.get("status_url"),
    }
    sealed = desk.seal.seal(key, work.tenant_id, account_id, "secret", secret)
    work.store.accounts.add(door_key(token), **account, key=key, secret=sealed)
    return account, {"door": token, "secret": secret}


def _wrong_address(desk: Desk, form: Mapping[str, Any]) -> NotAStatusAddress | None:
    """Why nobody could be told there; None for no address, and for a good one (DI-16)."""
    if form.get("status_url") is None:
        return None
    if form["kind"] != "ota":
        return NotAStatusAddress("is for platforms; who writes a mail is answered by mail")
    try:
        check_address(form["status_url"], private=desk.private_addresses)
    except NotAStatusAddress as mistake:
        return mistake
    return None


def account_behind(desk: Desk, tenant: Tenant, account_id: UUID | None, kind: str, platform: str | None) -> Account:
    """The account whose door was used. Raises NoSuchTenant when the door is for something else; a door
    opened without a platform is for all of them."""
    with desk.units.read(tenant.tenant_id) as store:
        account = store.accounts.find(account_id) if account_id else None
    if account is None or account["kind"] != kind or account["platform"] not in (None, platform):
        raise NoSuchTenant
    return account


def check_signature(desk: Desk, tenant: Tenant, account: Account, headers: Mapping[str, str], body: bytes) -> None:
    """Raises webhooks.BadSignature unless the raw body was signed with the account's secret, now."""
    key, account_id = account["key"], account["account_id"]
    secret = desk.seal.open(key, tenant.tenant_id, account_id, "secret", account["secret"])
    webhooks.verify([secret], headers, body, desk.clock.now())
