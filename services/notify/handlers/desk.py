"""What the handlers that send and take reports have at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from libs.common.clock import Clock
from libs.common.unit_of_work import UnitsOfWork
from services.notify.domain.contact import Contact
from services.notify.domain.message import Gateway
from services.notify.domain.restraint import Restraint
from services.notify.store import Store
from services.notify.store.reports import Reports


class AddressBook(Protocol):
    """Knows where somebody can be reached: a complainant by complaint id, a member of staff by person id."""

    def contact(self, tenant_id: UUID, subject_id: UUID, /) -> Contact:
        """Raises NotReachableNow, NobodyThere."""


@dataclass(frozen=True)
class Desk:
    """`units` are the worker's. `gateways` by channel; `sms_signature` None: each tenant's own name."""

    units: UnitsOfWork[Store]
    reports: Reports
    complainants: AddressBook
    staff: AddressBook
    gateways: Mapping[str, Gateway]
    restraint: Restraint
    clock: Clock
    public_url: str
    sms_signature: str | None = None
