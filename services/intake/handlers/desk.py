"""What every handler of intake has at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.common.auth import Issuer
from libs.common.clock import Clock
from libs.common.privacy.sealing import Seal
from libs.common.procedure.document import Procedure
from libs.common.unit_of_work import UnitsOfWork
from services.intake.domain.handback import Answer
from services.intake.store import Store
from services.intake.store.registration import Register
from services.intake.store.tenant import Doors


class NoSuchTenant(Exception):
    """Nobody takes complaints under this name."""


class NoSuchComplaint(Exception):
    """There is no complaint with this number and secret, or this id."""


class NoSuchReference(Exception):
    """The complaint has no such outside reference."""


class Files(Protocol):
    """Keeps evidence files by tenant and digest."""

    def keep(self, tenant_id: UUID, sha256: str, content: bytes) -> None: ...

    def fetch(self, tenant_id: UUID, sha256: str) -> bytes:
        """Raises NotAsKept when it is not there with this digest."""
        ...


class Addresses(Protocol):
    """Tells those who sent complaints on."""

    def tell(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer: ...


@dataclass(frozen=True)
class Tenant:
    """The tenant whose door was used, with the rules in force now."""

    tenant_id: UUID
    language: str
    zone: ZoneInfo
    country: str
    procedure: Procedure


@dataclass(frozen=True)
class Desk:
    units: UnitsOfWork[Store]
    register: Register
    doors: Doors
    issuer: Issuer
    seal: Seal
    files: Files
    addresses: Addresses
    private_addresses: bool  # whether statuses may be sent into our own network
    clock: Clock
