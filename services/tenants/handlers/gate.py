"""What signing in and asking without signing in have at hand."""

from dataclasses import dataclass

from libs.common.auth import Issuer
from libs.common.clock import Clock
from libs.common.unit_of_work import UnitsOfWork
from services.tenants.store import Store
from services.tenants.store.register import AllTenants, Doors


class NoSuchTenant(Exception):
    """There is no tenant of this name."""


@dataclass(frozen=True)
class Gate:
    units: UnitsOfWork[Store]
    doors: Doors
    tenants: AllTenants
    issuer: Issuer
    clock: Clock
