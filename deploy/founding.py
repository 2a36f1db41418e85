"""The first operator of a platform, whom nobody else can make, and tenants from the command line."""

import os
from collections.abc import Mapping
from pathlib import Path

import uuid_utils.compat as uuids

from libs.common.config import from_env
from services.tenants.config import Config
from services.tenants.domain.person import NewPerson
from services.tenants.domain.tenant import NewTenant
from services.tenants.handlers import passwords
from services.tenants.handlers.founding import create_tenant, found_platform
from services.tenants.main import build


def add_operator(environ: Mapping[str, str], login: str, password: str) -> None:
    """Make the platform's own tenant and its first operator, with the settings of the tenants service.

    The event about it waits in the outbox until a worker runs. Raises what `found_platform` raises.
    """
    service = build(from_env(Config, environ))
    try:
        found_platform(service.units, login=login, password=password)
    finally:
        service.database.close()
        service.units.database.close()


def add_tenant(environ: Mapping[str, str], new: NewTenant, preset: str | None, login: str, password: str) -> None:
    """A tenant with its first admin and, from a preset, its Procedure. Raises what `create_tenant` raises."""
    service = build(from_env(Config, environ))
    admin = NewPerson(
        name=login, login=login, roles=["admin"], language=new.language, password_hash=passwords.hashed(password)
    )
    try:
        with service.units.begin(uuids.uuid7()) as work:
            create_tenant(work, new, admin, preset)
    finally:
        service.database.close()
        service.units.database.close()


def settings() -> dict[str, str]:
    """The environment's, or those of the embedded mode's data folder (REDRESS_DATA, ./data)."""
    if "DATABASE_URL" in os.environ:
        return dict(os.environ)
    from deploy import embedded

    environ = embedded.environment(Path(os.environ.get("REDRESS_DATA", "data")).resolve())
    return environ | embedded.database_urls(environ, "tenants")
