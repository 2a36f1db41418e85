"""Where a member of staff can be reached: the tenants service knows."""

from uuid import UUID

import msgspec

from services.notify.domain.contact import Contact
from services.notify.gateways.asking import ServiceClient


class _Address(msgspec.Struct):
    language: str
    phone: str | None = None
    email: str | None = None


class Staff:
    def __init__(self, tenants: ServiceClient) -> None:
        self._tenants = tenants

    def contact(self, tenant_id: UUID, person_id: UUID) -> Contact:
        """Raises NotReachableNow, NobodyThere."""
        found = self._tenants.get(tenant_id, f"/v1/people/{person_id}/address", _Address)
        addresses = {"sms": found.phone, "email": found.email}
        return Contact(
            language=found.language,
            addresses={channel: address for channel, address in addresses.items() if address},
        )
