"""Tenants join the platform; the platform's own is the first (PO-5)."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.tenants import TenantCreated
from libs.common.procedure import presets
from libs.common.unit_of_work import UnitsOfWork, Work
from services.tenants.domain.mistakes import AlreadyTaken, FieldMistake, NotAcceptable, not_among
from services.tenants.domain.naming import one_line
from services.tenants.domain.person import OPERATOR, NewPerson
from services.tenants.domain.tenant import PLATFORM, NewTenant, mistakes_in
from services.tenants.handlers import passwords
from services.tenants.handlers.people import add_person
from services.tenants.handlers.procedures import propose, publish_procedure
from services.tenants.store import Store
from services.tenants.store.tenant import SlugTaken

ADMIN = "admin"


def create_tenant(work: Work[Store], new: NewTenant, admin: NewPerson, preset: str | None = None) -> dict[str, Any]:
    """A new tenant with its first admin and, from a preset, its first Procedure; `work` is for its new id.

    Returns the tenant with `admin_id`. Raises NotAcceptable, AlreadyTaken for a slug in use.
    """
    mistakes = list(mistakes_in(new))
    if preset is not None and preset not in presets.names():
        mistakes.append(("preset", not_among(preset, presets.names())))
    if ADMIN not in admin.roles:
        mistakes.append(("admin/roles", f"the first person of a tenant has the role {ADMIN}"))
    tenant = _add(work, new, mistakes)
    if preset is not None:
        publish_procedure(work, propose(presets.load(preset)), accept_warnings=True)  # its people come later
    return tenant | {"admin_id": add_person(work, admin, under="#/admin")}


def found_platform(
    units: UnitsOfWork[Store], *, login: str, password: str, name: str = "Operator", language: str = "en"
) -> UUID:
    """The tenant whose people operate the platform, with its first operator; returns the tenant's id.

    Raises NotAcceptable, AlreadyTaken when the platform has its tenant already.
    """
    operator = NewPerson(name=name, login=login, roles=[OPERATOR], password_hash=passwords.hashed(password))
    platform = NewTenant(slug=PLATFORM, name="Redress", kind=PLATFORM, language=language, time_zone="UTC", country="CN")
    with units.begin(uuids.uuid7()) as work:
        _add(work, platform, list(mistakes_in(platform)))
        add_person(work, operator)
        return work.tenant_id


def _add(work: Work[Store], new: NewTenant, mistakes: list[FieldMistake]) -> dict[str, Any]:
    if mistakes:
        raise NotAcceptable.of(mistakes)
    values = asdict(new) | {"name": one_line(new.name)}
    try:
        work.store.tenant.add(**values, created_at=work.now)
    except SlugTaken as taken:
        say = f"{new.slug} is another tenant's; choose another name"
        raise AlreadyTaken.of([("slug", say)]) from taken
    work.record(TenantCreated(tenant_id=work.tenant_id, subject=work.tenant_id, occurred_at=work.now, **values))
    return values | {"tenant_id": work.tenant_id, "created_at": work.now}
